"""`fastgen generate --from`."""

from pathlib import Path

from fastgen.cli.command import change_project
from fastgen.cli.flags import Flags
from fastgen.cli.spec_argument import read_spec_argument
from fastgen.project.reading import Project
from fastgen.spec.from_file import with_table
from fastgen.spec.side import Side
from fastgen.spec.specfile import sources_of


def generate_from(path: Path, flags: Flags) -> int:
    """Make the project have what the file lists. The exit code."""
    table = read_spec_argument(path).table

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
