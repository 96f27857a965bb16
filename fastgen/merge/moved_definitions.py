"""Functions, classes and variables that the user has moved to another file. Base and
next are changed to match."""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from fastgen.encoding import decoded
from fastgen.merge.python import merged_python
from fastgen.merge.python.toplevel import (
    aliases,
    cut,
    definitions_in,
    named,
    same_statement,
    uses,
    with_imports,
)
from fastgen.merge.renames.aliases import users_aliases
from fastgen.merge.renames.modules import module_name
from fastgen.merge.renames.names import UsersNames
from fastgen.merge.renames.rewriting import Text, with_users_definitions
from fastgen.merge.scopes.imports import bound_names
from fastgen.merge.user_style import restyled
from fastgen.tree import Entry, Files, Policy, Tree


def with_moved_definitions(
    base: Tree, next_: Tree, user: Files, homes: Mapping[tuple[str, str], str]
) -> tuple[Tree, Tree]:
    """`base` and `next_` with the definitions that fastgen changes in the files to
    which the user moved them. `homes` holds these files by original path and name."""
    pieces: tuple[dict[str, Entry], dict[str, Entry]] = ({}, {})
    for path in _changed_files(base, next_):
        moved: dict[str, set[str]] = {}
        for name in _missing(path, base, next_, user):
            if home := homes.get((path, name)):
                moved.setdefault(home, set()).add(name)
        for home, names in sorted(moved.items()):
            for tree, piece in zip((base, next_), pieces, strict=True):
                piece.setdefault(path, tree[path])
            _move(names, path, home, pieces, (base, next_), user)
    if not pieces[0]:
        return base, next_
    trees = {**base, **pieces[0]}, {**next_, **pieces[1]}
    styled = restyled(trees, user, pieces[0].keys())
    return (
        {**base, **{path: styled[0][path] for path in pieces[0]}},
        {**next_, **{path: styled[1][path] for path in pieces[1]}},
    )


def _changed_files(base: Tree, next_: Tree) -> list[str]:
    return [
        path
        for path in sorted(base.keys() & next_.keys())
        if path.endswith(".py")
        and not base[path].is_like(next_[path])
        and next_[path].policy is Policy.SHARED
    ]


def _missing(path: str, base: Tree, next_: Tree, user: Files) -> Mapping[str, ast.stmt]:
    """The definitions of base that fastgen changes in this file and that the user's
    version does not have."""
    if path in user and user[path].content == base[path].content:
        return {}  # not edited: no need to parse all three
    in_base, in_next = (
        definitions_in(path, tree[path].content) for tree in (base, next_)
    )
    in_user = definitions_in(path, user[path].content) if path in user else {}
    if in_user is None or in_base is None or in_next is None:
        return {}
    return {
        name: node
        for name, node in in_base.items()
        if name not in in_user
        and (name not in in_next or not same_statement(node, in_next[name]))
    }


def _move(
    names: Collection[str],
    path: str,
    home: str,
    pieces: tuple[dict[str, Entry], dict[str, Entry]],
    trees: tuple[Tree, Tree],
    user: Files,
) -> None:
    """Move `names` from `path` to `home` on both sides, if both sides can take them."""
    sides = [piece[path].content.decode() for piece in pieces]
    own = decoded(home, user[home].content)
    new = _companions(names, *sides)
    halves = [cut(sides[0], names), cut(sides[1], {*names, *new})]
    parts = _with_aliases([part for _, part in halves], own, path, home)
    parts = _fitting_imports(parts, own)
    targets = [
        _joined(piece.get(home) or tree.get(home), part)
        for part, piece, tree in zip(parts, pieces, trees, strict=True)
    ]
    if None in targets or (home in trees[0]) is not (home in trees[1]):
        return
    for piece, (rest, _), target in zip(pieces, halves, targets, strict=True):
        assert target is not None
        piece[home] = replace(piece.get(home, piece[path]), source=target.encode())
        piece[path] = replace(piece[path], source=rest.encode())


def _with_aliases(parts: list[str], user: str, path: str, home: str) -> list[str]:
    """`parts` of the file `path`, with the aliases of the user's file `home`."""
    texts = [Text(part, path, module_name(path)) for part in parts]
    return with_users_definitions(texts, UsersNames(), users_aliases(user, home))


def _companions(names: Collection[str], base: str, next_: str) -> set[str]:
    """The new definitions of `next_` that only `names` use."""
    in_base, in_next = named(ast.parse(base)), named(ast.parse(next_))
    added = in_next.keys() - in_base.keys()
    moved = uses([in_next[name] for name in names if name in in_next])
    staying = [n for name, n in in_next.items() if name not in {*names, *added}]
    return (added & moved) - uses(staying)


def _fitting_imports(parts: Iterable[str], user: str) -> list[str]:
    """Base and next, limited to the imports that the user's file has. Next also keeps
    the imports that its new code needs."""
    base, next_ = parts
    in_old, in_new = map(_used_names, parts)
    in_base, in_next, in_user = (aliases(ast.parse(t)) for t in (base, next_, user))
    names = bound_names(user.encode())
    same = {(name, bound) for (_, name), bound in in_user.items()}
    lacking = {
        alias
        for alias, bound in in_next.items()
        if (
            alias not in in_base
            or (bound not in names and in_new[bound] > in_old[bound])
        )
        and (alias[1], bound) not in same
    }
    return [
        with_imports(base, in_user.keys()),
        with_imports(next_, {*in_user, *lacking}),
    ]


def _used_names(text: str) -> Counter[str]:
    nodes = ast.walk(ast.parse(text))
    return Counter(node.id for node in nodes if isinstance(node, ast.Name))


def _joined(entry: Entry | None, part: str) -> str | None:
    """`part` merged into fastgen's `entry` for that file, or None if it does not
    fit."""
    if entry is None:
        return part
    if entry.policy is not Policy.SHARED:
        return None
    merged = merged_python("", part, entry.content.decode())
    return None if merged.clashes else merged.text
