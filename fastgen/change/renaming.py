"""Renames of a resource or a field: updates the generated files and the user's code,
and reports the remaining uses."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath

from fastgen.change.inputs import Inputs
from fastgen.change.module_names import ModuleNames
from fastgen.change.rename_captures import check_no_captures
from fastgen.change.rename_leftovers import MIGRATION, Leftovers
from fastgen.change.rename_words import Words, words_of
from fastgen.encoding import Undecodable, Unencodable, decoded, encoded
from fastgen.merge.moves import Followed
from fastgen.merge.python.new_names import NewNames, new_names, top_names
from fastgen.merge.python.toplevel import named, parsed
from fastgen.merge.renames.modules import modules_in
from fastgen.merge.renames.moved_names import MovedNames
from fastgen.merge.renames.names import Definition
from fastgen.merge.renames.reexports import with_reexports
from fastgen.merge.renames.users_code import with_moved_names
from fastgen.plan import Action, Change, Finding, Plan, Severity
from fastgen.project.reading import read_python
from fastgen.spec.rename_edits import Rename
from fastgen.tools.python_modules import INIT
from fastgen.tree import SPEC_PATH, Entry, File, Files, Policy, Tree


@dataclass(frozen=True)
class Renamed:
    """The inputs of a merge with the new names on all sides, and the user's files as
    they are on disk."""

    inputs: Inputs
    disk: Files
    """The user's files, by their new paths."""
    sources: Mapping[str, str]
    """The old path of each file that moves."""
    own: tuple[Change, ...] = ()
    """The changes of files that fastgen did not write."""
    code: Files = field(default_factory=dict)
    """The user's Python files that fastgen did not write and that do not change."""
    leftovers: Leftovers | None = None
    findings: tuple[Finding, ...] = ()

    def plan(self, plan: Plan) -> Plan:
        """`plan`, which updates the renamed files to next, as a plan for the files on
        disk."""
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
        findings = (*plan.findings, *self.findings)
        ordered = tuple(sorted(changes, key=lambda change: change.path))
        return replace(plan, changes=ordered, findings=findings)

    def with_leftovers(self, plan: Plan) -> Plan:
        """`plan` with a warning for each file that still has an old name, unless `plan`
        already has a finding for those lines."""
        if self.leftovers is None:
            return plan
        files = {path: file.content for path, file in self.code.items()}
        files |= {path: f.content for path, f in self.inputs.user.items()}
        files |= {c.path: c.after.content for c in plan.changes if c.after}
        known = {(f.path, f.line) for f in plan.findings}
        found = self.leftovers.findings(files, self.inputs.next, known)
        return replace(plan, findings=(*plan.findings, *found))

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
    """`inputs` with the new names of `rename` on all sides."""
    words = words_of(rename)
    old = inputs.followed.tree(inputs.base)
    paths = _new_paths(inputs, words)
    next_ = {paths.get(p, inputs.followed.path(p)): e for p, e in inputs.next.items()}
    targets = _targets(old, next_, words, inputs)
    users = _users_definitions(inputs)
    names = {
        path: _names(path, old[path], next_[target], words, users)
        for path, target in targets.items()
        if path.endswith(".py")
        and target in next_
        and (words.is_of_resource(path) or not _is_like(old, next_, path, target))
    }
    code = read_python(inputs.root)
    modules = ModuleNames.of(inputs)
    moved = _moved_names(old, names, targets, words, rename, users, modules)
    own_modules = [*modules.of_code(code)]
    moved = with_reexports(moved, own_modules)
    homes = _homes(names, users)
    base: dict[str, Entry] = {}
    user: dict[str, File] = {}
    for path, entry in old.items():
        target = targets.get(path, path)
        if path in names and entry.policy is not Policy.JOURNAL:
            file = File(entry.content)
            file = _followed(path, file, names[path], moved, modules, entry)
            entry = replace(entry, source=file.content)
        base[target] = entry
    files = {p: f for p, f in inputs.user.items() if p in old or p in next_}
    check_no_captures({**code, **files}, old, names, homes)
    for path, file in files.items():
        target = targets.get(path, path)
        file = _at_home(path, file, homes.get(path, ()))
        new = names.get(path)
        user[target] = _followed(path, file, new, moved, modules, old.get(path))
    disk = {targets.get(path, path): file for path, file in files.items()}
    sources = {target: path for path, target in targets.items() if target != path}
    others = {path: file for path, file in code.items() if path not in files}
    own = tuple(_own_changes(others, homes, moved, modules, _folders(targets)))
    changed = replace(inputs, base=base, next=next_, user=user, followed=Followed())
    unchanged = others.keys() - {change.source or change.path for change in own}
    known = {name for names in moved.names.values() for name in names}
    known -= {name for file in others.values() for name in _defined(file)}
    packages = frozenset(each.name.partition(".")[0] for each in own_modules)
    leftovers = Leftovers(words, words.leftover(known), packages)
    return Renamed(
        changed,
        disk,
        sources,
        own,
        {path: others[path] for path in unchanged},
        leftovers,
        tuple(_notices(rename)),
    )


@dataclass(frozen=True)
class _UsersDefinition:
    """A definition of a generated file that the user renamed, or moved to the file
    `home`."""

    path: str
    """The user's path of the generated file."""
    old: str
    new: str
    home: str = ""


def _users_definitions(inputs: Inputs) -> list[_UsersDefinition]:
    names = inputs.followed.names
    paths = modules_in(inputs.base)
    renamed = [
        _UsersDefinition(inputs.followed.path(paths[module]), old, new)
        for (module, old), (_, new) in names.definitions.items()
        if old != new and module in paths
    ]
    moved = (_UsersDefinition(p, n, n, home) for (p, n), home in names.homes.items())
    return [*renamed, *moved]


