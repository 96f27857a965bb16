"""YAML text as blocks, one for each document."""

import re

import yaml

from fastgen.merge.structure.blocks import Block, Group, Unreadable, split_trivia
from fastgen.merge.yaml.nodes import value_group
from fastgen.merge.yaml.wording import LOADER

_START = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)
_HEAD = re.compile(r"---[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_SPECIAL = re.compile(r"^(?:%|\.\.\.(?:\s|\Z)|\ufeff)", re.MULTILINE)


def documents_group(text: str) -> Group:
    """`text` as a group of documents. Raises Unreadable if it is not YAML."""
    nodes = _nodes(text)
    starts = [found.start() for found in _START.finditer(text)]
    first = starts[0] if starts else len(text)
    if _is_trivia(text[:first]):
        starts = starts or [len(text)]
    else:
        starts.insert(0, 0)
    if _SPECIAL.search(text) or len(nodes) != len(starts) or not nodes:
        if _is_trivia(text):
            gap, comments = split_trivia(text)
            return Group((), gap=gap, comments=comments)
        return Group((Block("document", (text,)),))
    children = []
    stops = [*starts[1:], len(text)]
    for number, (node, start, stop) in enumerate(
        zip(nodes, starts, stops, strict=True)
    ):
        lead = (
            text[: starts[0]] if number == 0 and text.startswith("---", start) else ""
        )
        children.append(_document(text, node, start, stop, lead, number))
    group = Group(tuple(children))
    assert group.text == text
    return group


def _nodes(text: str) -> list[yaml.Node]:
    try:
        return list(yaml.compose_all(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(line, error.problem or "not YAML") from None
    except yaml.YAMLError as error:
        raise Unreadable(1, str(error).partition("\n")[0]) from None


def _document(
    text: str, node: yaml.Node, start: int, stop: int, lead: str, number: int
) -> Block:
    head = _HEAD.match(text, start)
    at = head.end() if head else start
    group = None
    if head or not text.startswith("---", start):
        group = value_group(text, node, at, stop, depth=0)
    gap, comments = split_trivia(lead)
    return Block(
        f"document {number + 1}",
        (text[start:at], group or text[at:stop]),
        gap=gap,
        comments=comments,
        line=text.count("\n", 0, start) + 1,
        loose=True,
        title="" if number else " ",  # most files have only one
    )


def _is_trivia(text: str) -> bool:
    return all(line.strip()[:1] in ("", "#") for line in text.splitlines())
