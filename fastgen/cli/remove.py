"""`fastgen remove`."""

from typing import Annotated

import typer

from fastgen.cli.command import change_project
from fastgen.cli.completion import removable
from fastgen.cli.flags import OF_CHANGES, Flags, names_in, takes
from fastgen.spec.edits import without_modules
from fastgen.spec.side import Side


@takes(*OF_CHANGES, "drop_tables")
def remove(
    flags: Flags,
    modules: Annotated[
        list[str],
        typer.Argument(
            metavar="MODULE...",
            help="Modules; or `resource NAME...`, or `field RESOURCE NAME...`.",
            autocompletion=removable,
        ),
    ],
) -> int:
    """Take modules, resources or fields out of the project.

    A file that you have edited is kept, and named. Where your own code still imports
    what would go, nothing is written. Tables stay in the database until a migration
    drops them, which --drop-tables writes.

    Examples: `fastgen remove docker`; `fastgen remove resource Product`; `fastgen
    remove field Product rating`.
    """
    names = names_in(modules)
    if names[:1] in (["resource"], ["field"]):
        from fastgen.cli.remove_resource import remove_resource_or_field

        return remove_resource_or_field(names, flags)

    def edit(side: Side) -> Side:
        left = without_modules(side, names)
        if left.spec.resources:
            from fastgen.spec.resource_edits import check_modules

            check_modules(left, names)
        return left

    return change_project(" ".join(["remove", *names]), edit, flags, named=names)
