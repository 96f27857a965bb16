"""`fastgen set`."""

from typing import Annotated

import typer

from fastgen.cli.command import change_project
from fastgen.cli.flags import OF_CHANGES, Flags, takes
from fastgen.spec.edits import with_options


@takes(*OF_CHANGES, "drop_tables")
def set_options(
    flags: Flags,
    settings: Annotated[
        list[str],
        typer.Argument(metavar="MODULE.OPTION=VALUE...", help="Options to set."),
    ],
) -> int:
    """Set options of the project's modules.

    `fastgen show MODULE` lists them. Tables of what is switched off stay in the
    database until a migration drops them, which --drop-tables writes.

    Example: `fastgen set ci.provider=gitlab`.
    """
    return change_project(
        " ".join(["set", *settings]),
        lambda side: with_options(side, settings),
        flags,
        named=[setting.partition(".")[0].strip() for setting in settings],
    )
