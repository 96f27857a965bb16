"""`fastgen generate --from`."""

from pathlib import Path

from fastgen.cli.command import change_project
from fastgen.cli.flags import Flags
from fastgen.errors import NeedsPerson
from fastgen.spec.from_file import with_table
from fastgen.spec.specfile import BrokenSpec, read_table, sources_of


class FileMissing(NeedsPerson):
    """{path} cannot be read ({reason}); --from takes a TOML file with [modules] and
    [resources]."""


class NotToml(NeedsPerson):
    """{path}:{line}: {reason}. Fix that line."""


def generate_from(path: Path, flags: Flags) -> int:
    """Make true in the project what the file says. The exit code."""
    try:
        table = read_table(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise FileMissing(path=path, reason=reason) from None
    except BrokenSpec as error:
        raise NotToml(path=path, **error.facts) from None
    return change_project(
        f"generate --from {path.name}",
        lambda side: with_table(side, table),
        flags,
        sources_of(table),
    )
