"""The edits of a spec that are about modules and their options."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from fastgen.catalog.module import CORE, Module, Options, OptionValue
from fastgen.errors import WrongUsage
from fastgen.names import near_miss
from fastgen.spec.side import Side

if TYPE_CHECKING:
    from fastgen.catalog.facts import ModuleTable


class UnknownOption(WrongUsage):
    """{module} has no option {option!r}{known}."""


class InvalidValue(WrongUsage):
    """{module}.{option} cannot be {value!r}; it is {valid}."""


class MalformedSetting(WrongUsage):
    """{text!r} sets nothing; write MODULE.OPTION=VALUE, for example
    ci.provider=gitlab."""


class SetTwice(WrongUsage):
    """{target} is set to {first} and to {second} at once; choose one of them."""


class ModuleNotChosen(WrongUsage):
    """{module} is not in this project; put it in with `fastgen add {module}`, or with
    `--with {module}` as the project is made."""


def with_modules(side: Side, names: Iterable[str]) -> Side:
    """`side` with the modules `names` and what they require, at their defaults. Modules
    that are there keep their options, as far as the catalog still has them."""
    spec, catalog = side.spec, side.catalog
    chosen = catalog.with_required([*spec.modules, *names])
    modules = {n: _options(catalog[n], spec.modules.get(n, {})) for n in chosen}
    sources = {
        name: catalog[name].source for name in chosen if _is_foreign(catalog[name])
    }
    resources = spec.resources
    if resources:
        from fastgen.resources.in_spec import as_declared

        resources = as_declared(resources, catalog.active(chosen))
    changed = replace(spec, modules=modules, sources=sources, resources=resources)
    return side.with_spec(changed)


def _options(module: Module, given: Options) -> Options:
    """The value of each option of `module`: as given, or else its default."""
    valid = {
        name: given[name]
        for name, option in module.options.items()
        if name in given and option.accepts(given[name])
    }
    return {**module.defaults, **valid}


def without_modules(side: Side, names: Iterable[str]) -> Side:
    """`side` without the modules `names`; one that it does not have is no mistake."""
    spec = side.spec
    gone = {side.catalog[name].name for name in names}
    side.catalog.check_removal(spec.modules, gone)
    left = replace(
        spec,
        modules={n: options for n, options in spec.modules.items() if n not in gone},
        sources={n: source for n, source in spec.sources.items() if n not in gone},
    )
    return side.with_spec(left)


def models_of(modules: Iterable[Module]) -> "dict[str, ModuleTable]":
    """The models that `modules` bring, whatever their options, by name."""
    return {
        table.name: table
        for module in modules
        for variant in module.variants
        if "tables" in variant.contributions
        for table in variant.facts.tables
    }


def with_options(side: Side, settings: Iterable[str]) -> Side:
    """`side` after each `MODULE.OPTION=VALUE`. Raises SetTwice where two disagree."""
    seen: dict[str, str] = {}
    for setting in settings:
        target, _, value = setting.partition("=")
        if seen.setdefault(target.strip(), value) != value:
            raise SetTwice(target=target, first=seen[target.strip()], second=value)
        side = with_option(side, setting)
    return side


def with_option(side: Side, setting: str) -> Side:
    """`side` after one `MODULE.OPTION=VALUE`."""
    target, equals, text = setting.partition("=")
    name, dot, option_name = target.strip().partition(".")
    if not (equals and dot and name and option_name):
        raise MalformedSetting(text=setting)
    spec, module = side.spec, side.catalog[name]
    if name not in spec.modules:
        raise ModuleNotChosen(module=name)
    value = option_value(module, option_name, text.strip())
    options = dict(sorted({**spec.modules[name], option_name: value}.items()))
    changed = replace(spec, modules={**spec.modules, name: options})
    return side.with_spec(changed)


def option_value(module: Module, name: str, text: str) -> OptionValue:
    """The value that `text` stands for. Raises UnknownOption or InvalidValue."""
    if name not in module.options:
        raise unknown_option(module, name)
    option = module.options[name]
    value = option.parsed(text)
    if value is None:
        raise InvalidValue(
            module=module.name, option=name, value=text, valid=option.valid
        )
    return value


def unknown_option(module: Module, name: str) -> UnknownOption:
    known = near_miss(name, module.options)
    if not known and module.options:
        known = f"; it has {', '.join(module.options)}"
    return UnknownOption(module=module.name, option=name, known=known)


def _is_foreign(module: Module) -> bool:
    return module.source.startswith("git+") and module.name != CORE
