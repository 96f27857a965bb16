"""Edits of modules and their options in a spec."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from fastgen.catalog.catalog import generators_of
from fastgen.catalog.module import (
    CORE,
    Generator,
    Module,
    Option,
    Options,
    OptionValue,
)
from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.phrases import hint, in_words
from fastgen.spec.side import Side
from fastgen.spec.spec import GeneratedItem

if TYPE_CHECKING:
    from fastgen.catalog.facts import ModuleTable


class UnknownOption(WrongUsage):
    """{owner} has no option {option!r}{hint}."""


class InvalidValue(WrongUsage):
    """{owner}.{option} cannot be {value!r}; it is {valid}."""


class GeneratorGone(WrongUsage):
    """The project has {kind} {name}, and no module generates that any more; remove it
    first, with `fastgen remove {kind} {name}`."""


class MalformedSetting(WrongUsage):
    """Invalid setting {text!r}. Use MODULE.OPTION=VALUE, for example
    ci.provider=gitlab, or RESOURCE.FLAG=true."""


class SetTwice(WrongUsage):
    """{target} is set to {first} and to {second} at once; choose one of them."""


class ModuleNotChosen(WrongUsage):
    """The module {module} is not in this project. Add it with `fastgen add {module}`,
    or pass `--with {module}` to `fastgen new`."""


def with_modules(side: Side, names: Iterable[str]) -> Side:
    """`side` with the modules `names` and the modules that they require.

    New modules get their default options. Existing modules keep the options that the
    catalog still has.
    """
    spec, catalog = side.spec, side.catalog
    chosen = catalog.with_required([*spec.modules, *names])
    modules = {
        n: fitted_options(catalog[n].options, spec.modules.get(n, {})) for n in chosen
    }
    sources = {
        name: catalog[name].source for name in chosen if _is_foreign(catalog[name])
    }
    generators = generators_of(catalog[name] for name in chosen)
    changed = replace(
        spec,
        modules=modules,
        sources=sources,
        generated=tuple(_fitted(item, generators) for item in spec.generated),
    )
    return _redeclared(side.with_spec(changed))


def _redeclared(side: Side) -> Side:
    """`side` with the accesses of its resources updated to the current declarations."""
    if not side.spec.resources:
        return side
    from fastgen.resources.in_spec import as_declared
    from fastgen.spec.declared import accesses_there

    resources = as_declared(side.spec.resources, accesses_there(side))
    return side.with_spec(replace(side.spec, resources=resources))


def fitted_options(options: Mapping[str, Option], given: Options) -> Options:
    """The value of each option: the given value if it is valid, else the default."""
    return {
        name: given[name]
        if name in given and option.accepts(given[name])
        else option.default
        for name, option in options.items()
    }


def _fitted(item: GeneratedItem, known: Mapping[str, Generator]) -> GeneratedItem:
    """`item` with the current options of its kind, which a newer commit of the module
    may have changed. Raises GeneratorGone."""
    if item.kind not in known:
        raise GeneratorGone(kind=item.kind, name=item.name)
    options = fitted_options(known[item.kind].options, item.options)
    return item if options == item.options else replace(item, options=options)


class ModuleUnavailable(NeedsPerson):
    """The module {name}, whose tables fastgen.toml keeps ({tables}), is not available
    any more. To drop these tables, add the module again with `fastgen add
    git+URL@REF#FOLDER`, then run `fastgen remove {name} --drop-tables`."""


def without_modules(side: Side, names: Iterable[str]) -> Side:
    """`side` without the modules `names`; modules that it does not have are ignored.

    Raises ModuleUnavailable, UnknownModule, CoreStays and StillRequired.
    """
    spec = side.spec
    names = tuple(names)
    for name in names:
        tables = sorted(table for table, owner in spec.kept.items() if owner == name)
        if tables and name not in side.catalog.modules:
            raise ModuleUnavailable(name=name, tables=in_words(tables))
    gone = {side.catalog[name].name for name in names}
    side.catalog.check_removal(spec.modules, gone)
    left = replace(
        spec,
        modules={n: options for n, options in spec.modules.items() if n not in gone},
        sources={n: source for n, source in spec.sources.items() if n not in gone},
    )
    return side.with_spec(left)


def models_of(modules: Iterable[Module]) -> "dict[str, ModuleTable]":
    """The models that `modules` can declare with any options, by name.

    These names are reserved. `models_there` returns the models of a project.
    """
    return {
        table.name: table
        for module in modules
        for variant in module.variants
        if "tables" in variant.contributions
        for table in variant.facts.tables
    }


def settings_in(texts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The name, option and value of each `NAME.OPTION=VALUE`.

    Raises MalformedSetting, and SetTwice for two values of one option.
    """
    seen: dict[tuple[str, str], str] = {}
    for text in texts:
        target, equals, value = (part.strip() for part in text.partition("="))
        name, dot, option = (part.strip() for part in target.partition("."))
        if not (equals and dot and name and option):
            raise MalformedSetting(text=text)
        if value.lower() in ("true", "false"):
            value = value.lower()
        first = seen.setdefault((name, option), value)
        if first != value:
            raise SetTwice(target=target, first=first, second=value)
        yield name, option, value


def with_options(side: Side, settings: Iterable[str]) -> Side:
    """`side` with each `MODULE.OPTION=VALUE` applied.

    Raises UnknownModule, ModuleNotChosen and the errors of `settings_in` and
    `option_value`.
    """
    for name, option, text in settings_in(settings):
        spec, module = side.spec, side.catalog[name]
        if name not in spec.modules:
            raise ModuleNotChosen(module=name)
        value = option_value(name, module.options, option, text)
        options = dict(sorted({**spec.modules[name], option: value}.items()))
        side = side.with_spec(replace(spec, modules={**spec.modules, name: options}))
    return _redeclared(side)


def option_value(
    owner: str, options: Mapping[str, Option], name: str, text: str
) -> OptionValue:
    """The value of the option `name` of `owner` for `text`. Raises UnknownOption or
    InvalidValue."""
    if name not in options:
        raise unknown_option(owner, options, name)
    value = options[name].parsed(text)
    if value is None:
        raise InvalidValue(
            owner=owner, option=name, value=text, valid=options[name].valid
        )
    return value


def unknown_option(
    owner: str, options: Mapping[str, Option], name: str
) -> UnknownOption:
    return UnknownOption(owner=owner, option=name, hint=hint(name, options))


def _is_foreign(module: Module) -> bool:
    return module.source.startswith("git+") and module.name != CORE
