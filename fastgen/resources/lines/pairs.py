"""Lines of a model for `many` fields: association tables and relationships."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastgen.catalog.resource_facts import ModelStyle
from fastgen.resources.associations import Association

_NAMES = frozenset({"Table", "Column", "Index"})

Arguments = list[tuple[str, str]]
"""Keywords with their expressions."""


@dataclass(frozen=True)
class PairLines:
    """Lines of a model. `names` are the SQLAlchemy names in the lines, with their
    modules."""

    tables: tuple[str, ...]
    relations: tuple[str, ...]
    names: Mapping[str, str]


def pair_lines(
    associations: Iterable[Association],
    models: Collection[str],
    quoted: Collection[str],
    own: str,
    style: ModelStyle,
    backs: Mapping[str, str],
) -> PairLines:
    """The lines for the model `own`.

    `models` are all model names in the file. `quoted` are the models that only type
    checkers import. `backs` are the names of the back references, by field.
    """
    prefix = sqlalchemy_prefix(models)
    found = tuple(associations)
    return PairLines(
        tables=tuple(_table(a, prefix) for a in found),
        relations=tuple(_relation(a, quoted, own, style, backs) for a in found),
        names={} if prefix else dict.fromkeys(_NAMES, "sqlalchemy"),
    )


def sqlalchemy_prefix(models: Collection[str]) -> str:
    """The prefix of `Table`, `Column` and `Index` in a file with `models`.

    A model may be called Table, for example in a project for restaurants.
    """
    return "" if _NAMES.isdisjoint(models) else "sa."


def _table(association: Association, prefix: str) -> str:
    own, target = association.own_column, association.target_column
    arguments = (
        f'"{association.table}"',
        "Base.metadata",
        f"{prefix}Column({_key(own, association.own_table)})",
        f"{prefix}Column({_key(target, association.target_table)})",
        f'{prefix}Index("{association.index}", "{target}", "{own}")',
    )
    return f"{association.table} = {prefix}Table({', '.join(arguments)})"


def _key(column: str, table: str) -> str:
    key = f'ForeignKey("{table}.id", ondelete="CASCADE")'
    return f'"{column}", {key}, primary_key=True'


def _annotation(association: Association, quoted: Collection[str], own: str) -> str:
    name = association.field.target
    return f'list["{name}"]' if name in quoted or name == own else f"list[{name}]"


def _relation(
    association: Association,
    quoted: Collection[str],
    own: str,
    style: ModelStyle,
    backs: Mapping[str, str],
) -> str:
    annotation = _annotation(association, quoted, own)
    back = backs[association.field.name]
    arguments = arguments_of_pairs(association, own, association.table, back)
    return relation(association.field.name, annotation, arguments, style)


def relation(
    name: str, annotation: str, arguments: Iterable[tuple[str, str]], style: ModelStyle
) -> str:
    """The statement of the relationship `name`. `arguments` are pairs of a keyword and
    an expression."""
    if style.fields:
        given = ", ".join(f'"{key}": {value}' for key, value in arguments)
        return (
            f"{name}: {annotation} = Relationship(sa_relationship_kwargs={{{given}}})"
        )
    given = ", ".join(f"{key}={value}" for key, value in arguments)
    return f"{name}: Mapped[{annotation}] = relationship({given})"


def populating(back: str) -> Arguments:
    """The argument of a relationship whose other side is called `back`, if any."""
    return [("back_populates", f'"{back}"')] if back else []


def arguments_of_pairs(
    association: Association,
    own: str,
    secondary: str,
    back: str,
    *,
    turned: bool = False,
) -> Iterator[tuple[str, str]]:
    """The arguments of a relationship through the association table. `secondary` is the
    expression of that table, `back` the name of the other side. With `turned`, it is
    the side of the target."""
    table = association.table
    yield "secondary", secondary
    if association.own_table == association.target_table:
        columns = (association.own_column, association.target_column)
        pairs = zip(
            ("primaryjoin", "secondaryjoin"),
            reversed(columns) if turned else columns,
            strict=True,
        )
        for join, column in pairs:
            yield join, f"lambda: {table}.c.{column} == {own}.id"
    yield from populating(back)
    yield "lazy", '"raise"'
    yield "passive_deletes", "True"
