"""Merge by section: Markdown by heading, a Makefile by paragraph.

A section is one leaf: if both sides changed it, they clash. If fastgen removes a
section, the user's own lines in it stay.
"""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from fastgen.merge.structure.blocks import Block, Group, Leaf, Merged
from fastgen.merge.structure.equality import Wording
from fastgen.merge.structure.line_hunks import merged_hunk, only_added
from fastgen.merge.structure.threeway import merged_texts

_HEADING = re.compile(r"#{1,2} ")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_RULE = re.compile(r"([^\s:=?+#][^:=?+#\n]*?)\s*(?::|=|\?=|\+=)")


def merged_markdown(base: str, next_: str, user: str) -> Merged:
    """Merge by section. Headings of the first and second level start a section."""
    return merged_texts(base, next_, user, _markdown, wording=_PROSE)


def merged_makefile(base: str, next_: str, user: str) -> Merged:
    """Merge by paragraph. A paragraph with a rule or a variable is matched by its
    name."""
    return merged_texts(base, next_, user, _makefile, wording=_PROSE)


def _markdown(text: str) -> Group:
    fence = ""

    def starts(line: str, _: str) -> bool:
        nonlocal fence
        if mark := _FENCE.match(line):
            fence = "" if fence == mark[1] else fence or mark[1]
        return not fence and _HEADING.match(line) is not None

    return _group(text, starts, _heading, _SECTION)


def _makefile(text: str) -> Group:
    def starts(line: str, above: str) -> bool:
        return not above.strip() and not line.startswith("\t")

    return _group(text, starts, _rule, _PARAGRAPH)


def _heading(section: str) -> str:
    return section.partition("\n")[0].strip()


def _own_lines(base: str, user: str) -> str:
    """The user's lines in the section, below its heading; the heading alone if only the
    heading changed; empty if the user added nothing."""
    heading = _heading(user)
    added = _added(*(text.partition("\n")[2] for text in (base, user)))
    if added:
        return f"{heading}\n\n{added}"
    return "" if heading == _heading(base) else heading


def _with_own_lines(next_: str, user: str) -> str:
    """fastgen's section, followed by the lines that only the user's section has."""
    added = _added(next_, user)
    return f"{next_}\n\n{added}" if added else next_


def _added(fastgen: str, user: str) -> str:
    """The lines of `user` that are missing in `fastgen`, the text of base or next."""
    before, after = (text.split("\n") for text in (fastgen, user))
    runs = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    texts = ("\n".join(after[start:end]).strip("\n") for *_, start, end in runs)
    kinds = (kind in ("insert", "replace") for kind, *_ in runs)
    pairs = zip(kinds, texts, strict=True)
    return "\n\n".join(text for is_new, text in pairs if is_new and text.strip())


def _own_paragraph(base: str, user: str) -> str:
    """The comments that the user added, if nothing else changed; otherwise the whole
    paragraph."""
    added = only_added(base.splitlines(), user.splitlines())
    if added is None or not all(line.lstrip().startswith("#") for line in added):
        return user
    return "\n".join(line.strip() for line in added)


def _merged(base: str, next_: str, user: str) -> str | None:
    merged = merged_hunk(*(f"{text}\n" for text in (base, next_, user)))
    return None if merged is None else merged.removesuffix("\n")


_SECTION = Leaf(_own_lines, _with_own_lines, _merged, "what you wrote in {}")
_PARAGRAPH = Leaf(_own_paragraph, lambda _, user: user, _merged)


def _plain(text: str) -> str:
    """`text` without blank lines and trailing white space."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


_PROSE = Wording(_plain)


def _rule(paragraph: str) -> str:
    lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
    found = _RULE.match(lines[0]) if lines else None
    return found[1] if found else paragraph.partition("\n")[0]


def _group(
    text: str,
    starts: Callable[[str, str], bool],
    key: Callable[[str], str],
    leaf: Leaf,
) -> Group:
    children: list[Block] = []
    gap, number = "", 1
    for piece in _pieces(text, starts):
        body = piece.strip("\n")
        before = piece[: len(piece) - len(piece.lstrip("\n"))]
        if body:
            line = number + gap.count("\n") + before.count("\n")
            children.append(
                Block(
                    key(body),
                    (body,),
                    gap=gap + before,
                    end="\n",
                    line=line,
                    leaf=leaf,
                )
            )
            number, gap = line + body.count("\n") + 1, ""
            before = piece[len(before) + len(body) + 1 :]
        gap += before
    return Group(tuple(children), gap=gap)


def _pieces(text: str, starts: Callable[[str, str], bool]) -> Iterator[str]:
    """`text` split before each line that starts a section."""
    piece, above = "", ""
    for line in text.splitlines(keepends=True):
        if starts(line, above) and line.strip() and piece:
            yield piece
            piece = ""
        piece += line
        above = line
    yield piece
