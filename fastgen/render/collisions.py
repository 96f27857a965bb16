"""Files and facts that two parts of a project would both have, where one of them was
generated."""

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
"""What something has, a path or a fact, each with the words for its owner."""

_OTHER = Names("Name", "names")
"""It is like no part of a template's path."""


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
    """Raise NameInUse if something that only `new` has is called like a part of any
    module, and InTheWay if an older thing is called like a part of `new`."""
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
    # A new item is refused before an existing one: it is easier to rename.
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
    """The owners of each claim. Two paths that differ in case alone are one on many
    disks."""
    owners: dict[str, list[str]] = {}
    for what, owner in claims:
        owners.setdefault(what.casefold(), []).append(owner)
    return owners


def _owner(item: GeneratedItem) -> str:
    return f"the {item.kind} {item.name}"


def _wanted(item: GeneratedItem, generator: Generator) -> Iterator[str]:
    """What has the name of `item` in it: files and folders, and facts."""
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
    """`path`, with `names` in it, and the folders that it is in. `a.py` and a folder
    `a` are one module to Python."""
    named = named_path(path, names) if names else path
    return list(accumulate(named.removesuffix(".py").split("/"), "{}/{}".format))
