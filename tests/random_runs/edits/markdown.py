"""Edits of Markdown."""

import re

from .editing import Editing, text_edit

GROUP = "Markdown"
MARKDOWN = r"^(README|AGENTS)\.md$"


def _sections(text: str) -> list[str]:
    """The text before the first heading of the second level, and each section."""
    parts: list[str] = [""]
    fenced = False
    for line in text.splitlines(keepends=True):
        if line.startswith("```"):
            fenced = not fenced
        if line.startswith("## ") and not fenced:
            parts.append("")
        parts[-1] += line
    return parts


def _paragraph_starts(text: str) -> list[int]:
    """The indexes of lines at which a paragraph of prose begins."""
    lines = text.splitlines()
    fenced, found = False, []
    for n, line in enumerate(lines):
        if line.startswith("```"):
            fenced = not fenced
        if (
            not fenced
            and n
            and not lines[n - 1].strip()
            and re.match(r"[A-Z`\[]", line)
        ):
            found.append(n)
    return found


@text_edit(GROUP, MARKDOWN, "a section at the end")
def last_section(text: str, editing: Editing) -> str | None:
    return f"{text.rstrip()}\n\n## {editing.mark()}\n\nCall {editing.mark()} first.\n"


@text_edit(GROUP, MARKDOWN, "a section in the middle")
def middle_section(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    at = editing.random.randint(1, len(parts))
    parts.insert(at, f"## {editing.mark()}\n\nWho is on call: {editing.mark()}.\n\n")
    return "".join(parts)


@text_edit(GROUP, MARKDOWN, "a subsection")
def subsection(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    at = editing.random.randrange(len(parts))
    parts[at] = f"{parts[at].rstrip()}\n\n### {editing.mark()}\n\nMore of it.\n\n"
    return "".join(parts)


@text_edit(GROUP, MARKDOWN, "a paragraph")
def paragraph(text: str, editing: Editing) -> str | None:
    starts = _paragraph_starts(text)
    if not starts:
        return None
    lines = text.splitlines(keepends=True)
    at = editing.random.choice(starts)
    lines[at:at] = [f"Ask {editing.mark()} before you change this.\n", "\n"]
    return "".join(lines)


@text_edit(GROUP, MARKDOWN, "a list")
def list_(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    at = editing.random.randrange(len(parts))
    parts[at] = f"{parts[at].rstrip()}\n\n- {editing.mark()}\n- second\n\n"
    return "".join(parts)


@text_edit(GROUP, MARKDOWN, "a row of a table")
def row(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    places = [
        n
        for n, line in enumerate(lines)
        if line.startswith("| ")
        and "---" not in line
        and n
        and lines[n - 1].startswith("|")
    ]
    if not places:
        return None
    at = editing.random.choice(places)
    cells = lines[at].count("|") - 1
    lines.insert(at + 1, f"| `{editing.mark()}` |{' x |' * (cells - 1)}\n")
    return "".join(lines)


@text_edit(GROUP, MARKDOWN, "a badge below the title")
def badge(text: str, editing: Editing) -> str | None:
    head, _, rest = text.partition("\n")
    if not head.startswith("# "):
        return None
    return f"{head}\n\n![{editing.mark()}](https://example.com/{editing.mark()}.svg)\n{rest}"


@text_edit(GROUP, MARKDOWN, "another title")
def title(text: str, editing: Editing) -> str | None:
    head, _, rest = text.partition("\n")
    return f"# The {editing.mark()} service\n{rest}" if head.startswith("# ") else None


@text_edit(GROUP, MARKDOWN, "a section with another heading")
def heading(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    if len(parts) < 2:
        return None
    at = editing.random.randrange(1, len(parts))
    head, _, rest = parts[at].partition("\n")
    new = editing.random.choice(
        (f"{head} and {editing.mark()}", f"## {editing.mark()}")
    )
    parts[at] = f"{new}\n{rest}"
    return "".join(parts)


@text_edit(GROUP, MARKDOWN, "a heading of another level")
def level(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    if len(parts) < 2:
        return None
    at = editing.random.randrange(1, len(parts))
    parts[at] = f"#{parts[at]}"
    return "".join(parts)


@text_edit(GROUP, MARKDOWN, "sections in another order")
def order(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    if len(parts) < 3:
        return None
    at = editing.random.randrange(1, len(parts) - 1)
    parts[at], parts[at + 1] = (
        f"{parts[at + 1].rstrip()}\n\n",
        f"{parts[at].rstrip()}\n\n",
    )
    return "".join(parts).rstrip("\n") + "\n"


@text_edit(GROUP, MARKDOWN, "a section that is deleted")
def without_section(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    if len(parts) < 3:
        return None
    del parts[editing.random.randrange(1, len(parts))]
    return "".join(parts)


@text_edit(GROUP, MARKDOWN, "a paragraph that is deleted", may_conflict=True)
def without_paragraph(text: str, editing: Editing) -> str | None:
    starts = _paragraph_starts(text)
    if not starts:
        return None
    lines = text.splitlines(keepends=True)
    at = editing.random.choice(starts)
    end = next((n for n in range(at, len(lines)) if not lines[n].strip()), len(lines))
    del lines[at : end + 1]
    return "".join(lines)


@text_edit(GROUP, MARKDOWN, "a sentence in other words", may_conflict=True)
def sentence(text: str, editing: Editing) -> str | None:
    starts = _paragraph_starts(text)
    if not starts:
        return None
    lines = text.splitlines(keepends=True)
    at = editing.random.choice(starts)
    lines[at] = f"In other words, {editing.mark()}: {lines[at]}"
    return "".join(lines)


@text_edit(GROUP, MARKDOWN, "a paragraph with other line breaks", may_conflict=True)
def reflowed(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    starts = [
        n
        for n in _paragraph_starts(text)
        if n + 1 < len(lines) and lines[n + 1].strip()
    ]
    if not starts:
        return None
    at = editing.random.choice(starts)
    lines[at] = f"{lines[at].rstrip()} "
    return "".join(lines)


@text_edit(GROUP, MARKDOWN, "blank lines")
def blank(text: str, editing: Editing) -> str | None:
    starts = _paragraph_starts(text)
    if not starts:
        return None
    lines = text.splitlines(keepends=True)
    for _ in range(editing.random.randint(1, 2)):
        lines.insert(editing.random.choice(starts), "\n")
    return "".join(lines)


@text_edit(GROUP, MARKDOWN, "spaces at the end of lines")
def spaces(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    places = [
        n for n, line in enumerate(lines) if line.strip() and not line.startswith("|")
    ]
    at = editing.random.choice(places)
    lines[at] = f"{lines[at].rstrip()}  \n"
    return "".join(lines)


@text_edit(GROUP, MARKDOWN, "a comment")
def comment(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    at = editing.random.randrange(len(parts))
    parts[at] = f"{parts[at].rstrip()}\n\n<!-- {editing.mark()} -->\n\n"
    return "".join(parts)


@text_edit(GROUP, MARKDOWN, "a block of code")
def code(text: str, editing: Editing) -> str | None:
    parts = _sections(text)
    at = editing.random.randrange(len(parts))
    parts[at] = (
        f"{parts[at].rstrip()}\n\n```sh\n## {editing.mark()}\nmake {editing.mark()}\n```\n\n"
    )
    return "".join(parts)
