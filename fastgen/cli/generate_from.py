"""`fastgen generate --from` and `fastgen generate resource --from`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastgen.cli.command import change_project
from fastgen.cli.flags import Flags
from fastgen.cli.spec_argument import read_spec_argument
from fastgen.errors import WrongUsage
from fastgen.phrases import hint
from fastgen.project.reading import Project
from fastgen.spec.from_file import RESOURCES, missing_targets, tables_in, with_table
from fastgen.spec.side import Side
from fastgen.spec.specfile import sources_of


class NotInFile(WrongUsage):
    """{path} has no resource {name!r}{hint}."""


class RequiredResource(WrongUsage):
    """{name} refers to {target}, which this project does not have, so {target} is
    required. {how}"""


def generate_from(path: Path, flags: Flags) -> int:
    """Change the project to have everything in the file. Returns the exit code."""
    return _generated(path, read_spec_argument(path).table, flags)


def resources_from(path: Path, names: Sequence[str], flags: Flags) -> int:
    """Change the project to have the resources `names` of the file; without names, all
    of its resources. Returns the exit code.

    Raises NotInFile and RequiredResource.
    """
    known = tables_in(read_spec_argument(path).table, RESOURCES)
    for name in names:
        if name not in known:
            raise NotInFile(path=path, name=name, hint=hint(name, known))
    chosen = {name: known[name] for name in names or known}

    def check(side: Side) -> None:
        for name, target in missing_targets(side, chosen):
            if target in known:
                command = f"fastgen generate resource {target} --from {path.name}"
                how = f"Run `{command}` first, or leave out {name} to copy all."
            else:
                command = f"fastgen generate resource {target} FIELD..."
                how = f"{path.name} does not have it either: run `{command}` first."
            raise RequiredResource(name=name, target=target, how=how)

    return _generated(path, {RESOURCES: chosen}, flags, check)


def _generated(
    path: Path,
    table: Mapping[str, Any],
    flags: Flags,
    check: Callable[[Side], None] = lambda _: None,
) -> int:
    def edit(side: Side) -> Side:
        check(side)
        return with_table(side, table)

    def without(project: Project) -> Side:
        from fastgen.change.by_hand import written_by_hand

        found = written_by_hand(project)
        return found.before if found else project.side

    return change_project(
        f"generate --from {path.name}",
        edit,
        flags,
        sources_of(table),
        confirms=True,
        without=without,
    )
