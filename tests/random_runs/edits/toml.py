"""Edits of pyproject.toml and of fastgen.toml."""

import re
from itertools import pairwise

from .editing import Editing, TextEdit, edited, inserted, project_edit, text_edit

GROUP = "TOML"
PYPROJECT = r"^pyproject\.toml$"
OF_FASTGEN = "fastgen.toml"

_REQUIREMENT = re.compile(
    r'^    "([a-z][\w.-]*)(\[[\w,-]+\])?(>=[\d.]+)",\n', re.MULTILINE
)


def _lines_at(text: str, pattern: str) -> list[int]:
    return [n for n, line in enumerate(text.splitlines()) if re.search(pattern, line)]


def _inserted(text: str, at: int, *new: str) -> str:
    lines = text.splitlines(keepends=True)
    lines[at:at] = [f"{line}\n" for line in new]
    return "".join(lines)


@text_edit(GROUP, PYPROJECT, "a dependency")
def dependency(text: str, editing: Editing) -> str | None:
    found = [*_REQUIREMENT.finditer(text)]
    if not found:
        return None
    match = editing.random.choice(found)
    place = editing.random.choice((match.start(), match.end()))
    return f'{text[:place]}    "{editing.mark()}-client>=1.2",\n{text[place:]}'


@text_edit(GROUP, PYPROJECT, "a dependency with a comment")
def commented_dependency(text: str, editing: Editing) -> str | None:
    found = [*_REQUIREMENT.finditer(text)]
    if not found:
        return None
    place = editing.random.choice(found).end()
    line = f'    "{editing.mark()}",  # {editing.mark()}\n'
    return inserted(text, place, f"    # {editing.mark()} pays for this\n{line}")


@text_edit(GROUP, PYPROJECT, "other bounds of a requirement")
def bounds(text: str, editing: Editing) -> str | None:
    found = [*_REQUIREMENT.finditer(text)]
    if not found:
        return None
    match = editing.random.choice(found)
    bound = editing.random.choice((f"{match[3]},<99", "", f"=={match[3][2:]}.0"))
    return text.replace(match[0], f'    "{match[1]}{match[2] or ""}{bound}",\n', 1)


@text_edit(GROUP, PYPROJECT, "an extra of a requirement")
def extra(text: str, editing: Editing) -> str | None:
    found = [match for match in _REQUIREMENT.finditer(text) if not match[2]]
    if not found:
        return None
    match = editing.random.choice(found)
    return text.replace(match[0], f'    "{match[1]}[{editing.mark()}]{match[3]}",\n', 1)


@text_edit(GROUP, PYPROJECT, "a requirement that is deleted")
def without_requirement(text: str, editing: Editing) -> str | None:
    found = [*_REQUIREMENT.finditer(text)]
    return text.replace(editing.random.choice(found)[0], "", 1) if found else None


@text_edit(GROUP, PYPROJECT, "requirements in another order")
def order(text: str, editing: Editing) -> str | None:
    found = [*_REQUIREMENT.finditer(text)]
    pairs = [(a, b) for a, b in pairwise(found) if a.end() == b.start()]
    if not pairs:
        return None
    a, b = editing.random.choice(pairs)
    return f"{text[: a.start()]}{b[0]}{a[0]}{text[b.end() :]}"


@text_edit(GROUP, PYPROJECT, "requirements on one line")
def one_line(text: str, editing: Editing) -> str | None:
    match = re.search(r"^dependencies = \[\n((?: {4}\".*\",\n)+)\]", text, re.MULTILINE)
    if not match:
        return None
    items = ", ".join(line.strip().rstrip(",") for line in match[1].splitlines())
    return text.replace(match[0], f"dependencies = [{items}]")


@text_edit(GROUP, PYPROJECT, "a group of dependencies")
def group(text: str, editing: Editing) -> str | None:
    if "[dependency-groups]\n" not in text:
        return None
    return text.replace(
        "[dependency-groups]\n",
        f'[dependency-groups]\n{editing.mark()} = ["mkdocs>=1.6"]\n',
    )


@text_edit(GROUP, PYPROJECT, "a table of a tool")
def table(text: str, editing: Editing) -> str | None:
    heads = _lines_at(text, r"^\[tool\.")
    if not heads:
        return None
    return _inserted(
        text,
        editing.random.choice(heads),
        f"[tool.{editing.mark()}]",
        'level = "high"',
        "",
    )


