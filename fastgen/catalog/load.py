"""A folder with a module.toml -> Module."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fastgen.catalog.generators import check_generators, generators_in
from fastgen.catalog.module import Condition, Module, Option, Synonym, Variant
from fastgen.catalog.options import option_of
from fastgen.catalog.records import (
    listed_tables,
    named_tables,
    one_table,
    record,
    strings,
)
from fastgen.catalog.templates import RESOURCE, SECTIONS, refuse_link
from fastgen.errors import NeedsPerson
from fastgen.tree import Policy

_NAME = re.compile(r"[a-z][a-z0-9_-]*(\+[a-z][a-z0-9_-]*)*")
_VARIABLE = r"[A-Z][A-Z0-9_]*"
_WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEYS = {
    *("summary", "requires", "conflicts", "synonyms", "next"),
    *("options", "policies", "facts", "resource", "flagged", "when", "generators"),
}


class BrokenModule(NeedsPerson):
    """The module in {path} is not valid: {reason}. Fix it, or remove its source."""


class Modules(Mapping[str, Module]):
    """Modules by name. `folders` has the folder and the source of each.

    Each module is read on first use, because most commands need only a few.
    """

    def __init__(self, folders: Mapping[str, tuple[Path, str]]) -> None:
        self._folders = folders
        self._read: dict[str, Module] = {}

    def __getitem__(self, name: str) -> Module:
        if name not in self._read:
            self._read[name] = load_module(*self._folders[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._folders

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


def load_module(folder: Path, source: str = "") -> Module:
    """Read the module in `folder`.

    Raises BrokenModule if it does not have the form of docs/modules.md, and
    LinkInTemplates.
    """
    path = folder / "module.toml"
    refuse_link(path)
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        return _module(table, folder, source)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BrokenModule(path=path, reason=str(error).rstrip(".")) from error


def check_facts(module: Module) -> None:
    """Parse all facts, which otherwise happens when a project is rendered.

    Raises ValueError for an invalid requirement or environment variable.
    """
    from packaging.requirements import Requirement

    of_variants = (
        facts for variant in module.variants for facts in variant.every_facts
    )
    generated = (generator.facts for generator in module.generators.values())
    for facts in (*of_variants, *generated):
        of_groups = (found.requirement for found in facts.group_dependencies)
        for requirement in (
            *facts.dependencies,
            *facts.dev_dependencies,
            *of_groups,
        ):
            Requirement(requirement)
        for variable in facts.variables:
            if not re.fullmatch(_VARIABLE, variable.name):
                raise ValueError(f"{variable.name!r} is no name for a variable")
            if not f"{variable.value}{variable.comment}".isprintable():
                raise ValueError(f"the variable {variable.name} is not of one line")


def _module(table: dict[str, Any], folder: Path, source: str) -> Module:
    if not _NAME.fullmatch(folder.name):
        raise ValueError(f"{folder.name!r} is no name for a module, such as my_module")
    if unknown := table.keys() - _KEYS:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    summary = table.get("summary")
    if not isinstance(summary, str) or not summary.isprintable():
        raise TypeError("there is no 'summary' of one line")
    following = strings("next", table.get("next", []))
    if not "".join(following).isprintable():
        raise ValueError("a text under 'next' is not of one line")
    options = {
        name: option_of(name, values)
        for name, values in sorted(_named("options", table).items())
    }
    module = Module(
        name=folder.name,
        folder=folder,
        summary=summary,
        requires=strings("requires", table.get("requires", [])),
        conflicts=strings("conflicts", table.get("conflicts", [])),
        options=options,
        policies=_policies(one_table("policies", table.get("policies", {}))),
        variants=tuple(_variants(table, folder, options)),
        source=source,
        synonyms=tuple(_synonyms(_listed("synonyms", table), options)),
        next=following,
        generators=generators_in(_listed("generators", table), folder),
    )
    if source:  # a test checks the built-in modules
        check_facts(module)
        check_generators(module)
    return module


def _named(name: str, table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return named_tables(name, table.get(name, {}))


def _listed(name: str, table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return listed_tables(name, table.get(name, []))


def _policies(table: Mapping[str, Any]) -> dict[str, Policy]:
    for pattern, value in table.items():
        if value not in [*Policy]:
            known = " or ".join(Policy)
            raise ValueError(f"the policy of {pattern!r} has to be {known}")
    return {pattern: Policy(value) for pattern, value in table.items()}


def _synonyms(
    rows: Iterable[dict[str, Any]], options: Mapping[str, Option]
) -> Iterator[Synonym]:
    for row in rows:
        if "words" not in row:
            raise ValueError("a synonym has no 'words'")
        words = strings("words", row["words"])
        if wrong := [word for word in words if not _WORD.fullmatch(word)]:
            raise ValueError(
                f"the synonym {wrong[0]!r} is not a word like github-login"
            )
        settings = strings("settings", row.get("settings", []))
        for setting in settings:
            _check_condition(_condition(setting), options)
        synonym: Synonym = record(
            Synonym, {**row, "words": words, "settings": settings}
        )
        yield synonym


def _variants(
    table: Mapping[str, Any], folder: Path, options: Mapping[str, Option]
) -> Iterator[Variant]:
    yield Variant(
        (),
        one_table("facts", table.get("facts", {})),
        *_folders(folder),
        one_table("resource", table.get("resource", {})),
        _named("flagged", table),
    )
    when = _named("when", table)
    variants = folder / "variants"
    refuse_link(variants)
    named = {path.name for path in variants.iterdir()} if variants.is_dir() else set()
    for name in sorted(named | when.keys()):
        conditions = tuple(_condition(part) for part in name.split(","))
        if "+" not in folder.name:  # a bridge names the options of other modules
            for condition in conditions:
                _check_condition(condition, options)
        facts = when.get(name, {})
        yield Variant(conditions, facts, *_folders(variants / name, files=""))


def _folders(
    folder: Path, files: str = "files"
) -> tuple[Path | None, Path | None, Path | None]:
    found = (folder / files, folder / SECTIONS, folder / RESOURCE)
    for path in found:
        refuse_link(path)
    return tuple(path if path.is_dir() else None for path in found)  # type: ignore[return-value]


def _condition(text: str) -> Condition:
    option, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is not of the form option=value")
    return Condition(option, value)


def _check_condition(condition: Condition, options: Mapping[str, Option]) -> None:
    if condition.option not in options:
        raise ValueError(f"there is no option {condition.option!r}")
    if options[condition.option].parsed(condition.value) is None:
        raise ValueError(f"{condition.option!r} is never {condition.value!r}")
