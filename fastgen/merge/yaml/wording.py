"""YAML text normalized for comparison, without quotes, spaces and comments."""

import re
from functools import lru_cache
from textwrap import dedent

import yaml

from fastgen.merge.structure.blocks import Group
from fastgen.merge.structure.equality import Wording, text_of_data

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOKENS = re.compile(
    r'"(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'|(?:(?<=\s)|^)(?P<comment>\#[^\n]*)'
)
_BLOCK_SCALAR = re.compile(r"(?:^|: |- )[|>][+-]?\d?[+-]?[ \t]*(?:#[^\n]*)?\n")
_DASH = re.compile(r"-(?:\s+|\Z)")


def _remarks(text: str) -> list[str]:
    if "#" not in text:
        return []
    if scalar := _BLOCK_SCALAR.search(text):
        text = text[: scalar.end()]  # below it, `#` is part of the text
    found = _TOKENS.finditer(text)
    return [token["comment"].strip() for token in found if token["comment"]]


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """The normalized form of an entry of a mapping or a sequence. The dash is removed,
    because flow style has none."""
    text = _DASH.sub("", dedent(text).strip(), count=1)
    if not text or "&" in text:
        return text
    try:
        data = yaml.load(text, Loader=LOADER)  # noqa: S506  # it is a SafeLoader
    except (yaml.YAMLError, ValueError):
        return text
    return text_of_data(data)


def _is_mapping(group: Group) -> bool:
    return group.heads == ("MappingNode",)


YAML = Wording(_plain, _remarks, _is_mapping)
