"""`fastgen remove resource` and `fastgen remove field`."""

from collections.abc import Iterable, Sequence

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.cli.command import change_project
from fastgen.cli.flags import Flags
from fastgen.errors import WrongUsage
from fastgen.spec.resource_removal import (
    absent_fields,
    absent_resources,
    without_fields,
    without_resources,
)
from fastgen.spec.side import Side


class ResourceNotNamed(WrongUsage):
    """Missing what to remove. Use `fastgen remove resource NAME...` or `fastgen remove
    field RESOURCE NAME...`."""


def remove_resource_or_field(words: Sequence[str], flags: Flags) -> int:
    """Run `remove resource NAME...` or `remove field RESOURCE NAME...`. Returns the
    exit code."""
    kind, *names = words
    if len(names) < (1 if kind == RESOURCE_KIND else 2):
        raise ResourceNotNamed

    def edit(side: Side) -> Side:
        if kind == RESOURCE_KIND:
            return without_resources(side, names)
        return without_fields(side, names[0], names[1:])

    def absent(side: Side) -> Iterable[str]:
        if kind == RESOURCE_KIND:
            return absent_resources(side, names, dropped=flags.drop_tables)
        return absent_fields(side, names[0], names[1:])

    named = names if kind == RESOURCE_KIND else ()
    command = " ".join(["remove", *words])
    return change_project(command, edit, flags, named=named, absent=absent)
