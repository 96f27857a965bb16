"""TOML keys and values by character offset, in valid text."""

import re
from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.structure.brackets import Piece, end_of_trivia, grouped

Path = tuple[str, ...]
Parts = tuple[str | Group, ...]

_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})'
    r'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'',
    re.DOTALL,
)
BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?")
_SPACE = re.compile(r"[ \t]*")
_REQUIREMENTS = re.compile(
    r"project\.dependencies|build-system\.requires|tool\.uv\.dev-dependencies"
    r"|(project\.optional-dependencies|dependency-groups)\..+"
)


def parsed_key(text: str, at: int) -> tuple[Path, int]:
    """The parts of the key at `at`, and the offset after its `=` or `]`."""
    path: list[str] = []
    while True:
        at = _end(_SPACE, text, at)
        quoted = _STRING.match(text, at)
        if quoted:
            path.append(quoted[0][1:-1])
            at = quoted.end()
        else:
            stop = _end(BARE, text, at)
            path.append(text[at:stop])
            at = stop
        at = _end(_SPACE, text, at)
        if text[at] != ".":
            break
        at += 1
    while text[at] in "]=":
        at += 1
        if text[at - 1] == "=" or at == len(text):
            break
    return tuple(path), _end(_SPACE, text, at) if text[at - 1] == "=" else at


def value_end(text: str, at: int) -> int:
    """The offset after the value at `at`."""
    if text[at] in "[{":
        return _elements(text, at)[1] + 1
    string = _STRING.match(text, at)
    return string.end() if string else _end(_SCALAR, text, at)


def toml_value_parts(text: str, at: int, end: int, path: Path) -> Parts:
    """The value as text, or split at its brackets. `path` is the path of its key."""
    if text[at] not in "[{":
        return (text[at:end],)
    spans, closer = _elements(text, at)
    is_table = text[at] == "{"
    requirements = bool(_REQUIREMENTS.fullmatch(".".join(path)))
    pieces = []
    for start, stop, comma in spans:
        if is_table:
            key, value = parsed_key(text, start)
            block = Block(
                ".".join(key),
                (
                    text[start:value],
                    *toml_value_parts(text, value, stop, (*path, *key)),
                ),
                order=(".".join(key),),
            )
        else:
            block = _element(text[start:stop], requirements=requirements)
        line = text.count("\n", 0, start) + 1
        pieces.append(Piece(_with(block, comma, line), start, stop))
    group = grouped(text, at, closer, Kind.LIST, pieces)
    return (replace(group, heads=(text[at],)),)


def _with(block: Block, comma: bool, line: int) -> Block:
    return Block(
        block.key,
        block.parts,
        separator="," if comma else "",
        line=line,
        order=block.order,
        stands=block.stands,
        title=block.title,
    )


def _element(text: str, *, requirements: bool) -> Block:
    plain = text[1:-1] if text[0] in "\"'" else " ".join(text.split())
    distribution = _distribution(plain) if requirements else None
    key = distribution or plain
    order = (key.casefold(), key) if text[0] in "\"'" else None
    stands = distribution is not None
    return Block(key, (text,), order=order, stands=stands, title=plain)


def _distribution(text: str) -> str | None:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        return canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        return None


def _elements(text: str, opener: int) -> tuple[list[tuple[int, int, bool]], int]:
    """(start, end, whether a comma follows) for each element, and the offset of the
    closing bracket."""
    spans: list[tuple[int, int, bool]] = []
    at = end_of_trivia(text, opener + 1)
    while text[at] not in "]}":
        value = parsed_key(text, at)[1] if text[opener] == "{" else at
        end = value_end(text, value)
        behind = end_of_trivia(text, end)
        comma = text[behind] == ","
        spans.append((at, behind if comma else end, comma))
        at = end_of_trivia(text, behind + 1) if comma else behind
    return spans, at


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