Home = tuple[NewNames, str]
"""The new names of a generated file, and a definition that the user moved out of it."""


def _homes(
    names: Mapping[str, NewNames], users: Iterable[_UsersDefinition]
) -> Mapping[str, list[Home]]:
    """The definitions that the user moved to each file."""
    found: dict[str, list[Home]] = {}
    for each in users:
        if each.home and each.path in names:
            found.setdefault(each.home, []).append((names[each.path], each.old))
    return found


def _at_home(path: str, file: File, homes: Iterable[Home]) -> File:
    """The user's `file` with the new names in the definitions that were moved to it."""
    for names, definition in homes:
        file = _rewritten(path, file, partial(names.applied, inside={definition}))
    return file


def _defined(file: File) -> Iterator[str]:
    """The top-level names that a user's file defines."""
    module = parsed(file.content.decode(errors="replace"))
    yield from named(module) if module else ()


def _names(
    path: str,
    base: Entry,
    next_: Entry,
    words: Words,
    users: Iterable[_UsersDefinition],
) -> NewNames:
    also = words.fields if words.is_of_resource(path) else {}
    found = new_names(_text(base), _text(next_), words.named, words.texts, also)
    renamed = {each.new for each in users if each.path == path}
    return replace(found, blocks=found.blocks | renamed)


def _is_like(old: Tree, new: Tree, path: str, target: str) -> bool:
    return path == target and old[path] is new[target]


def _text(entry: Entry) -> str:
    return entry.content.decode(errors="replace")


def _new_paths(inputs: Inputs, words: Words) -> Mapping[str, str]:
    """The user's path of each file that only next has: next to the file that it
    replaces, wherever the user has moved that file."""
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
    modules: ModuleNames,
    entry: Entry | None,
) -> File:
    """The user's version of a generated file, with the new names."""
    if not path.endswith(".py") or MIGRATION in file.content:
        return file
    local: Mapping[str, str] = {}
    if names and entry:
        top = top_names(_text(entry))
        local = {old: new for old, new in names.words.items() if old in top}

    def renamed(text: str) -> str:
        text = names.applied(text) if names else text
        return _follow(text, path, moved, modules, local)

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
    text: str,
    path: str,
    moved: MovedNames,
    modules: ModuleNames,
    local: Mapping[str, str] | None = None,
) -> str:
    is_package = path.endswith(INIT)
    module = modules.at(path)
    return with_moved_names(text, moved, module, local, is_package=is_package)


def _moved_names(
    old: Tree,
    names: Mapping[str, NewNames],
    targets: Mapping[str, str],
    words: Words,
    rename: Rename,
    users: Iterable[_UsersDefinition],
    modules: ModuleNames,
) -> MovedNames:
    new_modules = {
        modules.at(path): modules.at(target)
        for path, target in targets.items()
        if path.endswith(".py") and path != target
    }
    # Packages without an __init__.py, and test packages.
    new_modules |= {
        modules.at(str(folder)): modules.at(str(new))
        for folder, new in _folders(targets).items()
    }
    defined: dict[str, dict[str, str]] = {}
    models: set[Definition] = set()
    for path in old:
        if not path.endswith(".py"):
            continue
        if path in names or (words.fields and words.is_of_resource(path)):
            top = top_names(_text(old[path]))
            new = names[path].words if path in names else {}
            module = modules.at(path)
            defined[module] = {a: b for a, b in new.items() if a in top}
            models |= {(module, n) for n in top if words.holds_fields(n, path)}
    for each in users:
        home = modules.at(each.home or each.path)
        known = defined.get(modules.at(each.path), {})
        if each.home and each.old in known:
            defined.setdefault(home, {})[each.old] = known[each.old]
        if words.holds_fields(each.old, each.path):
            models.add((home, each.new))
    tables = {}
    if rename.resource.plural != rename.renamed.plural:
        tables[rename.resource.plural] = rename.renamed.plural
    table = rename.resource.plural
    fields, holders = words.fields, frozenset(models)
    return MovedNames(new_modules, defined, fields, holders, tables, table)


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
    homes: Mapping[str, Iterable[Home]],
    moved: MovedNames,
    modules: ModuleNames,
    folders: Mapping[PurePosixPath, PurePosixPath],
) -> Iterator[Change]:
    """The changes of the user's own modules. A module in a renamed package moves with
    it."""
    for path, file in code.items():
        if MIGRATION in file.content:
            continue
        after = _at_home(path, file, homes.get(path, ()))
        local = {n: m.words[n] for m, n in homes.get(path, ()) if n in m.words}
        change = partial(_follow, path=path, moved=moved, modules=modules, local=local)
        after = _rewritten(path, after, change)
        place = PurePosixPath(path)
        folder = next((f for f in place.parents if f in folders), None)
        if folder is not None:
            target = folders[folder] / place.relative_to(folder)
            yield Change(str(target), Action.MOVE, "", file, after, path)
        elif after != file:
            yield Change(path, Action.UPDATE, "", file, after)


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
    for reference in rename.references:
        field, resource = reference.field, reference.resource
        table = f" and its column {field.column}" if field.kind == "ref" else ""
        message = (
            f"{resource}.{field.name} refers to {rename.renamed.name} and keeps its"
            f" name{table}: `fastgen rename field {resource} {field.name}"
            f" {reference.fitting}` renames it"
        )
        yield Finding(Severity.NOTICE, SPEC_PATH, message)
