"""The renders of the two sides, formatted.

A command that only reads needs one render, which would take most of its time in a large
project. That render is cached for each project; its key is a digest of everything that
it depends on. A change never uses the cache.
"""

import hashlib
import json
import os
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


def render_pair(old: Side, new: Side, root: Path) -> tuple[Tree, Tree]:
    """The renders of `old` and `new` for the project at `root`. Files that both have in
    common are formatted when their content is needed; migrations and files that the
    user may have moved are needed at once."""
    base = _rendered(old)
    at_once = {
        path
        for path, entry in base.items()
        if entry.policy is Policy.JOURNAL or not (root / path).is_file()
    }
    return formatted_pair(base, _rendered(new), at_once)


def whole_render(side: Side, root: Path) -> Tree:
    """The render of `side` with every file formatted; `root` is the project's."""
    cache = TextCache("renders")
    name = hashlib.sha256(str(root).encode(errors="surrogateescape")).hexdigest()
    key = _key(side)
    key_there, _, text = (cache.get(name) or "").partition("\n")
    if key_there == key and (tree := _tree_of(text)) is not None:
        return tree
    (tree,) = formatted([_rendered(side)])
    cache.put(name, f"{key}\n{_text_of(tree)}")
    return tree


def _rendered(side: Side) -> Tree:
    # Importing Jinja takes longer than reading a render from the cache.
    from fastgen.render.render import rendered_tree

    return rendered_tree(side)


def _key(side: Side) -> str:
    """A digest of everything that a render depends on: the spec, and the sizes and
    times of the files of the modules, fastgen, Jinja and ruff. Python checks its
    bytecode the same way."""
    jinja = find_spec("jinja2")  # not imported: that is slow
    libraries = [Path(jinja.origin).parent] if jinja and jinja.origin else []
    folders = [_PROGRAM, *libraries, *(module.folder for module in side.modules)]
    files = [file for folder in folders for file in _files(str(folder))]
    states = [_state(file) for file in (*files, ruff_program())]
    parts = [__version__, spec_text(side.spec), *map(str, folders), *states]
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for each in sorted(found, key=lambda each: each.name):
            if each.is_dir():
                if each.name != "__pycache__":
                    yield from _files(each.path)
            else:
                yield each.path


def _state(file: str) -> str:
    found = os.stat(file)  # noqa: PTH116 (of a thousand files)
    return f"{file} {found.st_size} {found.st_mtime_ns}"


def _text_of(tree: Tree) -> str:
    rows = {
        path: [entry.content.decode("latin-1"), entry.module, entry.policy, entry.mode]
        for path, entry in tree.items()
    }
    return json.dumps(rows)


def _tree_of(text: str) -> Tree | None:
    """The tree that `_text_of` wrote; None if the text is damaged."""
    try:
        return {
            path: Entry(content.encode("latin-1"), module, Policy(policy), mode)
            for path, (content, module, policy, mode) in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError):
        return None