@text_edit(GROUP, PYPROJECT, "a key of [project]")
def project_key(text: str, editing: Editing) -> str | None:
    line = editing.random.choice(
        ('readme = "README.md"', 'license = "MIT"', 'keywords = ["api"]')
    )
    if line.partition(" ")[0] in text:
        return None
    return text.replace("[project]\n", f"[project]\n{line}  # {editing.mark()}\n", 1)


@text_edit(GROUP, PYPROJECT, "an inline table")
def inline_table(text: str, editing: Editing) -> str | None:
    if "authors" in text:
        return None
    name = editing.mark()
    author = f'authors = [{{ name = "{name}", email = "{name}@example.com" }}]'
    return text.replace("[project]\n", f"[project]\n{author}\n", 1)


@text_edit(GROUP, PYPROJECT, "a table written as one line")
def table_as_line(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^\[tool\.([\w.-]+)\]\n([\w-]+) = (.*[^\[,])\n(?=\n|\Z)",
            text,
            re.MULTILINE,
        )
    ]
    found = [m for m in found if f"[tool.{m[1]}." not in text and "." not in m[1]]
    if not found:
        return None
    match = editing.random.choice(found)
    line = f"{match[1]} = {{ {match[2]} = {match[3]} }}"
    rest = text.replace(match[0], "")
    return rest.rstrip("\n") + f"\n\n[tool]\n{line}\n"


@text_edit(GROUP, PYPROJECT, "dotted keys")
def dotted(text: str, editing: Editing) -> str | None:
    if "[project.scripts]" in text or "scripts." in text:
        return None
    line = f'scripts.{editing.mark()} = "{editing.package}.__main__:main"'
    return text.replace("[project]\n", f"[project]\n{line}\n", 1)


