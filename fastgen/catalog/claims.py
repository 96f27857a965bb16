"""Checks that two modules never define the same path, setting or route."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module, Variant
from fastgen.catalog.placeholders import is_of_each
from fastgen.catalog.templates import template_paths
from fastgen.errors import NeedsPerson
from fastgen.tree import ENVIRONMENT, SPEC_PATH

if TYPE_CHECKING:
    from fastgen.catalog.facts import Facts


class ReservedPath(NeedsPerson):
    """The module {name} has a file {path}, which is fastgen's own to write; take it out
    of the module."""


class BridgeCondition(NeedsPerson):
    """The bridge {name} has a condition on {option}={value}, which never holds; a
    bridge names the options of its ends, as in auth.totp=true."""


class ClaimedTwice(NeedsPerson):
    """The modules {first} and {second} both claim {what}; one of them has to change, or
    to name the other under `conflicts`."""


class KindTaken(NeedsPerson):
    """The modules {first} and {second} both declare `fastgen generate {kind}`; one of
    them has to call it something else."""


class WordTaken(NeedsPerson):
    """The module {name} cannot have the synonym {word!r}, which is {owner}. Remove it
    from the module."""


CLAIMED: Mapping[str, tuple[str, ...]] = {
    "routers": ("the router {name}",),
    "middleware": ("the middleware {name}",),
    "connections": ("the connection {name}",),
    "settings": ("the setting {field}",),
    "variables": ("the variable {name}",),
    "checks": ("the check {name}",),
    "tables": ("the table {table}", "the model {name}"),
    "guards": ("the guard {name}",),
    "mounts": ("the mount {name}",),
    "services": ("the service {name}",),
    "container_variables": ("the container's variable {name}",),
    "test_services": ("the test service {name}",),
    "egress": ("the egress {name}",),
    "load_tasks": ("the load task {name}",),
    "scopes": ("the scope {name}",),
    "accesses": ("the option --{name} of resources",),
    "callers": ("how tests log in",),
    "flags": ("the option --{name} of resources",),
    "parts": ("the part {name} of {of}",),
    "helpers": ("the imported name {names}",),
    "model_styles": ("how models are written",),
}
"""The names that a fact of each kind claims, as formats with the keys of the fact. A
list claims each of its items. A format without keys belongs to one module in total."""

UNCLAIMED: Mapping[str, str] = {
    "group_dependencies": "Several modules may have the same requirement.",
    "repository_files": "The file itself is claimed by its path.",
}
"""The kinds of fact that have keys but claim nothing, with the reason."""


def check_claims(catalog: Catalog) -> None:
    """Raise an error if modules that can be used together collide.

    Raises WordTaken, KindTaken, ReservedPath, BridgeCondition and ClaimedTwice.
    """
    _check_words(catalog)
    # Paths that differ only in case are the same file on many disks.
    owners: dict[str, list[tuple[Module, str]]] = {}
    kinds: dict[str, Module] = {}
    for module in catalog.modules.values():
        for kind in module.generators:
            first = kinds.setdefault(kind, module)
            if first is not module:
                raise KindTaken(first=first.name, second=module.name, kind=kind)
        _check_reserved(module)
        _check_bridge(module, catalog)
        found = {c.casefold(): c for v in module.variants for c in _claims(v)}
        for key, claim in found.items():
            owners.setdefault(key, []).append((module, claim))
    for claims in owners.values():
        for (first, claim), (second, _) in combinations(claims, 2):
            if not _exclude_each_other(first, second):
                raise ClaimedTwice(first=first.name, second=second.name, what=claim)


def _check_words(catalog: Catalog) -> None:
    """Raise WordTaken if a synonym is ambiguous. A module from elsewhere may have the
    synonym of a built-in module as its name; the name wins."""
    owners: dict[str, str] = {}
    # Built-in modules come first, so the error blames the other module.
    for module in sorted(catalog.modules.values(), key=lambda module: module.source):
        for word in (word for synonym in module.synonyms for word in synonym.words):
            owner = owners.setdefault(word, module.name)
            named = catalog.modules.get(word)
            what = f"one of the module {owner}" if owner != module.name else ""
            if named and (module.source or not named.source):
                what = "the name of a module"
            if what:
                raise WordTaken(name=module.name, word=word, owner=what)


def fact_claims(facts: "Facts") -> Iterator[str]:
    """The names that `facts` claim; only one module can have each."""
    for kind, forms in CLAIMED.items():
        for fact in getattr(facts, kind):
            for form in forms:
                yield from _filled(form, vars(fact))


def _filled(form: str, values: Mapping[str, Any]) -> Iterator[str]:
    lists = {k: v for k, v in values.items() if f"{{{k}}}" in form and type(v) is tuple}
    for key, items in lists.items():
        yield from (form.format_map({**values, key: item}) for item in items)
    if not lists:
        yield form.format_map(values)


def _check_reserved(module: Module) -> None:
    for variant in module.variants:
        for folder in filter(None, (variant.files, variant.resource)):
            for path in template_paths(folder):
                if path.casefold() in (SPEC_PATH, ENVIRONMENT):
                    raise ReservedPath(name=module.name, path=path)


def _check_bridge(module: Module, catalog: Catalog) -> None:
    """Check the conditions of a bridge, which name options of other modules."""
    ends = {name: catalog.modules.get(name) for name in module.bridges}
    if not all(ends.values()):
        return  # the bridge is never active
    for condition in (c for variant in module.variants for c in variant.conditions):
        name, _, option = condition.option.partition(".")
        end = ends.get(name)
        known = end.options.get(option) if end else None
        if module.bridges and (not known or known.parsed(condition.value) is None):
            raise BridgeCondition(
                name=module.name, option=condition.option, value=condition.value
            )


def _exclude_each_other(first: Module, second: Module) -> bool:
    names, others = (module.bridges or (module.name,) for module in (first, second))
    return bool(
        set(first.conflicts).intersection(others)
        or set(second.conflicts).intersection(names)
    )


def _claims(variant: Variant) -> Iterator[str]:
    yield from _file_claims(variant.files)
    yield from fact_claims(variant.facts)
    for claim in _claims_of_resources(variant):
        yield f"{claim} of each resource" if is_of_each(claim) else claim


def _claims_of_resources(variant: Variant) -> Iterator[str]:
    """The claims of a variant in a project with a resource. A claim with `things` in it
    is separate for each resource."""
    yield from _file_claims(variant.resource)
    for facts in (variant.resource_facts, *variant.flagged_facts.values()):
        yield from fact_claims(facts)


def _file_claims(folder: Path | None) -> Iterator[str]:
    if folder is not None:
        yield from (f"the file {path}" for path in template_paths(folder))
