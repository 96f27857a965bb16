"""TOML text normalized for comparison, without quotes, spaces and comments."""

import re
import tomllib
from functools import lru_cache

from fastgen.merge.structure.blocks import Group, Kind
from fastgen.merge.structure.equality import Wording, text_of_data

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
    """The normalized form of a key with its value, a value, or a key without a
    value."""
    text = _TOKENS.sub(lambda token: "" if token["comment"] else token[0], text).strip()
    if not text:
        return ""
    for document in (text, f"_ = {text}", f"{text} 0"):
        try:
            return text_of_data(tomllib.loads(document))
        except tomllib.TOMLDecodeError:
            continue
    return text


def _is_table(group: Group) -> bool:
    """Whether `group` has keys in any order. In arrays of tables the order counts."""
    if group.kind is Kind.LINES:
        return not any(child.key.startswith("[[") for child in group.children)
    return group.heads == ("{",)


TOML = Wording(_plain, _remarks, _is_table)
