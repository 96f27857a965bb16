"""The values of a `.env` file, without expansion of variables."""

import re


def dotenv_values(text: str) -> dict[str, str]:
    """The values of a `.env` by name, including quotes and comments."""
    found = re.findall(r"^\s*(?:export\s+)?(\w+)\s*=[ \t]*(.*)", text, re.MULTILINE)
    return {name: value.strip() for name, value in found}


def unquoted(value: str) -> str:
    """A value of `dotenv_values` without its quotes or its comment."""
    quoted = re.fullmatch(r"""(['"])(.*?)\1\s*(#.*)?""", value)
    return quoted[2] if quoted else re.sub(r"\s+#.*", "", value)
