"""`fastgen remove`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from fastgen.catalog.generators import FIELD_KIND, RESOURCE_KIND
from fastgen.cli.command import change_project
from fastgen.cli.completion import removable
from fastgen.cli.flags import OF_CHANGES, Flags, names_in, takes
from fastgen.spec.edits import without_modules
from fastgen.spec.generated_edits import (
    absent_items,
    check_generated,
    without_generated,
)
from fastgen.spec.side import Side


@takes(*OF_CHANGES, "drop_tables", "delete_edited")
def remove(
    flags: Flags,
    modules: Annotated[
        list[str],
        typer.Argument(
            metavar="MODULE...",
            help="Modules; or `KIND NAME...`, as in `resource Product`; or `field"
            " RESOURCE NAME...`.",
            autocompletion=removable,
        ),
    ],
) -> int:
    """Take modules, resources, fields and what else was generated out of the project.

    A file with code of yours in it is kept, and named; --delete-edited deletes it as
    well. Where your own code still imports what is removed, nothing is written. Tables
    stay in the database until a migration drops them, which --drop-tables writes.

    Examples: `fastgen remove docker`; `fastgen remove resource Product`; `fastgen
    remove field Product rating`; `fastgen remove endpoint Report`.
    """
    names = names_in(modules)
    if names[:1] in ([RESOURCE_KIND], [FIELD_KIND]):
        from fastgen.cli.remove_resource import remove_resource_or_field

        return remove_resource_or_field(names, flags)
    kind, items = "".join(names[:1]), names[1:]
    # A module and a kind may have one name; only what was generated has a capital.
    of_kind = bool(items) and all(name[0].isupper() for name in items)

    def edit(side: Side) -> Side:
        if of_kind or side.catalog.is_kind_alone(kind):
            return without_generated(side, kind, items)
        left = without_modules(side, names)
        if left.spec.resources:
            from fastgen.spec.resource_removal import check_modules

            check_modules(left, names)
        check_generated(left)
        return left

    def absent(side: Side) -> Iterator[str]:
        if of_kind or side.catalog.is_kind_alone(kind):
            yield from absent_items(side, kind, items)
            return
        kept = {*side.spec.kept.values()} if flags.drop_tables else set()
        for name in names:
            if name not in {*side.spec.modules, *kept}:
                yield f"{name} is not in this project"

    return change_project(
        " ".join(["remove", *names]),
        edit,
        flags,
        named=() if of_kind else names,
        absent=absent,
    )
