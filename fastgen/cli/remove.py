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
            help="Names of modules, `KIND NAME...` such as `resource Product`, or"
            " `field RESOURCE NAME...`.",
            autocompletion=removable,
        ),
    ],
) -> int:
    """Remove modules, resources, fields, endpoints and other kinds from the project.

    A file that has code of yours is kept and named; --delete-edited deletes it too.
    If your code still imports something that would be removed, nothing is written.
    Tables stay in the database; --drop-tables writes the migration that drops them.

    Examples: `fastgen remove docker`; `fastgen remove resource Product`; `fastgen
    remove field Product rating`; `fastgen remove endpoint Report`.
    """
    names = names_in(modules)
    if names[:1] in ([RESOURCE_KIND], [FIELD_KIND]):
        from fastgen.cli.remove_resource import remove_resource_or_field

        return remove_resource_or_field(names, flags)
    kind, items = "".join(names[:1]), names[1:]
    # A module and a kind can have the same name; only items are capitalized.
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