@text_edit(GROUP, PYPROJECT, "texts in single quotes")
def quotes(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r'^([\w-]+) = "([^"\'\\]*)"$', text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f"{text[: match.start()]}{match[1]} = '{match[2]}'{text[match.end() :]}"


@text_edit(GROUP, PYPROJECT, "tables in another order")
def table_order(text: str, editing: Editing) -> str | None:
    parts = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    if len(parts) < 4 or any(part.startswith("[[") for part in parts):
        found = [
            n
            for n in range(1, len(parts) - 1)
            if not parts[n].startswith("[[") and not parts[n + 1].startswith("[[")
        ]
    else:
        found = [*range(1, len(parts) - 1)]
    if not found:
        return None
    at = editing.random.choice(found)
    parts[at], parts[at + 1] = (
        f"{parts[at + 1].rstrip()}\n\n",
        f"{parts[at].rstrip()}\n\n",
    )
    return "".join(parts).rstrip("\n") + "\n"


@text_edit(GROUP, PYPROJECT, "keys in another order")
def key_order(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    simple = re.compile(r"^[\w-]+ = [^\[{]*$")
    places = [
        n
        for n in range(len(lines) - 1)
        if simple.match(lines[n]) and simple.match(lines[n + 1])
    ]
    if not places:
        return None
    at = editing.random.choice(places)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "".join(lines)


@text_edit(GROUP, PYPROJECT, "a comment")
def comment(text: str, editing: Editing) -> str | None:
    places = [n for n, line in enumerate(text.splitlines()) if line.strip()]
    return _inserted(
        text, editing.random.choice(places), f"# {editing.mark()} knows why"
    )


@text_edit(GROUP, PYPROJECT, "a comment at the end of a line")
def trailing_comment(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    places = [
        n
        for n, line in enumerate(lines)
        if re.search(r'["\d\]]?,?\n$', line)
        and "#" not in line
        and line.strip() not in ("", "[")
    ]
    at = editing.random.choice(places)
    lines[at] = f"{lines[at].rstrip()}  # {editing.mark()}\n"
    return "".join(lines)


@text_edit(GROUP, PYPROJECT, "blank lines")
def blank(text: str, editing: Editing) -> str | None:
    return _inserted(text, editing.random.randrange(len(text.splitlines())), "", "")


@text_edit(GROUP, PYPROJECT, "blank lines that are deleted")
def without_blank(text: str, editing: Editing) -> str | None:
    lines = text.splitlines(keepends=True)
    places = _lines_at(text, r"^$")
    if not places:
        return None
    del lines[editing.random.choice(places)]
    return "".join(lines)


@text_edit(GROUP, PYPROJECT, "indentation of two spaces")
def indentation(text: str, editing: Editing) -> str | None:
    return re.sub(r"^    (?=[\"'])", "  ", text, flags=re.MULTILINE)


@text_edit(GROUP, PYPROJECT, "another value", may_conflict=True)
def value(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^(version|name|type|build-backend) = \"([^\"]*)\"$", text, re.MULTILINE
        )
    ]
    found = [m for m in found if m[1] == "version"]
    if not found:
        return None
    match = editing.random.choice(found)
    return text.replace(match[0], f'{match[1]} = "1.{editing.number}.0"', 1)


@text_edit(GROUP, PYPROJECT, "a rule of ruff")
def rule(text: str, editing: Editing) -> str | None:
    match = re.search(r"^ignore = \[\n", text, re.MULTILINE)
    if not match:
        return None
    return text.replace(match[0], f'{match[0]}    "D1",  # {editing.mark()}\n')


@text_edit(GROUP, PYPROJECT, "a marker of pytest")
def marker(text: str, editing: Editing) -> str | None:
    if "[tool.pytest]" not in text:
        return None
    if "markers = [\n" in text:
        return text.replace(
            "markers = [\n", f'markers = [\n    "{editing.mark()}: of ours",\n'
        )
    return text.replace(
        "[tool.pytest]\n", f'[tool.pytest]\nmarkers = ["{editing.mark()}: of ours"]\n'
    )


@text_edit(GROUP, PYPROJECT, "a key that is deleted")
def without_key(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^(exclude-newer|strict|branch|anyio_mode|addopts) = .*\n",
            text,
            re.MULTILINE,
        )
    ]
    return text.replace(editing.random.choice(found)[0], "", 1) if found else None


def _of_fastgen(editing: Editing, edit: TextEdit) -> bool:
    return edited(editing, OF_FASTGEN, edit)


@project_edit("fastgen.toml", "a comment")
def own_comment(editing: Editing) -> bool:
    def edit(text: str, editing: Editing) -> str:
        places = [n for n, line in enumerate(text.splitlines()) if line.strip()]
        return _inserted(
            text, editing.random.choice(places), f"# {editing.mark()} decided this"
        )

    return _of_fastgen(editing, edit)


@project_edit("fastgen.toml", "a comment at the end of a line")
def own_trailing_comment(editing: Editing) -> bool:
    def edit(text: str, editing: Editing) -> str:
        lines = text.splitlines(keepends=True)
        places = [n for n, line in enumerate(lines) if line.strip() and "#" not in line]
        at = editing.random.choice(places)
        lines[at] = f"{lines[at].rstrip()}  # {editing.mark()}\n"
        return "".join(lines)

    return _of_fastgen(editing, edit)


@project_edit("fastgen.toml", "fields of a resource in another order")
def own_field_order(editing: Editing) -> bool:
    def edit(text: str, editing: Editing) -> str | None:
        lines = text.splitlines(keepends=True)
        places = [
            n
            for n in range(len(lines) - 1)
            if (m := re.match(r"(\w+)\.fields\.", lines[n]))
            and lines[n + 1].startswith(f"{m[1]}.fields.")
        ]
        if not places:
            return None
        at = editing.random.choice(places)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
        return "".join(lines)

    return _of_fastgen(editing, edit)


@project_edit("fastgen.toml", "tables in another order")
def own_table_order(editing: Editing) -> bool:
    def edit(text: str, editing: Editing) -> str | None:
        head, *parts = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
        if len(parts) < 2:
            return None
        at = editing.random.randrange(len(parts) - 1)
        parts[at], parts[at + 1] = (
            f"{parts[at + 1].rstrip()}\n\n",
            f"{parts[at].rstrip()}\n\n",
        )
        return head + "".join(parts).rstrip("\n") + "\n"

    return _of_fastgen(editing, edit)


@project_edit("fastgen.toml", "blank lines")
def own_blank(editing: Editing) -> bool:
    def edit(text: str, editing: Editing) -> str:
        return _inserted(text, editing.random.randrange(len(text.splitlines())), "")

    return _of_fastgen(editing, edit)
