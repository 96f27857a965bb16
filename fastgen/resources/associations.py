"""A field of the type `many`: the table of its pairs, and what its parts are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.resources.names import snake_case
from fastgen.resources.resource import Field, ResourceSpec


@dataclass(frozen=True)
class Association:
    """A table of pairs, with a column for each side."""

    field: Field
    table: str
    own_table: str
    own_column: str
    target_table: str
    target_column: str

    @property
    def index(self) -> str:
        """The name of the index for the other direction."""
        return f"ix_{self.table}_{self.target_column}"


def associations_of(
    resource: ResourceSpec, tables: Mapping[str, str]
) -> tuple[Association, ...]:
    """Those of `resource`; `tables` has the table of each that it may refer to."""
    own = snake_case(resource.name)
    return tuple(
        Association(
            field=field,
            table=pairs_table(resource.plural, field),
            own_table=resource.plural,
            own_column=f"{own}_id",
            target_table=tables.get(field.target, field.target),
            target_column=f"{_other(own, snake_case(field.target))}_id",
        )
        for field in resource.many
    )


def pairs_table(plural: str, field: Field) -> str:
    """The table of `field`, of the resource with the table `plural`: it has the name of
    the field, since two of them may lead to the same resource."""
    return f"{plural}_{field.name}"


def _other(own: str, target: str) -> str:
    """The name that stands for `target`, unless the resource `own` has that name itself
    or uses it for a variable."""
    return f"other_{target}" if target in (own, f"{own}_row") else target
