"""The lines of the statements that read rows of a resource."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.resources.lines.many import ManyView
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class QueryLines:
    """Lines of queries.py, each a text."""

    imports: tuple[str, ...]
    """Import lines."""
    comment: str
    """What the statement of all rows reads, as a comment; or empty."""
    rows: str
    """The expression of the statement of all rows: `select(...)`."""
    by_id: str
    """The condition of the row with an id."""
    filters: tuple[str, ...]
    """The items of a dictionary: each query parameter with its condition."""


def query_lines(
    resource: ResourceSpec,
    related: Sequence[str],
    filtering: Sequence[ManyView],
    around: Surroundings,
) -> QueryLines:
    """The statements of `resource`. Its rows are read with those that they refer to by
    `related`; `filtering` are its fields of the type `many` that filter a list."""
    name, scope, style = resource.name, resource.scope, around.style

    def column(field: str) -> str:
        return style.attribute.format(f"{name}.{field}")

    loads = [style.relationship.format(f"{name}.{field}") for field in related]
    options = ", ".join(f"selectinload({load})" for load in loads)
    rows = f"select({name})" + (f".options({options})" if options else "")
    if scope:
        rows += f".where({column(scope.column)} == bindparam('{scope.column}'))"
    imports = {*style.imports}
    if loads:
        imports |= {"from sqlalchemy.orm import selectinload"}
        imports |= {*style.relationship_imports}
    if filtering:
        tables = ", ".join(found.table for found in filtering)
        models = around.module(f"{resource.plural}.models")
        imports.add(f"from {models} import {tables}")
    queried = [field for field in resource.stored if field.queried]
    return QueryLines(
        imports=tuple(sorted(imports)),
        comment=_comment(related, owner=scope.name if scope else ""),
        rows=rows,
        by_id=f"{column('id')} == bindparam('id')",
        filters=(
            *(
                f'"{f.column}": {column(f.column)} == bindparam("{f.column}"),'
                for f in queried
            ),
            *(f'"{m.field}": {column("id")}.in_({m.filter}),' for m in filtering),
        ),
    )


def _comment(related: Sequence[str], *, owner: str) -> str:
    if owner and related:
        return f"# Those of a {owner}, with what they refer to in one more statement."
    if owner:
        return f"# Those of a {owner}."
    if related:
        return "# With what they refer to, in one more statement each."
    return ""
