"""Edits of generated items in a spec."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from fastgen.catalog.catalog import Catalog, generators_of
from fastgen.catalog.module import Options, OptionValue
from fastgen.errors import WrongUsage
from fastgen.phrases import hint, suggestion
from fastgen.resources.names import (
    check_item_name,
    check_plural,
    may_name_resource,
    plural_of,
)
from fastgen.spec.edits import (
    InvalidValue,
    fitted_options,
    option_value,
    unknown_option,
    with_modules,
)
from fastgen.spec.side import Side
from fastgen.spec.spec import GeneratedItem


class ItemThere(WrongUsage):
    """The project has {kind} {name} already, and its files are yours: edit them, or
    take it out first with `fastgen remove {kind} {name}`."""


class UnknownItem(WrongUsage):
    """The project has no {kind} {name!r}{hint}."""


class NothingNamed(WrongUsage):
    """Missing what to remove. Use `fastgen remove {kind} NAME...`."""


class StillGenerated(WrongUsage):
    """{module} cannot be removed while the project has {kind} {names}; remove that
    first: `fastgen remove {kind} {command}`."""


def with_generated(
    side: Side,
    kind: str,
    name: str,
    plural: str | None = None,
    given: Options | None = None,
) -> Side:
    """`side` with the item of `fastgen generate KIND NAME` and the module of `kind`.
    Options that are not `given` have their defaults."""
    known = named_item(side, kind, name)
    generator = side.catalog.generator(kind)
    check_item_name(name, kind)
    values = _values(kind, given or {}, side.catalog)
    if known:
        wanted = replace(known, options={**known.options, **values})
        if wanted != known or plural not in (None, known.plural):
            raise ItemThere(kind=kind, name=name)
        return side
    plural = plural or plural_of(name)
    check_plural(plural)
    options = fitted_options(generator.options, values)
    item = GeneratedItem(kind, name, plural, options)
    side = with_modules(side, [side.catalog.generating[kind].name])
    items = sorted([*side.spec.generated, item], key=lambda i: (i.kind, i.name))
    return side.with_spec(replace(side.spec, generated=tuple(items)))


def _values(
    kind: str, given: Mapping[str, OptionValue], catalog: Catalog
) -> dict[str, OptionValue]:
    """`given` as valid option values. Raises UnknownOption and InvalidValue."""
    options = catalog.generator(kind).options
    values: dict[str, OptionValue] = {}
    for name, value in given.items():
        if isinstance(value, str):
            values[name] = option_value(kind, options, name, value)
        elif name not in options:
            raise unknown_option(kind, options, name)
        elif not options[name].accepts(value):
            valid = options[name].valid
            raise InvalidValue(owner=kind, option=name, value=value, valid=valid)
        else:
            values[name] = value
    return values


def without_generated(side: Side, kind: str, names: Collection[str]) -> Side:
    """`side` without the items `names` of `kind`; names that it does not have are
    ignored.

    Raises NothingNamed, and UnknownItem for a name that no item can have.
    """
    side.catalog.generator(kind)
    if not names:
        raise NothingNamed(kind=kind)
    for name in names:
        if named_item(side, kind, name) is None and not may_name_resource(name):
            others = [i.name for i in side.spec.generated if i.kind == kind]
            raise UnknownItem(kind=kind, name=name, hint=hint(name, others))
    left = tuple(
        item
        for item in side.spec.generated
        if item.kind != kind or item.name not in names
    )
    return side.with_spec(replace(side.spec, generated=left))


def absent_items(side: Side, kind: str, names: Collection[str]) -> Iterator[str]:
    """A clause for each of `names` that has no item of `kind`."""
    known = [item.name for item in side.spec.generated if item.kind == kind]
    for name in names:
        if name not in known:
            yield f"the project has no {kind} {name}{suggestion(name, known)}"


def named_item(side: Side, kind: str, name: str) -> GeneratedItem | None:
    """The generated item `name` of `kind`; None if there is none."""
    items = (i for i in side.spec.generated if (i.kind, i.name) == (kind, name))
    return next(items, None)


def check_generated(left: Side) -> None:
    """Raise StillGenerated if an item needs a module that is being removed."""
    known = generators_of(left.modules)
    for item in left.spec.generated:
        if item.kind not in known:
            module = left.catalog.generating[item.kind].name
            names = [i.name for i in left.spec.generated if i.kind == item.kind]
            raise StillGenerated(
                module=module,
                kind=item.kind,
                names=", ".join(names),
                command=" ".join(names),
            )
