"""`fastgen generate --from`."""

from pathlib import Path

from fastgen.cli.command import change_project
from fastgen.cli.flags import Flags
from fastgen.cli.spec_argument import read_spec_argument
from fastgen.spec.from_file import with_table
from fastgen.spec.specfile import sources_of


def generate_from(path: Path, flags: Flags) -> int:
    """Make true in the project what the file says. The exit code."""
    table = read_spec_argument(path).table
    return change_project(
        f"generate --from {path.name}",
        lambda side: with_table(side, table),
        flags,
        sources_of(table),
    )
