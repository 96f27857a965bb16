"""Lines of a resource's model, in the style `mapped` or `fields`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastgen.catalog.resource_facts import ModelStyle
from fastgen.resources.associations import associations_of
from fastgen.resources.back_references import back_name
from fastgen.resources.constraint_names import DEFAULT_NAMES
from fastgen.resources.lines.back_references import back_lines
from fastgen.resources.lines.choices import (
    choice_classes,
    choice_statements,
    default_member,
)
from fastgen.resources.lines.field_view import TargetView, target_view
from fastgen.resources.lines.imports import IN_MODELS, imports_of
from fastgen.resources.lines.pairs import (
    pair_lines,
    populating,
    relation,
    sqlalchemy_prefix,
)
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.lines.values import default_of, hides_time, python_type
from fastgen.resources.references import in_circle, on_delete
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.rules import checks_of
from fastgen.resources.samples import bounds
from fastgen.resources.types import TYPES, Limits

# Types that SQLAlchemy infers from the annotation.
_IMPLIED = frozenset(
    "int float bool date datetime time uuid bytes ref".split()  # noqa: SIM905
)

_HIDDEN = '{"secret": True}'
"""The mark of a column that is never shown, for example to the admin."""

_FIELD_IMPLIED = (_IMPLIED | {"str", "email", "url"}) - {"float"}


@dataclass(frozen=True)
class ModelLines:
    """Statements of models.py."""

    imports: tuple[str, ...]
    """Import lines."""
    far_imports: tuple[str, ...]
    """The TYPE_CHECKING block with imports of models whose files import this one."""
    choices: tuple[str, ...]
    """The classes of enum fields."""
    pairs: tuple[str, ...]
    """The association tables."""
    arguments: str
    """Additional arguments of the class: `, table=True`."""
    table_arguments: str
    """The statement with the constraints of the table, or empty."""
    columns: tuple[str, ...]
    """The columns."""
    relations: tuple[str, ...]
    """The relationships."""


@dataclass(frozen=True)
class _Target:
    """The target of a field. A `quoted` name is imported only for type checkers,
    because its file imports this file."""

    view: TargetView
    quoted: bool

    @property
    def name(self) -> str:
        return self.view.name

    @property
    def table(self) -> str:
        return self.view.table


def model_lines(resource: ResourceSpec, around: Surroundings) -> ModelLines:
    """The lines for the model of `resource`, including its association tables."""
    style, own = around.style, resource.name
    tables = {name: other.plural for name, other in around.resources.items()}
    associations = associations_of(resource, tables)
    circle = in_circle(own, around.resources)
    names = {f.target for f in (*resource.columns, *resource.many) if f.target}
    targets = {
        name: _Target(target_view(name, around), quoted=name in circle)
        for name in sorted(names)
    }
    fields = resource.columns
    hidden = hides_time(fields, [a.field.name for a in associations])
    column = _field_column if style.fields else _column
    related = [f for f in fields if f.target and targets[f.target].view.is_resource]
    backs = around.backs.get(own, ())
    sources = {back.source: back.plural for back in backs if back.source != own}
    columns = [column(field, targets, resource, hidden=hidden) for field in fields]
    models = {own, *targets, *sources}
    constraints = [*_constraints(resource, sqlalchemy_prefix(models))]
    choices = choice_statements(resource)
    back_names = {
        field.name: back_name(own, field, around.backs)
        for field in (*related, *resource.many)
    }
    relations = [
        _relation(f, related, targets, own, style, back_names[f.name]) for f in related
    ]
    quoted = {name for name, target in targets.items() if target.quoted} | {*sources}
    pairs = pair_lines(associations, models, quoted, own, style, back_names)
    relations += pairs.relations
    relations += back_lines(own, backs, style)
    modules = {
        name: target.view.module
        for name, target in targets.items()
        if target.view.is_resource and name != own
    }
    near = {name: module for name, module in modules.items() if name not in quoted}
    modules |= {name: around.module(f"{p}.models") for name, p in sources.items()}
    far = [f"    from {modules[n]} import {n}" for n in modules.keys() - near.keys()]
    known = {**around.helpers, **pairs.names, **near, **IN_MODELS, **style.names}
    statements = [*choices, *pairs.tables, *constraints, *columns, *relations]
    imports = {*imports_of(statements, known)}
    imports |= {"from typing import TYPE_CHECKING"} if far else set()
    return ModelLines(
        imports=tuple(sorted(imports)),
        far_imports=("if TYPE_CHECKING:", *sorted(far)) if far else (),
        choices=choices,
        pairs=pairs.tables,
        arguments=style.arguments,
        table_arguments=(
            f"__table_args__ = ({', '.join(constraints)},)" if constraints else ""
        ),
        columns=tuple(columns),
        relations=tuple(relations),
    )


def _column_type(field: Field, resource: ResourceSpec) -> str:
    if field.kind == "enum":
        (check,) = checks_of(field)
        name = choice_classes(resource)[field.name]
        return f'text_enum({name}, "{check.name(field.column)}")'
    longest = bounds(field)[1] if TYPES[field.kind].limits is Limits.LENGTH else 0
    return TYPES[field.kind].column.format(*field.arguments, max=longest)


def _column(
    field: Field,
    targets: Mapping[str, _Target],
    resource: ResourceSpec,
    *,
    hidden: bool,
) -> str:
    annotation = _annotation_of(field, resource, hidden=hidden)
    annotation += " | None" if field.optional else ""
    arguments = []
    if field.target:
        arguments.append(_foreign_key(field, targets[field.target], resource))
    elif field.kind not in _IMPLIED:
        arguments.append(_column_type(field, resource))
    if (default := _default(field, resource, hidden=hidden)) is not None:
        arguments.append(f"default={default}")
    arguments += _unique(field, resource)
    arguments += [f"info={_HIDDEN}"] if field.writeonly else []
    line = f"{field.column}: Mapped[{annotation}]"
    return f"{line} = mapped_column({', '.join(arguments)})" if arguments else line


def _field_column(
    field: Field,
    targets: Mapping[str, _Target],
    resource: ResourceSpec,
    *,
    hidden: bool,
) -> str:
    annotation = _annotation_of(field, resource, hidden=hidden)
    arguments = []
    if field.optional:
        annotation += " | None"
    default = _default(field, resource, hidden=hidden)
    if default is not None or field.optional:
        arguments.append(default if default is not None else "None")
    if field.target:
        target = targets[field.target]
        if target.quoted and target.name != resource.name:
            key = _foreign_key(field, target, resource)
            arguments.append(f"sa_column_args=[{key}]")
        else:
            arguments.append(f'foreign_key="{target.table}.id"')
            arguments += _on_delete(field)
    elif field.kind in ("str", "email", "url"):
        length = _column_type(field, resource).partition("(")[2].rstrip(")")
        arguments.append(f"max_length={length}")
    elif field.kind not in _FIELD_IMPLIED:
        arguments.append(f"sa_type={_column_type(field, resource)}")
    arguments += _unique(field, resource)
    if field.writeonly:
        arguments.append('sa_column_kwargs={"info": ' + _HIDDEN + "}")
    line = f"{field.column}: {annotation}"
    if arguments == ["None"]:
        return f"{line} = None"
    return f"{line} = Field({', '.join(arguments)})" if arguments else line


def _foreign_key(field: Field, target: _Target, resource: ResourceSpec) -> str:
    arguments = [f'"{target.table}.id"', *_on_delete(field)]
    if target.quoted and target.name != resource.name:
        arguments.append("use_alter=True")
    return f"ForeignKey({', '.join(arguments)})"


def _on_delete(field: Field) -> list[str]:
    action = on_delete(field)
    return [f'ondelete="{action}"'] if action else []


def _annotation_of(field: Field, resource: ResourceSpec, *, hidden: bool) -> str:
    classes = choice_classes(resource)
    return classes.get(field.name) or python_type(field, hidden=hidden)


def _default(field: Field, resource: ResourceSpec, *, hidden: bool) -> str | None:
    if field.kind == "enum" and field.default is not None:
        return default_member(field, choice_classes(resource)[field.name])
    return default_of(field, hidden=hidden)


def _unique(field: Field, resource: ResourceSpec) -> list[str]:
    unique = resource.unique_columns(field) == (field.column,)
    return ["unique=True"] if unique else []


def _constraints(resource: ResourceSpec, prefix: str) -> Iterator[str]:
    """The constraints and indexes of the table, with `prefix` before `Index`."""
    unique = [resource.unique_columns(field) for field in resource.columns]
    for names in unique:
        if len(names) > 1:
            yield f"UniqueConstraint({', '.join(map(_quoted, names))})"
    for field in resource.columns:
        for check in checks_of(field):
            if field.kind != "enum":  # the enum's type creates it
                name = _quoted(check.name(field.column))
                yield f"CheckConstraint({check.sql(field.column)!r}, name={name})"
    for field in resource.columns:
        if columns := resource.index_columns(field):
            name = DEFAULT_NAMES.of_index(resource.plural, columns)
            yield f"{prefix}Index({', '.join(map(_quoted, (name, *columns)))})"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _ambiguous(
    field: Field, related: Sequence[Field], targets: Mapping[str, _Target]
) -> bool:
    """Whether the two tables have another foreign key, in either direction."""
    several = sum(other.target == field.target for other in related) > 1
    return several or targets[field.target].quoted


def _annotation(
    field: Field, targets: Mapping[str, _Target], own: str, style: ModelStyle
) -> str:
    quoted = targets[field.target].quoted or field.target == own
    if not quoted:
        return f"{field.target} | None" if field.optional else field.target
    if not field.optional:
        return f'"{field.target}"'
    return f'Optional["{field.target}"]' if style.fields else f'"{field.target} | None"'


def _relation(
    field: Field,
    related: Sequence[Field],
    targets: Mapping[str, _Target],
    own: str,
    style: ModelStyle,
    back: str,
) -> str:
    arguments = []
    if _ambiguous(field, related, targets):
        keys = f'"{own}.{field.column}"' if style.fields else f"[{field.column}]"
        arguments.append(("foreign_keys", keys))
    if field.target == own:
        arguments.append(("remote_side", f'"{own}.id"'))
    arguments += populating(back)
    arguments.append(("lazy", '"raise"'))
    annotation = _annotation(field, targets, own, style)
    return relation(field.name, annotation, arguments, style)
