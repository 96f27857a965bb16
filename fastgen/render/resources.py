"""What the modules of a project make of each of its resources."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from fastgen.catalog.facts import Facts, united
from fastgen.catalog.module import Module
from fastgen.catalog.templates import template_paths
from fastgen.render.package import with_texts
from fastgen.resources.lines.generated_names import router_name
from fastgen.resources.lines.view import THING, Model, Surroundings, View, view_of
from fastgen.resources.references import reachable
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.side import Chosen
from fastgen.spec.spec import Spec

THINGS = "things"
"""What stands for the resource's package in paths, and in facts of modules."""

_WORD = re.compile(rf"\b(?:{THINGS}|{THING})\b")


def resource_facts(spec: Spec, chosen: Chosen) -> Facts:
    """What the resources contribute to the files that all modules share."""
    return united(
        [
            _named(variant.resource_facts, resource.name, resource.plural)
            for _, variants in chosen
            for variant in variants
            if variant.of_resource
            for resource in spec.resources.values()
        ]
    )


def resource_templates(chosen: Chosen) -> Iterator[tuple[Module, str, Path]]:
    """Each template with its module, and its path with `things` in it; one without is
    rendered once, for all resources."""
    for module, variants in chosen:
        found: dict[str, Path] = {}
        for variant in variants:
            if variant.resource is not None:
                found.update(template_paths(variant.resource))
        for path, template in found.items():
            yield module, path, template


def resource_views(spec: Spec, facts: Facts) -> Mapping[str, View]:
    """Each resource as its templates see it; `facts` are those of the modules."""
    around = Surroundings(
        resources=spec.resources,
        models={t.name: Model(t.module, t.table) for t in facts.tables},
        sqlmodel=spec.modules.get("database", {}).get("orm") == "sqlmodel",
        auth="auth" in spec.modules,
    )
    return {name: _view(r, around) for name, r in spec.resources.items()}


_VIEWS: dict[object, View] = {}
"""Kept, since base and next have most resources in common."""


def _view(resource: ResourceSpec, around: Surroundings) -> View:
    near = {name: around.resources[name] for name in _near(resource, around)}
    models = tuple(sorted((n, m.table) for n, m in around.models.items()))
    key = (resource, *near.values(), models, around.sqlmodel, around.auth)
    if key not in _VIEWS:
        _VIEWS[key] = view_of(resource, replace(around, resources=near))
    return _VIEWS[key]


def _near(resource: ResourceSpec, around: Surroundings) -> list[str]:
    """The names of the resource and of all resources that it refers to, directly or
    not."""
    return sorted({resource.name, *reachable(resource.name, around.resources)})


def path_for(path: str, plural: str) -> str:
    return path.replace(THINGS, plural)


@cache
def _named(facts: Facts, name: str, plural: str) -> Facts:
    names = {THING: name, THINGS: plural}
    named = with_texts(
        facts, lambda text: _WORD.sub(lambda match: names[match[0]], text)
    )
    routers = tuple(replace(r, name=router_name(r.name)) for r in named.routers)
    return replace(named, routers=routers)
