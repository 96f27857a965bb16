"""Edits of files of lines: .env.example, .gitignore and the like."""

import re

from .editing import Editing, text_edit

ENV = ".env.example"
EXAMPLE = r"^\.env\.example$"
IGNORE = "ignore files"
IGNORED = r"^\.(git|docker)ignore$"


@text_edit(ENV, EXAMPLE, "a variable at the end")
def last_variable(text: str, editing: Editing) -> str | None:
    return f"{text.rstrip()}\n{editing.mark().upper()}=1\n"


@text_edit(ENV, EXAMPLE, "a variable in the middle")
def variable(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^[A-Z_]+=.*\n", text, re.MULTILINE)]
    if not found:
        return None
    place = editing.random.choice(found).end()
    return (
        f"{text[:place]}# {editing.mark()}\n{editing.mark().upper()}=\n{text[place:]}"
    )


@text_edit(ENV, EXAMPLE, "another value", may_conflict=True)
def value(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^([A-Z_]+)=.*\n", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return text.replace(match[0], f"{match[1]}={editing.mark()}\n", 1)


@text_edit(ENV, EXAMPLE, "a comment")
def comment(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^[A-Z_]+=.*\n", text, re.MULTILINE)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}# {editing.mark()} rotates it\n{text[place:]}"


@text_edit(ENV, EXAMPLE, "a comment in other words", may_conflict=True)
def other_comment(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^# .*\n", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f"{text[: match.start()]}# {editing.mark()}\n{text[match.end() :]}"


@text_edit(ENV, EXAMPLE, "a variable that is deleted")
def without_variable(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^(# .*\n)?[A-Z_]+=.*\n\n?", text, re.MULTILINE)]
    return text.replace(editing.random.choice(found)[0], "", 1) if found else None


@text_edit(ENV, EXAMPLE, "variables in another order")
def order(text: str, editing: Editing) -> str | None:
    parts = [part for part in re.split(r"\n\n+", text.strip("\n")) if part]
    if len(parts) < 3:
        return None
    at = editing.random.randrange(len(parts) - 1)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return "\n\n".join(parts) + "\n"


@text_edit(ENV, EXAMPLE, "no blank lines")
def without_blank(text: str, editing: Editing) -> str | None:
    return re.sub(r"\n\n+", "\n", text)


@text_edit(ENV, EXAMPLE, "a heading")
def heading(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"\n\n(?=# )", text)]
    if not found:
        return None
    place = editing.random.choice(found).end()
    return f"{text[:place]}#### {editing.mark()} ####\n\n{text[place:]}"


@text_edit(IGNORE, IGNORED, "a pattern at the end")
def last_pattern(text: str, editing: Editing) -> str | None:
    return f"{text.rstrip()}\n{editing.mark()}/\n"


@text_edit(IGNORE, IGNORED, "patterns below a comment")
def patterns(text: str, editing: Editing) -> str | None:
    return f"{text.rstrip()}\n\n# {editing.mark()}\n*.{editing.mark()}\n!keep.{editing.mark()}\n"


@text_edit(IGNORE, IGNORED, "a pattern in the middle")
def pattern(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    lines.insert(editing.random.randrange(len(lines)), f"{editing.mark()}.log\n")
    return "".join(lines)


@text_edit(IGNORE, IGNORED, "a pattern that is deleted")
def without_pattern(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    places = [
        n
        for n, line in enumerate(lines)
        if line.strip() not in (".env", "", "!uv.lock")
    ]
    del lines[editing.random.choice(places)]
    return "".join(lines)


@text_edit(IGNORE, IGNORED, "patterns in another order")
def pattern_order(text: str, editing: Editing) -> str | None:
    return (
        "".join(sorted(text.splitlines(keepends=True), reverse=True))
        if text.endswith("\n")
        else None
    )


@text_edit(IGNORE, IGNORED, "a slash before a pattern")
def anchored(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^([a-z]\w*/)\n", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return text.replace(f"\n{match[0]}", f"\n/{match[0]}", 1)


@text_edit(IGNORE, r"^\.gitattributes$", "an attribute")
def attribute(text: str, editing: Editing) -> str | None:
    return f"{text.rstrip()}\n*.{editing.mark()} binary\n"
