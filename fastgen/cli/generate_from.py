"""`fastgen generate --from` and `fastgen generate resource --from`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastgen.cli.command import change_project
from fastgen.cli.flags import Flags
from fastgen.cli.spec_argument import read_spec_argument
from fastgen.errors import WrongUsage
from fastgen.phrases import hint
from fastgen.project.reading import Project
from fastgen.spec.from_file import RESOURCES, tables_in, with_table
from fastgen.spec.side import Side
from fastgen.spec.specfile import sources_of


class NotInFile(WrongUsage):
    """{path} has no resource {name!r}{hint}."""


def generate_from(path: Path, flags: Flags) -> int:
    """Make the project have what the file lists. The exit code."""
    return _generated(path, read_spec_argument(path).table, flags)


def resources_from(path: Path, names: Sequence[str], flags: Flags) -> int:
    """Make the project have the resources `names` of the file, or all of its resources
    if there are no names. The exit code."""
    known = tables_in(read_spec_argument(path).table, RESOURCES)
    for name in names:
        if name not in known:
            raise NotInFile(path=path, name=name, hint=hint(name, known))
    chosen = {name: known[name] for name in names or known}
    return _generated(path, {RESOURCES: chosen}, flags)


def _generated(path: Path, table: Mapping[str, Any], flags: Flags) -> int:

    def without(project: Project) -> Side:
        from fastgen.change.by_hand import written_by_hand

        found = written_by_hand(project)
        return found.before if found else project.side

    return change_project(
        f"generate --from {path.name}",
        lambda side: with_table(side, table),
        flags,
        sources_of(table),
        confirms=True,
        without=without,
    )
