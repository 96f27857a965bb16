"""Chain migrations of modules after the project's own, so there is always one head."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

from fastgen.errors import NeedsPerson
from fastgen.migrations.script import Script, scripts_in, templates_in, with_revisions
from fastgen.migrations.text import revision_id
from fastgen.tree import Files, Tree


class ManyHeads(NeedsPerson):
    """The project's migrations have more than one head ({heads}), as after a merge of
    two branches; `fastgen doctor --fix` makes one of them."""


class NoHead(NeedsPerson):
    """The project's migrations go round in a circle: each follows another one, or
    depends on it. Fix a down_revision or a depends_on, then run the command again."""


class OneIdTwice(NeedsPerson):
    """Two migrations have the revision id {revision}: {first} and {second}. Delete or
    change one, then run the command again."""


@dataclass(frozen=True)
class History:
    """The migrations of a project. `salt` is the salt of its spec."""

    salt: str
    scripts: Mapping[str, Script]
    """The migrations by revision id."""

    def turn(self, name: str) -> int:
        """The current or next number of the migration `name`. It starts at 1 and grows
        each time its tables are dropped."""
        turn = 1
        while self.drop_id(name, turn) in self.scripts:
            turn += 1
        return turn

    def live(self, name: str) -> Script | None:
        """The migration `name` if it has not been reverted, else None."""
        return self.scripts.get(self.make_id(name, self.turn(name)))

    def make_id(self, name: str, turn: int) -> str:
        return revision_id(f"{self.salt}:{name}:{turn}")

    def drop_id(self, name: str, turn: int) -> str:
        return revision_id(f"{self.salt}:{name}:{turn}:drop")

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that no migration follows, sorted. Raises NoHead."""
        followed = {r for script in self.scripts.values() for r in script.follows}
        heads = tuple(sorted(self.scripts.keys() - followed))
        if self.scripts and not heads:
            raise NoHead
        return heads

    @property
    def in_order(self) -> tuple[Script, ...]:
        """All migrations, each after its predecessors and dependencies. Raises
        NoHead."""
        named = {
            label: revision
            for revision, script in self.scripts.items()
            for label in (*script.labels, revision)
        }
        graph = {
            revision: sorted(
                named[each]
                for each in {*script.follows, *(script.depends or ())} & named.keys()
            )
            for revision, script in sorted(self.scripts.items())
        }
        try:
            return tuple(
                self.scripts[r] for r in TopologicalSorter(graph).static_order()
            )
        except CycleError:
            raise NoHead from None

    @property
    def head(self) -> tuple[str, ...]:
        """The revisions that the next migration follows. Raises ManyHeads and
        NoHead."""
        heads = self.heads
        if len(heads) > 1:
            raise ManyHeads(heads=", ".join(heads))
        return heads


def history(salt: str, files: Files) -> History:
    """The history of the migrations in `files`. Raises OneIdTwice and
    UnreadableMigration."""
    scripts: dict[str, Script] = {}
    for script in scripts_in(files):
        known = scripts.setdefault(script.revision, script)
        if known is not script:
            paths = {"first": known.path, "second": script.path}
            raise OneIdTwice(revision=script.revision, **paths)
    return History(salt, scripts)


def chained(tree: Tree, past: History, files: Files, known: Iterable[str]) -> Tree:
    """`tree` with the migrations of its modules chained into the project's history.

    An existing migration keeps its predecessors and its path. A new one follows the
    head. `known` are the names of migrations that were written before; if the file is
    missing, the user deleted it. Raises ManyHeads and NoHead.
    """
    templates = in_order(templates_in(tree))
    if not templates:
        return tree
    known = frozenset(known)
    entries = {template.path: tree[template.path] for template in templates}
    result = {p: entry for p, entry in tree.items() if p not in entries}
    head: tuple[str, ...] | None = None
    folders = _moved_folders(templates, past, files)
    for template in templates:
        turn = past.turn(template.revision)
        revision = past.make_id(template.revision, turn)
        path = template.path
        follows: tuple[str, ...] = ()
        if found := past.scripts.get(revision):
            path, follows = found.path, found.follows
        elif template.revision not in known:
            follows = past.head if head is None else head
            place = PurePosixPath(path)
            place = folders.get(place.parent, place.parent) / place.name
            path = free_path(str(place), files)
            head = (revision,)
        text = with_revisions(template, revision, follows)
        result[path] = replace(entries[template.path], source=text.encode())
    return dict(sorted(result.items()))


def _moved_folders(
    templates: Iterable[Script], past: History, files: Files
) -> Mapping[PurePosixPath, PurePosixPath]:
    """The new folder of each folder whose migrations the user moved."""
    left = {PurePosixPath(path).parent for path in files}
    live = ((template, past.live(template.revision)) for template in templates)
    places = (
        (PurePosixPath(template.path).parent, PurePosixPath(found.path).parent)
        for template, found in live
        if found
    )
    return {old: new for old, new in places if old not in left}


def in_order(templates: Iterable[Script]) -> tuple[Script, ...]:
    """Each template after the templates that it follows; otherwise by name."""
    by_name = {script.revision: script for script in templates}
    graph = {
        name: sorted(by_name.keys() & {*by_name[name].follows})
        for name in sorted(by_name)
    }
    return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())


def free_path(path: str, taken: Container[str]) -> str:
    """`path`, or `path` with the first number that makes it unused."""
    place, number = PurePosixPath(path), 2
    while path in taken:
        path = str(place.with_stem(f"{place.stem}_{number}"))
        number += 1
    return path
