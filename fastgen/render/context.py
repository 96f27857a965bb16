"""The context of templates: the project, its modules and all contributions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import SimpleNamespace
from typing import Any

from fastgen.catalog.facts import Facts, united
from fastgen.catalog.templates import JINJA, template_paths
from fastgen.errors import NeedsPerson
from fastgen.render.diagrams import diagrams
from fastgen.render.generated import generated_facts
from fastgen.render.jinja import rendered_text, template_text
from fastgen.render.package import facts_with_package, with_package
from fastgen.render.resources import resource_facts
from fastgen.resources.in_spec import kept_tables
from fastgen.spec.side import Chosen
from fastgen.spec.spec import Spec


@dataclass(frozen=True)
class Section:
    """The text that a module contributes to a file of another module."""

    module: str
    text: str


class PartTwice(NeedsPerson):
    """Two parts of {of!r} are called {name!r}, and differ. Rename one of them in its
    module.toml, or the resource that contributes it."""


def template_context(spec: Spec, chosen: Chosen) -> Mapping[str, Any]:
    """The variables that docs/modules.md lists: project, modules, facts, diagrams."""
    facts = facts_with_package(all_facts(chosen, spec), spec.package)
    _check_parts(facts)
    context = {
        "project": SimpleNamespace(
            name=spec.name,
            package=spec.package,
            description=spec.description,
            python=spec.python,
            kept_tables=kept_tables(spec.kept),
        ),
        "modules": {name: dict(options) for name, options in spec.modules.items()},
        "facts": SimpleNamespace(
            **{kind.name: getattr(facts, kind.name) for kind in fields(Facts)}
        ),
        "diagrams": diagrams(spec.resources, (module for module, _ in chosen)),
    }
    context["facts"].sections = _sections(spec, chosen, context)  # type: ignore[attr-defined]
    return context


def _check_parts(facts: Facts) -> None:
    found = Counter((part.of, part.name) for part in facts.parts)
    for (of, name), count in found.items():
        if count > 1:
            raise PartTwice(of=of, name=name)


def all_facts(chosen: Chosen, spec: Spec | None = None) -> Facts:
    """The facts of all chosen modules and variants, plus the contributions of the
    resources and generated items of `spec`."""
    facts = [variant.facts for _, variants in chosen for variant in variants]
    if spec is not None and spec.resources:
        facts.append(resource_facts(spec, chosen))
    if spec is not None and spec.generated:
        facts += generated_facts(spec, (module for module, _ in chosen))
    return united(facts)


def _sections(
    spec: Spec,
    chosen: Chosen,
    context: Mapping[str, Any],
) -> Mapping[str, tuple[Section, ...]]:
    found: dict[str, list[Section]] = {}
    for module, variants in chosen:
        for variant in variants:
            if variant.sections is None:
                continue
            for name, template in template_paths(variant.sections).items():
                where = f"{module.name}: {name}"
                text = with_package(template_text(template, where), spec.package)
                if template.suffix == JINJA:
                    text = rendered_text(text, context, where)
                found.setdefault(name, []).append(Section(module.name, text))
    return {name: tuple(sections) for name, sections in found.items()}
