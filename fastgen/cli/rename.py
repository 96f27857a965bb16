"""`fastgen rename`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from fastgen.cli.command import change_project
from fastgen.cli.completion import fields_of_resource, resources
from fastgen.cli.flags import OF_CHANGES, Flags, takes
from fastgen.spec.rename_edits import (
    Rename,
    earlier_field_rename,
    earlier_resource_rename,
    with_renamed_field,
    with_renamed_resource,
)
from fastgen.spec.side import Side

commands = typer.Typer(
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)


@commands.callback()
def rename() -> None:
    """Give a resource or a field another name; its rows stay."""


@commands.command("resource")
@takes(*OF_CHANGES)
def rename_resource(
    flags: Flags,
    old: Annotated[
        str,
        typer.Argument(help="The resource, like Product.", autocompletion=resources),
    ],
    new: Annotated[str, typer.Argument(help="Its new name, in the singular.")],
    plural: Annotated[
        str | None,
        typer.Option(help="The new plural in small letters, where fastgen's is wrong."),
    ] = None,
) -> int:
    """Rename a resource: its package, classes, table, URLs and tests.

    Your edits stay. Your own code follows where it imports what is renamed; other lines
    with the old name are listed. A migration renames the table with its constraints and
    indexes, and all rows stay. The URLs change, so clients have to follow.

    Examples: `fastgen rename resource Product Item`; `fastgen rename resource Person
    Employee --plural staff`.
    """
    done: list[Rename] = []

    def earlier(side: Side) -> Iterator[str]:
        return earlier_resource_rename(side, old, new, plural)

    def edit(side: Side) -> Side:
        if any(earlier(side)):
            return side
        after, rename = with_renamed_resource(side, old, new, plural)
        done.append(rename)
        return after

    command = f"rename resource {old} {new}"
    return change_project(command, edit, flags, absent=earlier, rename=lambda: done[0])


@commands.command("field")
@takes(*OF_CHANGES)
def rename_field(
    flags: Flags,
    resource: Annotated[
        str,
        typer.Argument(help="The resource, like Product.", autocompletion=resources),
    ],
    old: Annotated[
        str,
        typer.Argument(help="The field.", autocompletion=fields_of_resource),
    ],
    new: Annotated[str, typer.Argument(help="Its new name.")],
) -> int:
    """Rename a field of a resource: its column, schemas, queries and tests.

    Your edits stay. Your own code follows where it uses the field of a model that it
    imports; other lines with the old name are listed. A migration renames the column,
    and all values stay. Requests and answers have the new name, so clients have to
    follow.

    Example: `fastgen rename field Product title name`.
    """
    done: list[Rename] = []

    def earlier(side: Side) -> Iterator[str]:
        return earlier_field_rename(side, resource, old, new)

    def edit(side: Side) -> Side:
        if any(earlier(side)):
            return side
        after, rename = with_renamed_field(side, resource, old, new)
        done.append(rename)
        return after

    command = f"rename field {resource} {old} {new}"
    return change_project(command, edit, flags, absent=earlier, rename=lambda: done[0])
