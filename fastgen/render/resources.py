"""What the modules of a project make of each of its resources."""

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
from fastgen.resources.lines.surroundings import ANYBODY, Surroundings
from fastgen.resources.lines.view import View
from fastgen.resources.references import reachable
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.side import Chosen
from fastgen.spec.spec import Spec

NAMES = "names"
"""What the names of the resource are called in its templates."""

_CLIENT = re.compile(r"(?<!\w)thing_(client|caller)(?!\w)")

_ITEM = r'(?<![\w."])(?:"owner_id": |owner_id=)?owner_id(?!\w)(?:: [\w.]+)?'
"""A parameter, an argument or an item of a dictionary: the owner's id."""

_OWNER = re.compile(
    r', \{"owner_id": owner_id\}'
    rf"|\n[ \t]*{_ITEM},?(?=\n)"
    rf"|{_ITEM}, "
    rf"|, {_ITEM}(?=\s*[)\]}}])"
    rf"|(?<=[(\[]){_ITEM}(?=[)\]])"
    r'|(?<=\{)"owner_id": owner_id(?=\})'
)
"""The same with the comma that goes with it, or with its line."""

_OWNER_WORD = re.compile(
    rf"{TAGS.pattern}|(?<!\w)(?P<word>owner_id|OwnerId)(?!\w)", TAGS.flags
)
"""Anywhere else; what is Jinja's stays."""


def resource_facts(spec: Spec, chosen: Chosen) -> Facts:
    """What the resources contribute to the files that all modules share."""
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
    """What main.py and the load test import for the modules themselves."""
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
    """The template of Jinja that the text of a template of each resource stands for.

    Words become the names of the resource. `owner_id` becomes the column of its scope;
    where it has none, a parameter, argument or item is left out, and `owner_id` in any
    other place is an error. `OwnerId` becomes the dependency of the scope,
    `thing_client` the fixture of a client that may do everything, and `thing_caller`
    that of one that may do what all who log in may.
    """

    def item(match: re.Match[str]) -> str:
        # A plus keeps the line end behind the tag.
        return f"{{%+ if resource.scope +%}}{match[0]}{{%+ endif +%}}"

    def word(match: re.Match[str]) -> str:
        if match["word"] is None:
            return match[0]  # Jinja's
        key = "column" if match["word"] == "owner_id" else "dependency"
        return f"{{{{ resource.scope.{key} }}}}"

    text = _CLIENT.sub(r"{{ resource.tests.\1 }}", text)
    text = _OWNER.sub(item, text)
    text = re.sub(r"\{(?=\{%\+ if resource)", '{{ "{" }}', text)
    text = _OWNER_WORD.sub(word, text)
    text = re.sub(r"\{(?=\{\{ resource\.scope)", '{{ "{" }}', text)
    return as_template(text, NAMES)


def resource_views(spec: Spec, facts: Facts) -> Mapping[str, View]:
    """Each resource as its templates see it; `facts` are those of the modules, with the
    project's package."""
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
    )
    return {name: _view(r, around) for name, r in resources.items()}


def names_of(view: View) -> Names:
    """The names of a resource; the same object each time, by which a rendered text is
    known again."""
    return _names(view.name, view.plural)


_names = cache(Names)

_VIEWS: dict[object, View] = {}
"""Kept, since base and next have most resources in common."""


def _view(resource: ResourceSpec, around: Surroundings) -> View:
    near = {name: around.resources[name] for name in _near(resource, around)}
    models = {f.target for r in near.values() for f in r.columns if f.target}
    known = {name: m for name, m in sorted(around.models.items()) if name in models}
    around = replace(around, resources=near, models=known)
    # Everything but mappings has a hash.
    mappings = (around.resources, around.models, around.helpers, around.style.names)
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
    """The names of the resource and of all resources that it refers to, directly or
    not."""
    return sorted({resource.name, *reachable(resource.name, around.resources)})
