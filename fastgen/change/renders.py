"""The formatted renders of both sides.

A command that only reads needs one render, which would take most of its time in a large
project. This render is cached per project, with a digest of everything that it depends
on as its key. A change never uses the cache.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from fastgen import __version__
from fastgen.merge.lazy_formatting import formatted_pair
from fastgen.spec.side import Side
from fastgen.spec.specfile import spec_text
from fastgen.tools.cache import TextCache
from fastgen.tools.ruff import formatted, ruff_program
from fastgen.tree import Entry, Policy, Tree

_PROGRAM = Path(__file__).parents[1]

LIBRARIES = ("jinja2", "markupsafe", "packaging", "pluralizer", "pydantic_core", "rstr")
"""The libraries that a render uses, besides fastgen and ruff."""


def render_pair(old: Side, new: Side, root: Path) -> tuple[Tree, Tree]:
    """The renders of `old` and `new` for the project at `root`. Files that both have in
    common are formatted when their content is needed. Migrations, and files that the
    user may have moved, are formatted at once."""
    base = _rendered(old)
    at_once = {
        path
        for path, entry in base.items()
        if entry.policy is Policy.JOURNAL or not (root / path).is_file()
    }
    return formatted_pair(base, _rendered(new), at_once)


def whole_render(side: Side, root: Path) -> Tree:
    """The render of `side` for the project at `root`, with all files formatted."""
    cache = TextCache("renders")
    name = hashlib.sha256(str(root).encode(errors="surrogateescape")).hexdigest()
    try:
        key = _key(side)
    except OSError:  # a file whose state cannot be read
        key = ""
    key_there, _, text = (cache.get(name) or "").partition("\n")
    if key and key_there == key:
        return _tree_of(text)
    (tree,) = formatted([_rendered(side)])
    if key:
        cache.put(name, f"{key}\n{_text_of(tree)}")
    return tree


def _rendered(side: Side) -> Tree:
    # Importing Jinja takes longer than reading a render from the cache.
    from fastgen.render.render import rendered_tree

    return rendered_tree(side)


def _key(side: Side) -> str:
    """A digest of everything that a render depends on: the spec, Python, and the sizes
    and times of the files of modules, fastgen, ruff and LIBRARIES. Python validates its
    bytecode files the same way. Raises OSError."""
    folders = [_PROGRAM, *_libraries(), *(module.folder for module in side.modules)]
    states = [state for folder in folders for state in _states(str(folder))]
    ruff = os.lstat(ruff_program())
    parts = [__version__, sys.version, spec_text(side.spec), *states]
    text = "\n".join([*parts, f"{ruff.st_size} {ruff.st_mtime_ns}"])
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _libraries() -> Iterator[Path]:
    """The folders of LIBRARIES, found without importing them, which would be slow."""
    for name in LIBRARIES:
        found = find_spec(name)
        if found and found.origin:
            yield Path(found.origin).parent


def _states(folder: str) -> Iterator[str]:
    """The path, size and time of each file below `folder`. Symbolic links are not
    followed."""
    with os.scandir(folder) as found:
        for each in sorted(found, key=lambda each: each.name):
            if each.is_dir(follow_symlinks=False):
                if each.name != "__pycache__":
                    yield from _states(each.path)
            else:
                state = each.stat(follow_symlinks=False)
                yield f"{each.path} {state.st_size} {state.st_mtime_ns}"


def _text_of(tree: Tree) -> str:
    rows = {
        path: [entry.content.decode("latin-1"), entry.module, entry.policy, entry.mode]
        for path, entry in tree.items()
    }
    return json.dumps(rows)


def _tree_of(text: str) -> Tree:
    """The tree that `_text_of` wrote."""
    return {
        path: Entry(content.encode("latin-1"), module, Policy(policy), mode)
        for path, (content, module, policy, mode) in json.loads(text).items()
    }
