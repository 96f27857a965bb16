"""`fastgen status`."""

from collections import Counter
from typing import Any

from fastgen.catalog.module import value_text
from fastgen.change.file_states import State, Surveyed, survey
from fastgen.cli.command import current_project
from fastgen.cli.flags import Json
from fastgen.output import console
from fastgen.phrases import counted
from fastgen.project.reading import Project


def status(as_json: Json = False) -> int:
    """Show the project's modules, and the files that you changed.

    Each generated file is pristine, edited, moved or deleted; `fastgen diff` shows the
    edits themselves.
    """
    project = current_project()
    files = survey(project)
    if as_json:
        console.print_json(_as_json(project, files))
    else:
        _print(project, files)
    return 0


def _as_json(project: Project, files: tuple[Surveyed, ...]) -> dict[str, Any]:
    spec = project.spec
    return {
        "command": "status",
        "exit_code": 0,
        "project": {
            "name": spec.name,
            "package": spec.package,
            "description": spec.description,
            "python": spec.python,
            "version": spec.version,
        },
        "modules": {name: dict(options) for name, options in spec.modules.items()},
        "files": [
            {
                "path": f.path,
                "state": str(f.state),
                "module": f.entry.module,
                "policy": str(f.entry.policy),
                "place": f.place,
            }
            for f in files
        ],
    }


def _print(project: Project, files: tuple[Surveyed, ...]) -> None:
    spec = project.spec
    console.print_line(f"{spec.name}, made with fastgen {spec.version}")
    for name, options in spec.modules.items():
        chosen = " ".join(f"{o}={value_text(v)}" for o, v in options.items())
        console.print_line(f"  {name:<12} {chosen}".rstrip())
    counts = Counter(f.state for f in files)
    parts = [f"{counts[state]} {state}" for state in State if counts[state]]
    console.print_line(f"{counted(len(files), 'generated file')}: {', '.join(parts)}")
    for f in files:
        if f.state is not State.PRISTINE:
            place = f" to {f.place}" if f.state is State.MOVED else ""
            console.print_line(f"  {f.state:<8} {f.path}{place}")
