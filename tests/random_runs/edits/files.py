"""Edits of a file as bytes, of its mode, and of where it lies."""

import codecs

from .editing import Editing, project_edit

GROUP = "files"
TEXTS = r"\.(py|toml|yaml|yml|md)$|Makefile$|Dockerfile$|\.env\.example$|\.gitignore$"


def _some_deleted(editing: Editing, pattern: str) -> bool:
    """Delete a file whose path fits `pattern`; whether there is one."""
    path = _some(editing, pattern)
    if path is not None:
        editing.delete(path)
    return path is not None


def _some(editing: Editing, pattern: str = TEXTS) -> str | None:
    found = editing.paths(pattern)
    return editing.chosen(found) if found else None


@project_edit(GROUP, "CRLF")
def crlf(editing: Editing) -> bool:
    path = _some(editing, r"\.(py|md|toml)$|\.env\.example$|\.gitignore$")
    if path is None:
        return False
    place = editing.root / path
    content = place.read_bytes()
    if b"\r" in content or b"\n" not in content:
        return False
    place.write_bytes(content.replace(b"\n", b"\r\n"))
    editing.touched.append(path)
    return True


@project_edit(GROUP, "CRLF in all files", rare=True)
def crlf_everywhere(editing: Editing) -> bool:
    for path in editing.paths(r"\.(py|md|toml)$"):
        place = editing.root / path
        content = place.read_bytes()
        if b"\r" not in content:
            place.write_bytes(content.replace(b"\n", b"\r\n"))
    return True


@project_edit(GROUP, "a byte order mark")
def byte_order_mark(editing: Editing) -> bool:
    path = _some(editing, r"\.(py|md)$")
    if path is None:
        return False
    place = editing.root / path
    content = place.read_bytes()
    if content.startswith(codecs.BOM_UTF8) or not content:
        return False
    place.write_bytes(codecs.BOM_UTF8 + content)
    editing.touched.append(path)
    return True


@project_edit(GROUP, "no line end at the end")
def no_line_end(editing: Editing) -> bool:
    path = _some(editing)
    if path is None:
        return False
    place = editing.root / path
    content = place.read_bytes()
    if not content.endswith(b"\n") or not content.strip():
        return False
    place.write_bytes(content.rstrip(b"\r\n"))
    editing.touched.append(path)
    return True


@project_edit(GROUP, "many line ends at the end")
def many_line_ends(editing: Editing) -> bool:
    path = _some(editing)
    if path is None:
        return False
    place = editing.root / path
    place.write_bytes(place.read_bytes() + b"\n\n")
    editing.touched.append(path)
    return True


@project_edit(GROUP, "an executable file")
def executable(editing: Editing) -> bool:
    path = _some(editing, r"\.py$|Makefile$|README")
    if path is None:
        return False
    (editing.root / path).chmod(0o755)
    editing.touched.append(path)
    return True


@project_edit(GROUP, "a file that only its owner reads")
def private(editing: Editing) -> bool:
    path = _some(editing)
    if path is None:
        return False
    (editing.root / path).chmod(0o600)
    editing.touched.append(path)
    return True


@project_edit(GROUP, "a README that is a link", rare=True)
def linked_readme(editing: Editing) -> bool:
    place = editing.root / "README.md"
    if place.is_symlink() or not place.is_file():
        return False
    editing.move("README.md", "docs/README.md")
    place.symlink_to("docs/README.md")
    return True


@project_edit(GROUP, "an AGENTS.md that is a link", rare=True)
def linked_agents(editing: Editing) -> bool:
    place = editing.root / "AGENTS.md"
    if (
        place.is_symlink()
        or not place.is_file()
        or (editing.root / "CLAUDE.md").exists()
    ):
        return False
    editing.move("AGENTS.md", "CLAUDE.md")
    place.symlink_to("CLAUDE.md")
    return True


@project_edit(GROUP, "a link to a file")
def link(editing: Editing) -> bool:
    path = _some(editing, r"^(README|AGENTS)\.md$|Makefile$")
    if path is None:
        return False
    (editing.root / f"{editing.mark()}.link").symlink_to(path)
    return True


@project_edit(GROUP, "a deleted file of documentation")
def without_prose(editing: Editing) -> bool:
    return _some_deleted(
        editing,
        r"^(README|AGENTS)\.md$|^Makefile$|^\.gitattributes$|^\.python-version$",
    )


@project_edit(GROUP, "a deleted test file")
def without_tests(editing: Editing) -> bool:
    return _some_deleted(editing, r"^tests/test_\w+\.py$")


@project_edit(GROUP, "a deleted pipeline or container file")
def without_deployment(editing: Editing) -> bool:
    return _some_deleted(
        editing,
        r"^compose\.yaml$|^\.github/workflows/|^\.dockerignore$|^\.env\.example$",
    )


@project_edit(GROUP, "own files")
def own_files(editing: Editing) -> bool:
    name = editing.mark()
    folder = editing.package_folder
    editing.write(f"{folder}/{name}/__init__.py", "")
    editing.write(
        f"{folder}/{name}/rules.py", f'"""{editing.mark()}"""\n\nLIMIT = 10\n'
    )
    editing.write(f"scripts/{name}.sh", f"#!/bin/sh\necho {name}\n")
    editing.write(f"notes/{name}.md", f"# {name}\n")
    return True


@project_edit(GROUP, "tabs", rare=True)
def tabs(editing: Editing) -> bool:
    path = _some(editing, r"^src/.*\.py$")
    if path is None:
        return False
    text = editing.read(path)
    if '"""' in text or "\t" in text:
        return False
    lines = []
    for line in text.splitlines(keepends=True):
        depth = len(line) - len(line.lstrip(" "))
        lines.append("\t" * (depth // 4) + " " * (depth % 4) + line.lstrip(" "))
    editing.write(path, "".join(lines))
    return True
