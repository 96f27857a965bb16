"""`fastgen diff`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from fastgen.change.file_states import State, Surveyed, survey
from fastgen.cli.command import current_project
from fastgen.cli.flags import Json
from fastgen.cli.root import current_folder
from fastgen.errors import WrongUsage
from fastgen.output import console, drawing
from fastgen.project.reading import Project


class NotGenerated(WrongUsage):
    """{path} is not a file that fastgen wrote; `fastgen status` lists those that you
    changed."""


def diff(
    path: Annotated[
        str | None, typer.Argument(help="A file or a folder; everything without it.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Show your own edits to what fastgen wrote.

    Example: `fastgen diff src/myapi/main.py`.
    """
    project = current_project()
    surveyed = survey(project)
    files = [f for f in surveyed if f.state is not State.PRISTINE]
    if path is not None:
        files = select(project, path, surveyed)
    if as_json:
        rows = [
            {"path": f.path, "state": str(f.state), "diff": _lines(f)} for f in files
        ]
        console.print_json({"command": "diff", "exit_code": 0, "files": rows})
        return 0
    for f in files:
        drawing.print_diff(
            f.entry.content, f.file.content if f.file else b"", f.place, "yours"
        )
    if not any(f.state is not State.PRISTINE for f in files):
        console.print_line("No edits: every file is as fastgen wrote it.")
    return 0


def select(project: Project, path: str, files: tuple[Surveyed, ...]) -> list[Surveyed]:
    """The files at or below `path`, which is relative to the current folder. Raises
    NotGenerated."""
    wanted = Path(os.path.normpath(current_folder() / path))
    if not wanted.is_relative_to(project.root):
        wanted = wanted.parent.resolve() / wanted.name  # resolve a link to the project
    try:
        inside = wanted.relative_to(project.root).as_posix()
    except ValueError:
        raise NotGenerated(path=path) from None
    found = [
        f
        for f in files
        if inside == "."
        or any(p == inside or p.startswith(f"{inside}/") for p in (f.path, f.place))
    ]
    if not found:
        raise NotGenerated(path=path)
    return found


def _lines(f: Surveyed) -> list[str]:
    content = f.file.content if f.file else b""
    return drawing.unified_diff(f.entry.content, content, f.place, "yours")
