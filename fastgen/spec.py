"""What a project is made of: one value, and the edits that a command makes to it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import CORE, Module, Options, OptionValue, value_text
from fastgen.errors import WrongUsage
from fastgen.names import package_of
from fastgen.pythons import PYTHONS

if TYPE_CHECKING:
    from fastgen.resources.resource import ResourceSpec


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


class UnknownPython(WrongUsage):
    """Python {text!r} is not supported; choose one of {known}."""


DATABASE = "database"
"""The module that resources are made by."""


@dataclass(frozen=True)
class Spec:
    """A project, as fastgen.toml records it.

    `modules` holds every chosen module with all of its options; `sources` where the
    modules that are not fastgen's own come from. `kept` are the tables of modules, or
    of options, that were taken out, each with its module.
    """

    name: str
    package: str
    description: str
    python: str
    salt: str
    version: str
    modules: Mapping[str, Options]
    sources: Mapping[str, str]
    kept: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, "ResourceSpec"] = field(default_factory=dict)


def first_spec(name: str, description: str, python: str, version: str) -> Spec:
    """A project with no module yet."""
    if python not in PYTHONS:
        raise UnknownPython(text=python, known=", ".join(PYTHONS))
    import hashlib

    salt = hashlib.sha256(name.encode()).hexdigest()[:16]
    return Spec(name, package_of(name), description, python, salt, version, {}, {})


def with_modules(spec: Spec, catalog: Catalog, names: Iterable[str]) -> Spec:
    """`spec` with the modules `names` and what they require, at their defaults."""
    chosen = catalog.with_required([*spec.modules, *names])
    modules = {name: spec.modules.get(name, catalog[name].defaults) for name in chosen}
    sources = {
        name: catalog[name].source for name in chosen if _is_foreign(catalog[name])
    }
    return replace(spec, modules=modules, sources=sources)


def without_modules(spec: Spec, catalog: Catalog, names: Iterable[str]) -> Spec:
    """`spec` without the modules `names`; one that it does not have is no mistake."""
    gone = {catalog[name].name for name in names}
    catalog.check_removal(spec.modules, gone)
    return replace(
        spec,
        modules={n: options for n, options in spec.modules.items() if n not in gone},
        sources={n: source for n, source in spec.sources.items() if n not in gone},
    )


def models_of(modules: Iterable[Module]) -> dict[str, str]:
    """The models that `modules` bring, whatever their options, with their tables."""
    return {
        table.name: table.table
        for module in modules
        for variant in module.variants
        if "tables" in variant.contributions
        for table in variant.facts.tables
    }


def with_options(spec: Spec, catalog: Catalog, settings: Iterable[str]) -> Spec:
    """`spec` after each `MODULE.OPTION=VALUE`. Raises SetTwice where two disagree."""
    seen: dict[str, str] = {}
    for setting in settings:
        target, _, value = setting.partition("=")
        if seen.setdefault(target.strip(), value) != value:
            raise SetTwice(target=target, first=seen[target.strip()], second=value)
        spec = with_option(spec, catalog, setting)
    return spec


def with_option(spec: Spec, catalog: Catalog, setting: str) -> Spec:
    """`spec` after one `MODULE.OPTION=VALUE`."""
    target, equals, text = setting.partition("=")
    name, dot, option_name = target.strip().partition(".")
    if not (equals and dot and name and option_name):
        raise MalformedSetting(text=setting)
    module = catalog[name]
    if name not in spec.modules:
        raise ModuleNotChosen(module=name)
    value = option_value(module, option_name, text.strip())
    options = dict(sorted({**spec.modules[name], option_name: value}.items()))
    return replace(spec, modules={**spec.modules, name: options})


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
    from difflib import get_close_matches

    near = get_close_matches(name, module.options, n=1, cutoff=0.5)
    known = f"; did you mean {near[0]}" if near else ""
    if not known and module.options:
        known = f"; it has {', '.join(module.options)}"
    return UnknownOption(module=module.name, option=name, known=known)


def changes_of(old: Spec, new: Spec) -> str:
    """How `new` differs from `old`, in words: `adds auth, mail`."""
    words = []
    if added := [name for name in new.modules if name not in old.modules]:
        words.append(f"adds {', '.join(added)}")
    if removed := [name for name in old.modules if name not in new.modules]:
        words.append(f"removes {', '.join(removed)}")
    words += _resource_changes(old, new)
    words += [
        f"sets {name}.{option}={value_text(value)}"
        for name, options in new.modules.items()
        for option, value in options.items()
        if name in old.modules and old.modules[name].get(option) != value
    ]
    taken = {*added, *new.resources}
    dropped = [
        table
        for table, owner in old.kept.items()
        if table not in new.kept and owner.partition(" ")[0] not in taken
    ]
    words += [f"drops the tables {', '.join(dropped)}"] if dropped else []
    return "; ".join(words)


def _resource_changes(old: Spec, new: Spec) -> Iterator[str]:
    added = [name for name in new.resources if name not in old.resources]
    removed = [name for name in old.resources if name not in new.resources]
    for verb, names in (("adds", added), ("removes", removed)):
        if names:
            noun = "resource" if len(names) == 1 else "resources"
            yield f"{verb} the {noun} {', '.join(names)}"
    for name in old.resources.keys() & new.resources.keys():
        before, after = old.resources[name].by_name, new.resources[name].by_name
        fields = {
            "adds": [f for f in after if f not in before],
            "removes": [f for f in before if f not in after],
            "changes": [f for f in after if f in before and before[f] != after[f]],
        }
        for verb, names in fields.items():
            if names:
                yield f"{verb} {', '.join(f'{name}.{field}' for field in names)}"
        if old.resources[name].access != new.resources[name].access:
            yield f"makes {name} {new.resources[name].access}"


def _is_foreign(module: Module) -> bool:
    return module.source.startswith("git+") and module.name != CORE
