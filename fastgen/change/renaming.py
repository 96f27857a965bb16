"""A resource or a field that gets another name: the generated files and the user's code
follow, and the remaining uses are reported."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath

from fastgen.change.inputs import Inputs
from fastgen.change.rename_words import Words, words_of
from fastgen.encoding import Undecodable, Unencodable, decoded, encoded
from fastgen.merge.moves import Followed
from fastgen.merge.python.following import MovedNames
from fastgen.merge.python.new_names import NewNames, new_names, top_names
from fastgen.plan import Action, Change, Finding, Plan, Severity
from fastgen.project.reading import read_python
from fastgen.spec.rename_edits import Rename
from fastgen.tree import Entry, File, Files, Policy, Tree

_MIGRATION = b"down_revision"


@dataclass(frozen=True)
class Renamed:
    """The inputs of a merge in which all sides have the new names, and the user's files
    as they are on the disk."""

    inputs: Inputs
    disk: Files
    """The user's files, by their new paths."""
    sources: Mapping[str, str]
    """The old path of each file that moves."""
    own: tuple[Change, ...] = ()
    """The changes of files that fastgen did not write."""
    code: Files = field(default_factory=dict)
    """The user's Python files that fastgen did not write, with the new names."""
    leftovers: "_Leftovers | None" = None
    findings: tuple[Finding, ...] = ()

    def plan(self, plan: Plan) -> Plan:
        """`plan`, which brings the renamed files to next, for the files on the disk."""
        by_path = {change.path: change for change in plan.changes}
        changes = [*self.own]
        for path in sorted(by_path.keys() | self.disk.keys()):
            change = by_path.get(path)
            disk, source = self.disk.get(path), self.sources.get(path)
            if change and change.action in (Action.KEEP, Action.CONFLICT):
                changes.append(change)
                continue
            after = change.after if change else self.inputs.user.get(path)
            if found := self._change(path, source, disk, after):
                changes.append(found)
        findings = (*plan.findings, *self.findings, *self._left_over(changes))
        ordered = tuple(sorted(changes, key=lambda change: change.path))
        return replace(plan, changes=ordered, findings=findings)

    def _left_over(self, changes: Iterable[Change]) -> Iterator[Finding]:
        files = {path: file.content for path, file in self.code.items()}
        files |= {path: f.content for path, f in self.inputs.user.items()}
        files |= {c.path: c.after.content for c in changes if c.after}
        if self.leftovers:
            yield from self.leftovers.findings(files, self.inputs.next)

    def _change(
        self, path: str, source: str | None, disk: File | None, after: File | None
    ) -> Change | None:
        entry = self.inputs.next.get(path) or self.inputs.base.get(path)
        module = entry.module if entry else ""
        if disk is None:
            return Change(path, Action.CREATE, module, None, after) if after else None
        if after is None:
            return Change(source or path, Action.DELETE, module, disk, None)
        if source:
            return Change(path, Action.MOVE, module, disk, after, source)
        if after == disk:
            return None
        return Change(path, Action.UPDATE, module, disk, after)


def with_new_names(inputs: Inputs, rename: Rename) -> Renamed:
    """`inputs`, whose sides all have the new names of `rename`."""
    words = words_of(rename)
    old = inputs.followed.tree(inputs.base)
    paths = _new_paths(inputs, words)
    next_ = {paths.get(p, inputs.followed.path(p)): e for p, e in inputs.next.items()}
    targets = _targets(old, next_, words, inputs)
    names = {
        path: _names(path, old[path], next_[target], words)
        for path, target in targets.items()
        if path.endswith(".py")
        and target in next_
        and (words.is_of_resource(path) or not _is_like(old, next_, path, target))
    }
    moved = _moved_names(old, names, targets, words, rename)
    code = read_python(inputs.root)
    base: dict[str, Entry] = {}
    user: dict[str, File] = {}
    for path, entry in old.items():
        target = targets.get(path, path)
        if path in names and entry.policy is not Policy.JOURNAL:
            file = File(entry.content)
            file = _followed(path, file, names[path], moved, entry)
            entry = replace(entry, source=file.content)
        base[target] = entry
    for path, file in inputs.user.items():
        target = targets.get(path, path)
        user[target] = _followed(path, file, names.get(path), moved, old.get(path))
    disk = {targets.get(path, path): file for path, file in inputs.user.items()}
    sources = {target: path for path, target in targets.items() if target != path}
    own = tuple(_own_changes(code, inputs.user, moved, _folders(targets)))
    changed = replace(inputs, base=base, next=next_, user=user, followed=Followed())
    seen = {*inputs.user, *(change.source for change in own)}
    others = {path: file for path, file in code.items() if path not in seen}
    known = {name for names in moved.names.values() for name in names}
    leftovers = _Leftovers(words, words.leftover(known))
    notices = tuple(_notices(rename))
    return Renamed(changed, disk, sources, own, others, leftovers, notices)


def _names(path: str, base: Entry, next_: Entry, words: Words) -> NewNames:
    also = words.fields if words.is_of_resource(path) else {}
    return new_names(_text(base), _text(next_), words.named, words.texts, also)


def _is_like(old: Tree, new: Tree, path: str, target: str) -> bool:
    return path == target and old[path] is new[target]


def _text(entry: Entry) -> str:
    return entry.content.decode(errors="replace")


def _new_paths(inputs: Inputs, words: Words) -> Mapping[str, str]:
    """Where each file that only next has belongs: beside the file that it was made of,
    wherever the user has put that."""
    found = {}
    for path in inputs.base:
        target = words.new_path(path, inputs.base, inputs.next)
        if target is None:
            continue
        place = inputs.followed.path(path)
        found[target] = words.moved_path(path, place, target)
    return found


