"""Files of lines: .gitignore, .env.example, requirements.txt and the like."""

import re

from fastgen.merge.structure.blocks import Block, Group, Merged, split_trivia
from fastgen.merge.structure.threeway import merged_texts

_VARIABLE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")
_REQUIREMENT = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:[=<>~!]=|[<>]|@\s)"
)


def merged_lines(base: str, next_: str, user: str) -> Merged:
    """Merge by line; a variable and a requirement by their name."""
    return merged_texts(base, next_, user, _group)


def _group(text: str) -> Group:
    children: list[Block] = []
    trivia = ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        body = line.strip()
        if not body or body.startswith("#"):
            trivia += line
            continue
        gap, comments = split_trivia(trivia)
        trivia = ""
        start, end = line.index(body), line.index(body) + len(body)
        children.append(
            Block(
                key=_key(body),
                parts=(body,),
                gap=gap,
                comments=comments,
                indent=line[:start],
                end=line[end:],
                line=number,
                order=(body.casefold(), body),
            )
        )
    gap, comments = split_trivia(trivia)
    return Group(tuple(children), gap=gap, comments=comments)


def _key(line: str) -> str:
    variable = _VARIABLE.match(line)
    if variable:
        return variable[1]
    requirement = _REQUIREMENT.match(line)
    return re.sub(r"[-_.]+", "-", requirement[1]).lower() if requirement else line
