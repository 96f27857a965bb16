"""The association table of a `many` field, and its names."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.resources.names import snake_case
from fastgen.resources.resource import Field, ResourceSpec


@dataclass(frozen=True)
class Association:
    """A table with pairs of ids: one column for each side."""

    field: Field
    table: str
    own_table: str
    own_column: str
    target_table: str
    target_column: str

    @property
    def index(self) -> str:
        """The name of the index for lookups by the target."""
        return f"ix_{self.table}_{self.target_column}"


def associations_of(
    resource: ResourceSpec, tables: Mapping[str, str]
) -> tuple[Association, ...]:
    """The associations of `resource`. `tables` maps resources to their tables."""
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
    """The association table of `field`; `plural` is the resource's table.

    The table is named after the field, because two fields can have the same target.
    """
    return f"{plural}_{field.name}"


def _other(own: str, target: str) -> str:
    """The column prefix for `target`, with `other_` if the resource `own` uses that
    name itself."""
    return f"other_{target}" if target in (own, f"{own}_row") else target
