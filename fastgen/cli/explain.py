"""`fastgen explain`."""

from typing import Annotated

import typer

from fastgen.change.file_states import State, Surveyed, survey
from fastgen.cli.command import current_project
from fastgen.cli.diff import select
from fastgen.cli.flags import Json
from fastgen.output import console
from fastgen.tree import Policy

_POLICIES = {
    Policy.SHARED: "your edits and fastgen's changes are merged",
    Policy.SEED: "yours: fastgen never changes it once you have edited it",
    Policy.JOURNAL: "append-only; fastgen never changes or deletes it",
}

_STATES = {
    State.PRISTINE: "as fastgen wrote it",
    State.EDITED: "edited by you; `fastgen diff {path}` shows how",
    State.MOVED: "moved by you to {place}; fastgen follows it there",
    State.DELETED: "deleted by you; fastgen does not bring it back",
}


def explain(
    path: Annotated[str, typer.Argument(help="A file or a folder of the project.")],
    as_json: Json = False,
) -> int:
    """Say which module wrote a file, and whether you edited it."""
    project = current_project()
    files = select(project, path, survey(project))
    if as_json:
        rows = [_as_json(f, project.catalog[_owner(f)].summary) for f in files]
        console.print_json({"command": "explain", "exit_code": 0, "files": rows})
        return 0
    for f in files:
        module = project.catalog[_owner(f)]
        console.print_line(f.path)
        console.print_line(f"  module  {f.entry.module}: {module.summary}")
        console.print_line(f"  policy  {f.entry.policy}: {_POLICIES[f.entry.policy]}")
        state = _STATES[f.state].format(path=f.path, place=f.place)
        console.print_line(f"  state   {state}")
    return 0


def _owner(f: Surveyed) -> str:
    """The module of the file; for a bridge, its first module."""
    return f.entry.module.partition("+")[0]


def _as_json(f: Surveyed, summary: str) -> dict[str, str]:
    return {
        "path": f.path,
        "module": f.entry.module,
        "summary": summary,
        "policy": str(f.entry.policy),
        "state": str(f.state),
        "place": f.place,
    }
