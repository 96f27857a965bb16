"""Spec -> Tree: the same spec gives the same bytes on every machine."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import Any

from fastgen.catalog.facts import Facts
from fastgen.catalog.module import CORE, Module, Variant
from fastgen.catalog.placeholders import is_of_each
from fastgen.catalog.templates import JINJA, template_paths
from fastgen.errors import NeedsPerson
from fastgen.render.context import all_facts, template_context
from fastgen.render.generated import (
    item_template,
    items_with_generators,
    names_of_item,
)
from fastgen.render.jinja import rendered_text, template_text
from fastgen.render.package import facts_with_package, with_package
from fastgen.render.resources import (
    NAMES,
    names_of,
    resource_template,
    resource_templates,
    resource_views,
)
from fastgen.render.words import Names, named_path, named_text
from fastgen.resources.lines.surroundings import ANYBODY
from fastgen.resources.lines.view import imported_modules
from fastgen.spec.side import Chosen, Side, chosen_variants
from fastgen.spec.spec import Spec
from fastgen.spec.specfile import spec_text
from fastgen.tree import ENVIRONMENT, SPEC_PATH, Entry, Policy, Tree


class MadeTwice(NeedsPerson):
    """Two templates make the file {path}: one of the module {first}, and one of the
    module {second}. Rename one of them, or give the resource another plural."""


class MadeByTemplate(NeedsPerson):
    """A template of the module {module} makes the file {path}, which fastgen writes
    itself. Rename the template."""


def rendered_tree(side: Side) -> Tree:
    """All files that fastgen writes for `side`, including fastgen.toml, unformatted.

    Empty if the spec has no module. Raises MadeByTemplate, MadeTwice and the errors of
    templates.
    """
    spec = side.spec
    if not spec.modules:
        return {}
    chosen = chosen_variants(side)
    context = template_context(spec, chosen)
    tree: dict[str, Entry] = {}
    for path, entry in chain(
        _entries(spec, chosen, context),
        _resource_entries(spec, chosen, context),
        _generated_entries(spec, chosen, context),
    ):
        if path in (SPEC_PATH, ENVIRONMENT):
            raise MadeByTemplate(path=path, module=entry.module)
        if tree.setdefault(path, entry) is not entry:
            first = tree[path].module
            raise MadeTwice(path=path, first=first, second=entry.module)
    tree[SPEC_PATH] = Entry(spec_text(spec).encode(), CORE)
    return dict(sorted(tree.items()))


def project_facts(side: Side) -> Facts:
    """All contributions of the modules of `side`, with the project's package."""
    facts = all_facts(chosen_variants(side), side.spec)
    return facts_with_package(facts, side.spec.package)


def _templates(variants: tuple[Variant, ...]) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    for variant in variants:
        if variant.files is not None:
            found.update(template_paths(variant.files))
    return found


def _entries(
    spec: Spec, chosen: Chosen, context: Mapping[str, Any]
) -> Iterator[tuple[str, Entry]]:
    """The files of modules, which do not depend on resources."""
    for module, variants in chosen:
        for template_path, template in _templates(variants).items():
            path = with_package(template_path, spec.package)
            content = _content(_text(template, spec), template, path, context)
            if content is not None:
                yield path, _entry(content, template_path, module)


def _resource_entries(
    spec: Spec,
    chosen: Chosen,
    context: Mapping[str, Any],
) -> Iterator[tuple[str, Entry]]:
    """The files of each resource, and the files of all resources together."""
    if not spec.resources:
        return
    facts = facts_with_package(all_facts(chosen), spec.package)
    views = resource_views(spec, facts)
    resources = tuple(views.values())
    optional = {helper.module for helper in facts.helpers if helper.optional}
    left_out = optional - imported_modules(resources)
    context = {**context, "resources": resources}
    for module, template_path, template in resource_templates(chosen):
        text = _text(template, spec)
        if not is_of_each(template_path):
            path = with_package(template_path, spec.package)
            content = _content(text, template, path, context)
            if content is not None and _dotted(path) not in left_out:
                yield path, _entry(content, template_path, module)
            continue
        is_template = template.suffix == JINJA and isinstance(text, str)
        if is_template:
            raw = template.read_text("utf-8")
            text = with_package(resource_template(raw), spec.package)
        for view in resources:
            names = names_of(view)
            path = with_package(named_path(template_path, names), spec.package)
            own = text if is_template else _text(template, spec, names)
            of_resource = {**context, "resource": view, NAMES: names}
            content = _content(own, template, path, of_resource)
            if content is not None:
                yield path, _entry(content, template_path, module)


def _dotted(path: str) -> str:
    """The dotted name of the module at `path`."""
    module = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return module.replace("/", ".")


def _generated_entries(
    spec: Spec, chosen: Chosen, context: Mapping[str, Any]
) -> Iterator[tuple[str, Entry]]:
    """The files of generated items, which belong to the user."""
    modules = (module for module, _ in chosen)
    caller = next((c.client for c in context["facts"].callers), ANYBODY)
    for item, generator, module in items_with_generators(spec, modules):
        names = names_of_item(item)
        of_item = {**context, NAMES: names, "options": item.options, "caller": caller}
        found = template_paths(generator.files) if generator.files else {}
        for template_path, template in found.items():
            path = with_package(named_path(template_path, names), spec.package)
            if template.suffix == JINJA:
                named = item_template(template_text(template, path))
                text: str | bytes = with_package(named, spec.package)
            else:
                text = _text(template, spec, names)
            content = _content(text, template, path, of_item)
            if content is not None:
                mode = _mode(content)
                yield path, Entry(content, module.name, Policy.SEED, mode)


def _text(template: Path, spec: Spec, names: Names | None = None) -> str | bytes:
    """The template with `names` and the package name replaced; binary files as
    bytes."""
    raw = template.read_bytes()
    try:
        text = raw.decode("utf-8")
        text = named_text(text, names) if names else text
        return with_package(text, spec.package)
    except UnicodeDecodeError:
        return raw  # an image or a font, for example


def _content(
    text: str | bytes, template: Path, path: str, context: Mapping[str, Any]
) -> bytes | None:
    if isinstance(text, bytes):
        return text
    if template.suffix != JINJA:
        return text.encode()
    rendered = rendered_text(text, context, path)
    return rendered.encode() if rendered.strip() else None


def _entry(content: bytes, path: str, module: Module) -> Entry:
    policies = (p for glob, p in module.policies.items() if fnmatchcase(path, glob))
    policy = next(policies, Policy.SHARED)
    return Entry(content, module.name, policy, _mode(content))


def _mode(content: bytes) -> int:
    return 0o755 if content.startswith(b"#!") else 0o644
