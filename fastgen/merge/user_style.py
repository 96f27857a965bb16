"""Base and next in the user's formatting."""

import re
import tomllib
from collections.abc import Collection, Mapping

from fastgen.tools.ruff import CONFIGURATIONS, PYPROJECT, FormattingFailed, formatted
from fastgen.tree import Entry, Files, Tree

_REQUIRED_VERSION = re.compile(rb"^[ \t]*required-version[ \t]*=.*$", re.MULTILINE)


def in_user_style(base: Tree, next_: Tree, user: Files) -> tuple[Tree, Tree]:
    """`base` and `next_` with each Python file in the format of the user's file.

    A project that was reformatted with another configuration then merges without
    conflicts. Files that the user has not reformatted yet stay as they are, and so do
    entries that base and next share (see merge/lazy_formatting.py).
    """
    configuration = _configuration(user)
    if not base or not _differs(base, configuration):
        return base, next_
    paths = {
        path
        for path in base.keys() | next_.keys()
        if path not in user or base.get(path) is not next_.get(path)
    }
    styled_base, styled_next = restyled((base, next_), user, paths)
    plain = {
        path
        for path in paths & base.keys() & user.keys()
        if _is_nearer(user[path].content, base[path], styled_base[path])
    }
    return (
        {p: base[p] if p in plain else entry for p, entry in styled_base.items()},
        {p: next_[p] if p in plain else entry for p, entry in styled_next.items()},
    )


def restyled(
    trees: tuple[Tree, Tree], user: Files, paths: Collection[str]
) -> tuple[Tree, Tree]:
    """`trees` with the files at `paths` formatted by the user's configuration."""
    try:
        base, next_ = formatted(trees, _configuration(user), paths)
    except FormattingFailed:
        # The configuration requires another ruff, or extends a file outside the
        # project.
        return trees
    return base, next_


def _configuration(user: Files) -> Mapping[str, bytes]:
    # The project's ruff may have another version; only its formatting rules matter
    # here.
    return {
        name: _REQUIRED_VERSION.sub(b"", user[name].content)
        for name in CONFIGURATIONS
        if name in user
    }


def _differs(base: Tree, configuration: Mapping[str, bytes]) -> bool:
    """Whether the user's ruff configuration differs from fastgen's."""
    if configuration.keys() - {PYPROJECT}:
        return True
    in_user, in_base = configuration.get(PYPROJECT), base.get(PYPROJECT)
    if in_user is None or in_base is None or in_user == in_base.content:
        return False
    try:
        return _ruff_table(in_user) != _ruff_table(in_base.content)
    except ValueError:
        return False  # does not parse: the merge of pyproject.toml reports it


def _ruff_table(pyproject: bytes) -> object:
    return tomllib.loads(pyproject.decode()).get("tool", {}).get("ruff")


def _is_nearer(user: bytes, plain: Entry, styled: Entry) -> bool:
    """Whether the user's file has at least as many lines of `plain` as of `styled`.

    False if both are the same: new lines then follow the configuration.
    """
    if plain.content == styled.content:
        return False
    lines = set(user.splitlines())
    plain_lines, styled_lines = (
        entry.content.splitlines() for entry in (plain, styled)
    )
    missing = sum(line not in lines for line in plain_lines)
    return missing <= sum(line not in lines for line in styled_lines)
