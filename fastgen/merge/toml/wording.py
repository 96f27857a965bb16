"""TOML text apart from its quotes, its spaces and its comments."""

import re
import tomllib
from functools import lru_cache

from fastgen.merge.structure.equality import Wording

_TOKENS = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})'
    r'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|(?P<comment>\#[^\n]*)',
    re.DOTALL,
)


def _remarks(text: str) -> list[str]:
    found = _TOKENS.finditer(text) if "#" in text else ()
    return [token["comment"].strip() for token in found if token["comment"]]


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """A key with its value, a value, or a key that waits for its value."""
    text = text.strip()
    if not text:
        return ""
    for document in (text, f"_ = {text}", f"{text} 0"):
        try:
            return repr(tomllib.loads(document))
        except tomllib.TOMLDecodeError:
            continue
    return text


TOML = Wording(_plain, _remarks)
