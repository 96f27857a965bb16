"""`fastgen set`."""

from typing import Annotated

import typer

from fastgen.cli.flags import (
    DropTables,
    DryRun,
    Flags,
    Json,
    NoInstall,
    Quiet,
    WriteConflicts,
    Yes,
)
from fastgen.cli.run import change_project
from fastgen.spec import with_options


def set_options(
    settings: Annotated[
        list[str],
        typer.Argument(metavar="MODULE.OPTION=VALUE...", help="Options to set."),
    ],
    dry_run: DryRun = False,
    as_json: Json = False,
    yes: Yes = False,  # noqa: ARG001 (nothing is asked)
    no_install: NoInstall = False,
    write_conflicts: WriteConflicts = False,
    drop_tables: DropTables = False,
    quiet: Quiet = False,
) -> int:
    """Set options of the project's modules.

    `fastgen show MODULE` lists them. Tables of what is switched off stay in the
    database until a migration drops them, which --drop-tables writes.

    Example: `fastgen set ci.provider=gitlab`.
    """
    flags = Flags(
        dry_run,
        as_json,
        quiet,
        install=not no_install,
        write_conflicts=write_conflicts,
        drop_tables=drop_tables,
    )
    return change_project(
        " ".join(["set", *settings]),
        lambda spec, catalog: with_options(spec, catalog, settings),
        flags,
        named=[setting.partition(".")[0].strip() for setting in settings],
    )
