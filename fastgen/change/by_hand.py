"""Parts that the user added to fastgen.toml by hand and no command has applied yet."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from fastgen.catalog.generators import FIELD_KIND, RESOURCE_KIND
from fastgen.change.changed_by_hand import changed_by_hand
from fastgen.change.file_states import State, Surveyed, survey
from fastgen.change.recorded_parts import missing_fields
from fastgen.change.unapplied import side_before
from fastgen.phrases import in_words, them
from fastgen.plan import Finding, Severity
from fastgen.project.reading import Project
from fastgen.resources.names import snake_case
from fastgen.spec.edits import without_modules
from fastgen.spec.side import Side
from fastgen.tree import SPEC_PATH

MODULE_KIND = "module"


@dataclass(frozen=True)
class Item:
    """A module, a resource, a field or a generated item in fastgen.toml."""

    kind: str
    name: str
    resource: str = ""
    """The resource of a field."""

    @property
    def title(self) -> str:
        owner = f"{self.resource}." if self.resource else ""
        return f"the {self.kind} {owner}{self.name}"


@dataclass(frozen=True)
class ByHand:
    """The parts and values in fastgen.toml that the project's files lack."""

    items: tuple[Item, ...]
    before: Side
    """The project's side without `items`, and with the old values of changed
    settings."""
    changed: tuple[str, ...] = ()
    """The titles of the options, flags and fields that were changed."""

    @property
    def finding(self) -> Finding:
        titles = [*(item.title for item in self.items), *self.changed]
        it = them(len(titles))
        message = (
            f"records {in_words(titles)}, but the project's files do not have {it};"
            f" run `fastgen generate --from {SPEC_PATH}` to apply {it}"
        )
        return Finding(Severity.WARNING, SPEC_PATH, message)


def written_by_hand(
    project: Project, files: Sequence[Surveyed] | None = None
) -> ByHand | None:
    """The parts of fastgen.toml without any line in the project's files, or None."""
    files = files or survey(project)
    found = _items_by_hand(project, [*_candidates(project, files)])
    applied = replace(project, side=found.before) if found else project
    changed, before = changed_by_hand(applied, files)
    if not changed:
        return found
    return ByHand(found.items if found else (), before, changed)


def _items_by_hand(project: Project, candidates: Sequence[Item]) -> ByHand | None:
    if candidates and (found := _applied_before(project, candidates)):
        return found
    # An item with lines in the project would hide the others.
    alone = [item for item in candidates if _applied_before(project, [item])]
    return _applied_before(project, alone) if alone else None


def _applied_before(project: Project, items: Sequence[Item]) -> ByHand | None:
    before = side_before(project, lambda project: without_items(project.side, items))
    return ByHand(tuple(items), before) if before else None


def without_items(side: Side, items: Collection[Item]) -> Side:
    """`side` without `items` and without the modules that require one of them."""
    modules = {item.name for item in items if item.kind == MODULE_KIND}
    with_required = side.catalog.with_required
    needing = [n for n in side.spec.modules if modules & {*with_required([n])}]
    spec = without_modules(side, needing).spec
    resources = dict(spec.resources)
    for item in items:
        if item.kind == RESOURCE_KIND:
            resources.pop(item.name, None)
    for item in items:
        if item.kind == FIELD_KIND and (known := resources.get(item.resource)):
            left = tuple(f for f in known.fields if f.name != item.name)
            resources[item.resource] = replace(known, fields=left)
    gone = {(item.kind, item.name) for item in items}
    generated = tuple(i for i in spec.generated if (i.kind, i.name) not in gone)
    return side.with_spec(replace(spec, resources=resources, generated=generated))


def _candidates(project: Project, files: Sequence[Surveyed]) -> Iterator[Item]:
    """Modules and items whose files were all deleted, and fields that a class lacks."""
    spec = project.spec
    for name in spec.modules:
        if _all_deleted(f for f in files if f.entry.module == name):
            yield Item(MODULE_KIND, name)
    absent = {
        name
        for name, resource in spec.resources.items()
        if _all_deleted(_named(files, name, resource.plural))
    }
    yield from (Item(RESOURCE_KIND, name) for name in sorted(absent))
    for resource, field in missing_fields(project, files):
        if resource not in absent:
            yield Item(FIELD_KIND, field, resource)
    for item in spec.generated:
        if _all_deleted(_named(files, item.name, item.plural)):
            yield Item(item.kind, item.name)


def _named(files: Sequence[Surveyed], name: str, plural: str) -> Iterator[Surveyed]:
    """The files that have the name of an item, or are in a folder with that name."""
    names = {snake_case(name), plural}
    for file in files:
        parts = file.path.removesuffix(".py").split("/")
        if names & {part.removeprefix("test_") for part in parts}:
            yield file


def _all_deleted(files: Iterator[Surveyed]) -> bool:
    states = [file.state for file in files if file.path != SPEC_PATH]
    return bool(states) and all(state is State.DELETED for state in states)
