"""`fastgen set`."""

from typing import Annotated

import typer

from fastgen.cli.command import change_project
from fastgen.cli.flags import OF_CHANGES, Flags, takes
from fastgen.spec.edits import with_options
from fastgen.spec.side import Side


@takes(*OF_CHANGES, "drop_tables", "delete_edited")
def set_options(
    flags: Flags,
    settings: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME.OPTION=VALUE...",
            help="Options of modules, and flags of resources.",
        ),
    ],
) -> int:
    """Set options of the project's modules, and flags of its resources.

    `fastgen show MODULE` lists the options of a module, and `fastgen generate resource
    --help` the flags of a resource, which are true or false. Tables of what is switched
    off stay in the database until a migration drops them, which --drop-tables writes.

    Example: `fastgen set ci.provider=gitlab`.
    """

    def edit(side: Side) -> Side:
        from fastgen.spec.resource_flags import with_flags

        flags_of = [text for text in settings if text[:1].isupper()]
        options = [text for text in settings if text not in flags_of]
        side = with_options(side, options)
        return with_flags(side, flags_of) if flags_of else side

    return change_project(
        " ".join(["set", *settings]),
        edit,
        flags,
        named=[setting.partition(".")[0].strip() for setting in settings],
    )
