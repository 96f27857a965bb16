"""Base and next with the user's paths and names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from fastgen.encoding import Undecodable, decoded
from fastgen.merge.moves import Followed
from fastgen.merge.renames.aliases import Aliases, users_aliases
from fastgen.merge.renames.lacking import changed_python, differs
from fastgen.merge.renames.mentions import mentions_of
from fastgen.merge.renames.modules import module_name
from fastgen.merge.renames.names import UsersNames
from fastgen.merge.renames.rewriting import Text, with_users_definitions
from fastgen.merge.user_style import restyled
from fastgen.tree import ENVIRONMENT, SPEC_PATH, Entry, Files, Tree


def with_users_names_and_paths(
    base: Tree, next_: Tree, user: Files, followed: Followed
) -> tuple[Tree, Tree]:
    """`base` and `next_` with their files at the user's paths. Only files that differ
    between `base` and `next_` get the user's names; for the others, the user's file
    stays."""
    renamed = _with_names(base, next_, user, followed)
    trees = (
        followed.tree({**base, **renamed[0]}),
        followed.tree({**next_, **renamed[1]}),
    )
    paths = {
        followed.path(path)
        for path in renamed[0].keys() | renamed[1].keys()
        if path.endswith(".py")
    }
    if not paths:
        return trees
    styled = restyled(trees, user, paths)
    plain = {
        path
        for path in paths & user.keys() & trees[0].keys()
        if _is_nearer(user[path].content, trees[0][path], styled[0][path])
    }
    return (
        {p: trees[0][p] if p in plain else entry for p, entry in styled[0].items()},
        {p: trees[1][p] if p in plain else entry for p, entry in styled[1].items()},
    )


def _is_nearer(user: bytes, plain: Entry, styled: Entry) -> bool:
    """Whether the user's file is closer to `plain` than to `styled`. The comparison
    includes the order of lines, because ruff sorts imports."""
    if styled.content in (plain.content, user):
        return False
    ratios = [
        SequenceMatcher(None, user.splitlines(), side.content.splitlines()).ratio()
        for side in (plain, styled)
    ]
    return ratios[0] > ratios[1]


def _with_names(
    base: Tree, next_: Tree, user: Files, followed: Followed
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """The entries of base and next that the user's names and paths change."""
    found: tuple[dict[str, Entry], dict[str, Entry]] = ({}, {})
    for path, old, new in _rewritten(base, next_, user, followed):
        for number, text in new.items():
            if text != old[number]:
                entry = (base, next_)[number][path]
                found[number][path] = replace(entry, source=text.encode())
    return found


Texts = Mapping[int, str]
"""The text of a file in base (0) and in next (1), if they have it."""


def _rewritten(
    base: Tree, next_: Tree, user: Files, followed: Followed
) -> Iterator[tuple[str, Texts, Texts]]:
    """(path, texts, texts with the user's names) for each file that changes."""
    files, folders = followed.renamed
    is_followed = bool(followed.names or files)
    mentions = mentions_of(followed.names, files, folders, base)
    for path in changed_python(base, next_):
        aliases = _aliases(path, base, user, followed)
        if aliases or is_followed:
            texts = _texts(path, (base, next_))
            new = _python(path, texts, followed.names, aliases)
            yield path, texts, {n: mentions.python(text) for n, text in new.items()}
    for path in _changed_others(base, next_) if is_followed else ():
        file = user.get(followed.path(path))
        lines = file.content.decode(errors="replace").splitlines() if file else []
        texts = _texts(path, (base, next_))
        yield path, texts, {n: mentions.lines(t, {*lines}) for n, t in texts.items()}


def _changed_others(base: Tree, next_: Tree) -> list[str]:
    """The files other than Python that differ between `base` and `next_`."""
    return [
        path
        for path in sorted(base.keys() | next_.keys())
        if not path.endswith(".py")
        and path not in (SPEC_PATH, ENVIRONMENT)
        and differs(path, base, next_)
    ]


def _texts(path: str, trees: tuple[Tree, Tree]) -> Texts:
    try:
        return {
            number: decoded(path, tree[path].content)
            for number, tree in enumerate(trees)
            if path in tree
        }
    except Undecodable:
        return {}


def _aliases(path: str, base: Tree, user: Files, followed: Followed) -> Aliases:
    """The import aliases in the user's version of the file at `path`; empty if the user
    has not edited it."""
    place = followed.path(path)
    if path not in base or place not in user:
        return {}
    file = user[place]
    if file.content == base[path].content:
        return {}
    try:
        return users_aliases(decoded(place, file.content), place)
    except Undecodable:
        return {}


def _python(path: str, texts: Texts, names: UsersNames, aliases: Aliases) -> Texts:
    module = module_name(path)
    versions = [Text(text, path, module) for text in texts.values()]
    new = with_users_definitions(versions, names, aliases)
    return dict(zip(texts, new, strict=True))
