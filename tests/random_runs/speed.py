"""What makes thousands of commands in one process fast.

Pure functions keep what they returned, and nothing waits for a disk. A command returns
what it would return alone.
"""

import os
import sys
from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from importlib import import_module
from typing import Any

from fastgen.tree import Tree

_KEPT = 3_000
"""How many values of one function are kept."""

Key = Callable[..., Hashable]


def make_fast() -> None:
    """Replace what is slow in this process, which runs nothing but random commands."""
    os.fsync = lambda fd: None
    for path, key in _PURE.items():
        module, _, name = path.rpartition(".")
        function = getattr(import_module(module), name)
        replace_everywhere(function, _remembering(function, key))


def replace_everywhere(old: object, new: object) -> None:
    """Put `new` where a module of fastgen has `old`; modules that are imported later
    find `new` where `old` was defined."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "fastgen":
            for attribute, value in list(vars(module).items()):
                if value is old:
                    setattr(module, attribute, new)


def _remembering(function: Callable[..., Any], key: Key) -> Callable[..., Any]:
    """`function`, which returns what it returned before for the same `key`."""
    known: dict[Hashable, Any] = {}

    @wraps(function)
    def remembered(*arguments: Any, **named: Any) -> Any:
        asked = key(*arguments, **named)
        if asked not in known:
            if len(known) > _KEPT:
                known.clear()
            result = function(*arguments, **named)
            # An iterator can be read only once.
            known[asked] = tuple(result) if hasattr(result, "__next__") else result
        return known[asked]

    return remembered


def _of_arguments(*arguments: Any, **named: Any) -> Hashable:
    return arguments, tuple(sorted(named.items()))


def _of_trees(trees: Any, configuration: Any = None, paths: Any = None) -> Hashable:
    return (
        tuple(map(_of_tree, trees)),
        None if configuration is None else tuple(sorted(configuration.items())),
        None if paths is None else frozenset(paths),
    )


def _of_tree(tree: Tree) -> Hashable:
    # A source that is a function is kept by the key, so nothing else gets its identity.
    return tuple((p, e.source, e.module, e.policy, e.mode) for p, e in tree.items())


def _of_side(side: Any) -> Hashable:
    return repr(side.spec)


def _of_sources(sources: Any) -> Hashable:
    return tuple(sorted((path, *texts) for path, texts in sources.items()))


_PURE: Mapping[str, Key] = {
    "fastgen.catalog.load.load_module": _of_arguments,
    "fastgen.catalog.templates.template_paths": _of_arguments,
    "fastgen.merge.scopes.imports.first_party_imports": _of_arguments,
    "fastgen.merge.gate.parse.parse_problem": _of_arguments,
    "fastgen.render.render.rendered_tree": _of_side,
    "fastgen.tools.ruff.formatted": _of_trees,
    "fastgen.tools.ruff.new_flaws": _of_sources,
}
"""What depends on nothing but its arguments and templates/, with the key of a call."""
