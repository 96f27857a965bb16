"""`fastgen remove`."""

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
    names_in,
)
from fastgen.cli.run import change_project
from fastgen.spec import without_modules


def remove(
    modules: Annotated[
        list[str], typer.Argument(metavar="MODULE...", help="Modules to take out.")
    ],
    dry_run: DryRun = False,
    as_json: Json = False,
    yes: Yes = False,  # noqa: ARG001 (nothing is asked)
    no_install: NoInstall = False,
    write_conflicts: WriteConflicts = False,
    drop_tables: DropTables = False,
    quiet: Quiet = False,
) -> int:
    """Take modules out of the project.

    A file that you have edited is kept, and named. Where your own code still imports
    what would go, nothing is written. Tables stay in the database until a migration
    drops them, which --drop-tables writes.

    Example: `fastgen remove docker`.
    """
    flags = Flags(
        dry_run,
        as_json,
        quiet,
        install=not no_install,
        write_conflicts=write_conflicts,
        drop_tables=drop_tables,
    )
    names = names_in(modules)
    return change_project(
        " ".join(["remove", *names]),
        lambda spec, catalog: without_modules(spec, catalog, names),
        flags,
        named=names,
    )