def _targets(old: Tree, next_: Tree, words: Words, inputs: Inputs) -> Mapping[str, str]:
    """The new path of each file of `old`."""
    targets = {path: path for path in old if path in next_}
    for path in inputs.base:
        target = words.new_path(path, inputs.base, inputs.next)
        if target is not None:
            place = inputs.followed.path(path)
            targets[place] = words.moved_path(path, place, target)
    return targets


def _followed(
    path: str,
    file: File,
    names: NewNames | None,
    moved: MovedNames,
    entry: Entry | None,
) -> File:
    """The user's version of a generated file, with the new names."""
    if not path.endswith(".py") or _MIGRATION in file.content:
        return file
    local: Mapping[str, str] = {}
    if names and entry:
        top = {*top_names(_text(entry))}
        local = {old: new for old, new in names.words.items() if old in top}

    def renamed(text: str) -> str:
        text = names.applied(text) if names else text
        return _follow(text, path, moved, local)

    return _rewritten(path, file, renamed)


def _rewritten(path: str, file: File, change: Callable[[str], str]) -> File:
    try:
        text = decoded(path, file.content)
        after = change(text)
        if after == text:
            return file
        return replace(file, content=encoded(path, after, file.content))
    except (Undecodable, Unencodable):
        return file


def _follow(
    text: str, path: str, moved: MovedNames, local: Mapping[str, str] | None = None
) -> str:
    is_package = path.endswith("__init__.py")
    return moved.followed(text, _dotted(path), local, is_package=is_package)


def _dotted(path: str) -> str:
    """The module at `path`; pytest puts `tests` on the path."""
    module = re.sub(r"^(src|tests)/", "", path).removesuffix(".py")
    return module.removesuffix("/__init__").replace("/", ".")


def _moved_names(
    old: Tree,
    names: Mapping[str, NewNames],
    targets: Mapping[str, str],
    words: Words,
    rename: Rename,
) -> MovedNames:
    modules = {
        _dotted(path): _dotted(target)
        for path, target in targets.items()
        if path.endswith(".py") and path != target
    }
    # A package without an __init__.py, and one of tests.
    defined: dict[str, Mapping[str, str]] = {}
    models: set[str] = set()
    for path, found in names.items():
        top = {*top_names(_text(old[path]))}
        defined[_dotted(path)] = {a: b for a, b in found.words.items() if a in top}
        if words.fields:
            models |= {n for n in top if words.holds_fields(n, path)}
    for path in targets:
        if path.endswith(".py") and path != targets[path]:
            defined.setdefault(_dotted(path), {})
    if words.fields:
        for path in old:
            if words.is_of_resource(path):
                defined.setdefault(_dotted(path), {})
                top = {*top_names(_text(old[path]))} if path.endswith(".py") else set()
                models |= {n for n in top if words.holds_fields(n, path)}
    tables = {}
    if rename.resource.plural != rename.renamed.plural:
        tables[rename.resource.plural] = rename.renamed.plural
    return MovedNames(modules, defined, words.fields, frozenset(models), tables)


def _folders(targets: Mapping[str, str]) -> Mapping[PurePosixPath, PurePosixPath]:
    """The new path of each folder whose files keep their names."""
    places = ((PurePosixPath(a), PurePosixPath(b)) for a, b in targets.items())
    return {
        old.parent: new.parent
        for old, new in places
        if old.name == new.name and old.parent != new.parent
    }


def _own_changes(
    code: Files,
    user: Files,
    moved: MovedNames,
    folders: Mapping[PurePosixPath, PurePosixPath],
) -> Iterator[Change]:
    """The changes of the user's own modules. A module in a renamed package moves with
    it."""
    for path, file in code.items():
        if path in user or _MIGRATION in file.content:
            continue
        after = _rewritten(path, file, partial(_follow, path=path, moved=moved))
        place = PurePosixPath(path)
        folder = next((f for f in place.parents if f in folders), None)
        if folder is not None:
            target = folders[folder] / place.relative_to(folder)
            yield Change(str(target), Action.MOVE, "", file, after, path)
        elif after != file:
            yield Change(path, Action.UPDATE, "", file, after)


@dataclass(frozen=True)
class _Leftovers:
    """The lines of the user's that still have an old name."""

    words: Words
    pattern: re.Pattern[str]

    def findings(self, files: Mapping[str, bytes], next_: Tree) -> Iterator[Finding]:
        """A warning for each of `files`; the lines of `next_` are fastgen's."""
        for path, content in sorted(files.items()):
            text = content.decode(errors="replace")
            if not path.endswith(".py") or _MIGRATION in content:
                continue
            if self.words.fields and not self.words.is_mentioned(text):
                continue
            generated = _text(next_[path]).splitlines() if path in next_ else []
            known = {line.strip() for line in generated}
            found = [
                (number, match[0])
                for number, line in enumerate(text.splitlines(), 1)
                if line.strip() not in known and (match := self.pattern.search(line))
            ]
            if found:
                (line, word), *others = found
                more = f", and {len(others)} more" if others else ""
                message = f"still has the old name {word}{more}"
                yield Finding(Severity.WARNING, path, message, line)


def _notices(rename: Rename) -> Iterator[Finding]:
    if rename.field:
        message = (
            f"requests and responses of {rename.renamed.name} have {rename.new_field}"
            f" instead of {rename.field}: update your clients"
        )
        yield Finding(Severity.NOTICE, "", message)
    elif rename.resource.plural != rename.renamed.plural:
        old, new = (
            r.plural.replace("_", "-") for r in (rename.resource, rename.renamed)
        )
        message = f"URLs have /{new} instead of /{old}: update your clients"
        yield Finding(Severity.NOTICE, "", message)
