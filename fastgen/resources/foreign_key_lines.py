"""Lines of migrations for foreign keys."""

from fastgen.resources.constraint_names import ConstraintNames
from fastgen.resources.tables import Column, ForeignKey


def create_key(table: str, column: Column, names: ConstraintNames) -> str:
    """The line that creates the foreign key of `column`, in a batch."""
    assert column.key is not None
    name, action = key_name(table, column, names), on_delete_argument(column.key)
    target = f'"{column.key.table}", ["{column.name}"], ["id"]'
    return f"batch_op.create_foreign_key({name}, {target}{action})"


def drop_key(table: str, column: Column, names: ConstraintNames) -> str:
    """The line that drops the foreign key of `column`, in a batch."""
    name = key_name(table, column, names)
    return f'batch_op.drop_constraint({name}, type_="foreignkey")'


def key_name(table: str, column: Column, names: ConstraintNames) -> str:
    """The name of the foreign key of `column`, as an expression."""
    assert column.key is not None
    return f'op.f("{names.name("fk", table, (column.name,), column.key.table)}")'


def on_delete_argument(key: ForeignKey) -> str:
    """An additional argument with the action of `key`, or empty."""
    return f", ondelete={key.on_delete!r}" if key.on_delete else ""
