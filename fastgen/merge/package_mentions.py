"""Lines that still have the old name of a package that the user has renamed."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from fastgen.encoding import Undecodable, decoded
from fastgen.merge.moves import Followed
from fastgen.tree import ENVIRONMENT, SPEC_PATH, Files, Tree


def with_mentions_as_written(
    base: Tree,
    next_: Tree,
    user: Files,
    followed: Followed,
    package: str,
    old_names: Collection[str],
) -> tuple[Tree, Tree]:
    """`base` and `next_` with an old package name in each line that the user still has
    with that name, as in `sqlite:///shop.db`.

    Both are rendered with the name `package`. A line that differs only by one of
    `old_names` is not an edit, so fastgen may change it.
    """
    base, next_ = dict(base), dict(next_)
    for path in base.keys() & next_.keys() - {SPEC_PATH, ENVIRONMENT}:
        file = user.get(followed.path(path))
        if file is None or base[path] is next_[path] or base[path].is_like(next_[path]):
            continue
        try:
            texts = [decoded(path, side[path].content) for side in (base, next_)]
            lines = {*decoded(path, file.content).splitlines()}
        except Undecodable:
            continue
        old = _old_lines(texts[0], lines, package, old_names)
        if old:
            for side, text in zip((base, next_), texts, strict=True):
                new = "\n".join(old.get(line, line) for line in text.split("\n"))
                side[path] = replace(side[path], source=new.encode())
    return base, next_


def _old_lines(
    text: str, user: Collection[str], package: str, old_names: Collection[str]
) -> Mapping[str, str]:
    """The user's lines with an old name, by the line of `text` that they correspond
    to."""
    word = re.compile(rf"(?<!\w){re.escape(package)}(?!\w)")
    found = {}
    for line in text.split("\n"):
        if line in user or not word.search(line):
            continue
        for name in old_names:
            if (old := word.sub(name, line)) in user:
                found[line] = old
    return found
