"""Name collisions between generated items and other parts of a project."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from fastgen.catalog.claims import fact_claims
from fastgen.catalog.module import Generator, Module
from fastgen.catalog.templates import template_paths
from fastgen.errors import WrongUsage
from fastgen.render.generated import items_with_generators, names_of_item
from fastgen.render.package import with_package
from fastgen.render.words import Names, named_facts, named_path
from fastgen.spec.side import Side
from fastgen.spec.spec import GeneratedItem, Spec
from fastgen.tree import ENVIRONMENT, SPEC_PATH

Claims = Iterator[tuple[str, str]]
"""Claimed paths and facts, each with a description of the owner."""

_OTHER = Names("Name", "names")
"""Names that differ from the placeholders of every template."""


class NameInUse(WrongUsage):
    """The {kind} {name} cannot have that name: {owner} has {what} already; choose
    another name{or_plural}."""


class InTheWay(WrongUsage):
    """The {kind} {name} is in the way: {owner} has {what} too. Take it out first, with
    `fastgen remove {kind} {name}`, and generate it again with another name."""


class PluralAlike(WrongUsage):
    """{name} is the same in the plural, and its files would have the same name; choose
    a plural with --plural."""


def check_names_free(old: Side, new: Side) -> None:
    """Raise an error if a generated item collides with another part.

    Raises NameInUse if an item that only `new` has collides with any module, and
    InTheWay if an existing item collides with a part of `new`.
    """
    items = list(items_with_generators(new.spec, new.modules))
    if not items:
        return
    here = _by_claim(
        *_claims_of_modules(new.modules),
        *_claims_of_resources(new.spec, new.modules),
        *(claim for item, generator, _ in items for claim in _claims(item, generator)),
    )
    fresh = [item for item, _, _ in items if item not in old.spec.generated]
    anywhere = new.catalog.modules.values() if fresh else ()
    elsewhere = _by_claim(*_claims_of_modules(anywhere))
    # Report new items first: they are easier to rename than existing ones.
    for item, generator, _ in sorted(items, key=lambda found: found[0] not in fresh):
        for what in _wanted(item, generator):
            key = what.casefold()
            owners = [o for o in here.get(key, ()) if o != _owner(item)]
            if item in fresh:
                owners += elsewhere.get(key, ())
            if owners:
                raise _refusal(item, what, owners[0], new, is_new=item in fresh)


def _refusal(
    item: GeneratedItem, what: str, owner: str, side: Side, *, is_new: bool
) -> WrongUsage:
    of_plural = item.plural in what and item.plural != names_of_item(item).singular
    facts = {
        "kind": item.kind,
        "name": item.name,
        "owner": owner,
        "what": with_package(what, side.spec.package),
        "or_plural": ", or another plural with --plural" if of_plural else "",
    }
    return NameInUse(**facts) if is_new else InTheWay(**facts)


def _by_claim(*claims: tuple[str, str]) -> dict[str, list[str]]:
    """The owners of each claim. Claims are case-insensitive, because paths that differ
    only in case are the same file on many disks."""
    owners: dict[str, list[str]] = {}
    for what, owner in claims:
        owners.setdefault(what.casefold(), []).append(owner)
    return owners


def _owner(item: GeneratedItem) -> str:
    return f"the {item.kind} {item.name}"


def _wanted(item: GeneratedItem, generator: Generator) -> Iterator[str]:
    """The claims that contain the name of `item`: files, folders and facts."""
    names = names_of_item(item)
    paths = template_paths(generator.files) if generator.files else ()
    if len({named_path(path, names) for path in paths}) < len(paths):
        raise PluralAlike(name=item.name)
    for path in paths:
        shown = zip(
            _folders(path), _folders(path, _OTHER), _folders(path, names), strict=True
        )
        yield next(named for plain, other, named in shown if plain != other)
    yield from fact_claims(named_facts(generator.facts, names))


def _claims(item: GeneratedItem, generator: Generator) -> Claims:
    names, owner = names_of_item(item), _owner(item)
    for path in template_paths(generator.files) if generator.files else ():
        yield from ((folder, owner) for folder in _folders(path, names))
    for claim in fact_claims(named_facts(generator.facts, names)):
        yield claim, owner


def _claims_of_modules(modules: Iterable[Module]) -> Claims:
    yield from ((path, "fastgen itself") for path in (SPEC_PATH, ENVIRONMENT))
    for module in modules:
        owner = f"the module {module.name}"
        for variant in module.variants:
            for folder in (variant.files, variant.resource):
                for path in template_paths(folder) if folder else ():
                    if folder is variant.files or named_path(path, _OTHER) == path:
                        yield from ((found, owner) for found in _folders(path))
            yield from ((claim, owner) for claim in fact_claims(variant.facts))


def _claims_of_resources(spec: Spec, modules: Iterable[Module]) -> Claims:
    variants = [variant for module in modules for variant in module.variants]
    for resource in spec.resources.values():
        names = Names(resource.name, resource.plural)
        owner = f"the resource {resource.name}"
        for variant in variants:
            for path in template_paths(variant.resource) if variant.resource else ():
                yield from ((folder, owner) for folder in _folders(path, names))
            for claim in fact_claims(named_facts(variant.resource_facts, names)):
                yield claim, owner


def _folders(path: str, names: Names | None = None) -> list[str]:
    """`path` with `names` applied, and its parent folders. The suffix `.py` is removed,
    because `a.py` and a folder `a` are the same Python module."""
    named = named_path(path, names) if names else path
    return list(accumulate(named.removesuffix(".py").split("/"), "{}/{}".format))
