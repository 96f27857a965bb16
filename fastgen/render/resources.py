"""Facts, templates and views of resources."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from fastgen.catalog.facts import Facts, united
from fastgen.catalog.module import Module
from fastgen.catalog.resource_facts import ModelStyle
from fastgen.catalog.templates import template_paths
from fastgen.render.package import facts_with_package
from fastgen.render.words import TAGS, Names, as_template, named_facts
from fastgen.resources.back_references import back_references, backs_near
from fastgen.resources.lines.surroundings import ANYBODY, Surroundings
from fastgen.resources.lines.view import View
from fastgen.resources.references import reachable
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.side import Chosen
from fastgen.spec.spec import Spec

NAMES = "names"
"""The variable with the resource's names in its templates."""

_CLIENT = re.compile(r"(?<!\w)thing_(client|caller)(?!\w)")

_ITEM = r'(?<![\w."])(?:"owner_id": |owner_id=)?owner_id(?!\w)(?:: [\w.]+)?'
"""The owner's id as a parameter, an argument or an item of a dictionary."""

_OWNER = re.compile(
    r', \{"owner_id": owner_id\}'
    rf"|\n[ \t]*{_ITEM},?(?=\n)"
    rf"|{_ITEM}, "
    rf"|, {_ITEM}(?=\s*[)\]}}])"
    rf"|(?<=[(\[]){_ITEM}(?=[)\]])"
    r'|(?<=\{)"owner_id": owner_id(?=\})'
)
"""`_ITEM` with its comma, or with its whole line."""

_OWNER_WORD = re.compile(
    rf"{TAGS.pattern}|(?<!\w)(?P<word>owner_id|OwnerId)(?!\w)", TAGS.flags
)
"""All other occurrences; Jinja tags are skipped."""


def resource_facts(spec: Spec, chosen: Chosen) -> Facts:
    """The contributions of the resources to shared files."""
    taken = _names_of_modules(chosen)
    return united(
        [
            named_facts(facts, Names(resource.name, resource.plural), taken)
            for _, variants in chosen
            for variant in variants
            for resource in spec.resources.values()
            for facts in variant.facts_of_resource(resource.flags)
        ]
    )


def _names_of_modules(chosen: Chosen) -> frozenset[str]:
    """The names that main.py and the load test import for modules."""
    every = [variant.facts for _, variants in chosen for variant in variants]
    names = {router.name for facts in every for router in facts.routers}
    names |= {mount.name for facts in every for mount in facts.mounts}
    names |= {task.name for facts in every for task in facts.load_tasks}
    names |= {n for facts in every for g in facts.guards for n in (g.name, g.amend)}
    return frozenset(names)


def resource_templates(chosen: Chosen) -> Iterator[tuple[Module, str, Path]]:
    """Each template with its module and its path."""
    for module, variants in chosen:
        found: dict[str, Path] = {}
        for variant in variants:
            if variant.resource is not None:
                found.update(template_paths(variant.resource))
        for path, template in found.items():
            yield module, path, template


@cache
def resource_template(text: str) -> str:
    """The Jinja template for the text of a resource template.

    Placeholders become the names of the resource. `OwnerId` becomes the dependency of
    its scope. `thing_client` becomes the fixture of a client with all permissions, and
    `thing_caller` the fixture of an ordinary logged-in client.

    `owner_id` becomes the column of the scope. Without a scope, a parameter, argument
    or item `owner_id` is removed; in any other place it is an error.
    """

    def item(match: re.Match[str]) -> str:
        # A plus keeps the newline after the tag.
        return f"{{%+ if resource.scope +%}}{match[0]}{{%+ endif +%}}"

    def word(match: re.Match[str]) -> str:
        if match["word"] is None:
            return match[0]  # a Jinja tag
        key = "column" if match["word"] == "owner_id" else "dependency"
        return f"{{{{ resource.scope.{key} }}}}"

    text = _CLIENT.sub(r"{{ resource.tests.\1 }}", text)
    text = _OWNER.sub(item, text)
    text = re.sub(r"\{(?=\{%\+ if resource)", '{{ "{" }}', text)
    text = _OWNER_WORD.sub(word, text)
    text = re.sub(r"\{(?=\{\{ resource\.scope)", '{{ "{" }}', text)
    return as_template(text, NAMES)


def resource_views(spec: Spec, facts: Facts) -> Mapping[str, View]:
    """The view of each resource for its templates. `facts` are the facts of the
    modules, with the project's package."""
    resources = {
        name: replace(
            resource,
            access=facts_with_package(resource.access, spec.package),
            scope=facts_with_package(resource.scope, spec.package),
        )
        for name, resource in spec.resources.items()
    }
    around = Surroundings(
        package=spec.package,
        resources=resources,
        models={table.name: table for table in facts.tables},
        helpers={name: h.module for h in facts.helpers for name in h.names},
        style=next(iter(facts.model_styles), ModelStyle("mapped")),
        caller=next((caller.client for caller in facts.callers), ANYBODY),
        backs=back_references(resources),
    )
    return {name: _view(r, around) for name, r in resources.items()}


def names_of(view: View) -> Names:
    """The names of a resource. Always the same object, because the cache of rendered
    texts compares by identity."""
    return _names(view.name, view.plural)


_names = cache(Names)

_VIEWS: dict[object, View] = {}
"""Cached because base and next have most resources in common."""


def _view(resource: ResourceSpec, around: Surroundings) -> View:
    near = {name: around.resources[name] for name in _near(resource, around)}
    models = {f.target for r in near.values() for f in r.columns if f.target}
    known = {name: m for name, m in sorted(around.models.items()) if name in models}
    backs = backs_near(resource.name, around.backs)
    around = replace(around, resources=near, models=known, backs=backs)
    # Mappings have no hash, so the key holds their items.
    mappings: tuple[Mapping[str, object], ...] = (
        *(around.resources, around.models, around.helpers, around.style.names),
        around.backs,
    )
    key = (
        *(tuple(sorted(mapping.items(), key=_first)) for mapping in mappings),
        *(resource, around.package, around.caller, around.style),
    )
    if key not in _VIEWS:
        _VIEWS[key] = View(resource, around)
    return _VIEWS[key]


def _first(item: tuple[str, object]) -> str:
    return item[0]


def _near(resource: ResourceSpec, around: Surroundings) -> list[str]:
    """The names of the resource and of all direct and indirect references."""
    return sorted({resource.name, *reachable(resource.name, around.resources)})
