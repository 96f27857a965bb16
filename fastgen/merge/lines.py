"""Merge of line-based files: .gitignore, .env.example, requirements.txt and the
like."""

import re

from fastgen.merge.structure.blocks import Block, Group, Leaf, Merged, split_trivia
from fastgen.merge.structure.line_hunks import merged_hunk
from fastgen.merge.structure.threeway import merged_texts

_VARIABLE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")
_HEADER = re.compile(r"(?:#[^\n]*\n)+(?=[ \t]*\n)")
_NOTE = re.compile(r"\s+#[^\"']*\Z")
_REQUIREMENT = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:[=<>~!]=|[<>]|@\s)"
)


def merged_lines(base: str, next_: str, user: str) -> Merged:
    """Merge by line. Variables and requirements are matched by name."""
    return merged_texts(base, next_, user, _group)


def _group(text: str) -> Group:
    """`text` as a group of lines. A comment at the top that a blank line follows
    belongs to the whole file."""
    header, text = _header(text)
    children: list[Block] = [header] if header else []
    shift = header.text.count("\n") if header else 0
    trivia = ""
    for number, line in enumerate(text.splitlines(keepends=True), 1 + shift):
        body = line.strip()
        if not body or body.startswith("#"):
            trivia += line
            continue
        gap, comments = split_trivia(trivia)
        trivia = ""
        start, end = line.index(body), line.index(body) + len(body)
        key, note = _key(body), ""
        if key != body and (found := _NOTE.search(body)):
            body, note = body[: found.start()], found[0]
        children.append(
            Block(
                key=key,
                parts=(body,),
                gap=gap,
                comments=comments,
                indent=line[:start],
                note=note,
                end=line[end:],
                line=number,
                order=(body.casefold(), body),
            )
        )
    gap, comments = split_trivia(trivia)
    return Group(tuple(children), gap=gap, comments=comments)


def _header(text: str) -> tuple[Block | None, str]:
    """The comment at the top as a block, and the rest of the text."""
    found = _HEADER.match(text)
    if not found:
        return None, text
    leaf = Leaf(lambda _, user: user, _joined, merged_hunk)
    block = Block("# header", (found[0],), rank=-1, leaf=leaf)
    return block, text[found.end() :]


def _joined(next_: str, user: str) -> str:
    fresh = set(next_.splitlines()) - set(user.splitlines())
    lines = next_.splitlines(keepends=True)
    return user + "".join(line for line in lines if line.rstrip("\n") in fresh)


def _key(line: str) -> str:
    variable = _VARIABLE.match(line)
    if variable:
        return variable[1]
    requirement = _REQUIREMENT.match(line)
    return re.sub(r"[-_.]+", "-", requirement[1]).lower() if requirement else line
