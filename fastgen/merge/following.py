"""Base and next at the user's paths and with the user's names."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from fastgen.encoding import Undecodable, decoded
from fastgen.merge.moves import Followed
from fastgen.merge.renames.lacking import changed_python, differs
from fastgen.merge.renames.mentions import Mentions, mentions_of
from fastgen.merge.renames.modules import module_name
from fastgen.merge.renames.names import UsersNames
from fastgen.merge.renames.rewriting import Text, with_users_definitions
from fastgen.merge.user_style import restyled
from fastgen.tree import ENVIRONMENT, SPEC_PATH, Entry, Files, Tree


def with_users_names_and_paths(
    base: Tree, next_: Tree, user: Files, followed: Followed
) -> tuple[Tree, Tree]:
    """`base` and `next_` with their files at the user's paths. The files that differ
    between them also get the user's names; other files need none, because the user's
    file stays."""
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
    """Whether the user's file is more like `plain` than like `styled`; the order of the
    lines counts, since ruff sorts imports."""
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
    """The entries of base and next that change by the user's names and paths."""
    found: tuple[dict[str, Entry], dict[str, Entry]] = ({}, {})
    if not (followed.names or followed.files):
        return found
    mentions = mentions_of(followed.names, followed.files, followed.folders, base)
    python = changed_python(base, next_)
    others = [
        path
        for path in sorted(base.keys() | next_.keys())
        if not path.endswith(".py")
        and path not in (SPEC_PATH, ENVIRONMENT)
        and differs(path, base, next_)
    ]
    for path in (*python, *others):
        texts = _texts(path, (base, next_))
        if not texts:
            continue
        if path.endswith(".py"):
            new = _python(path, texts, followed.names, mentions)
        else:
            file = user.get(followed.path(path))
            lines = file.content.decode(errors="replace").splitlines() if file else []
            new = {n: mentions.lines(text, {*lines}) for n, text in texts.items()}
        for number, text in new.items():
            if text != texts[number]:
                entry = (base, next_)[number][path]
                found[number][path] = replace(entry, source=text.encode())
    return found


def _texts(path: str, trees: tuple[Tree, Tree]) -> dict[int, str]:
    """The text of `path` in base (0) and in next (1), where it is in them."""
    try:
        return {
            number: decoded(path, tree[path].content)
            for number, tree in enumerate(trees)
            if path in tree
        }
    except Undecodable:
        return {}


def _python(
    path: str, texts: Mapping[int, str], names: UsersNames, mentions: Mentions
) -> Mapping[int, str]:
    module = module_name(path)
    versions = [Text(text, path, module) for text in texts.values()]
    new = with_users_definitions(versions, names)
    return {
        number: mentions.python(text) for number, text in zip(texts, new, strict=True)
    }
