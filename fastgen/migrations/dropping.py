"""Migrations that revert another one: upgrade and downgrade are swapped."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from fastgen.errors import NeedsPerson
from fastgen.migrations.chain import History, free_path
from fastgen.migrations.script import Script, with_revisions, without_labels
from fastgen.tree import Entry, Files, Policy, Tree


class OneWay(NeedsPerson):
    """{path} has no downgrade() that takes its upgrade() back; write the
    migration that drops its tables yourself, with `alembic revision`."""


def dropping(names: Mapping[str, str], past: History, files: Files) -> Tree:
    """The migrations that revert the migrations `names`, latest first. `names` maps
    names to modules.

    Migrations that do not exist or are already reverted are skipped. Raises OneWay and
    the errors of `History.head`.
    """
    made = {name: script for name in names if (script := past.live(name))}
    if not made:
        return {}
    tree: dict[str, Entry] = {}
    follows = past.head
    for name in sorted(made, key=lambda name: _depth(made[name], past), reverse=True):
        script = made[name]
        revision = past.drop_id(name, past.turn(name))
        text = with_revisions(swapped(script), revision, follows)
        place = PurePosixPath(script.path)
        path = free_path(str(place.with_stem(f"{place.stem}_drop")), {*files, *tree})
        tree[path] = Entry(text.encode(), names[name], Policy.JOURNAL)
        follows = (revision,)
    return tree


def swapped(script: Script) -> Script:
    """`script` with upgrade and downgrade swapped. Raises OneWay."""
    text = without_labels(script)
    module = ast.parse(text)
    functions = {
        node.name: node for node in module.body if isinstance(node, ast.FunctionDef)
    }
    if not {"upgrade", "downgrade"} <= functions.keys():
        raise OneWay(path=script.path)
    up, down = functions["upgrade"], functions["downgrade"]
    if not any(_does_something(statement) for statement in down.body):
        raise OneWay(path=script.path)
    lines = text.split("\n")
    places = {
        (node.lineno - 1, node.end_lineno or node.lineno): (node.name, other)
        for node, other in ((up, down), (down, up))
    }
    for (start, end), (name, other) in sorted(places.items(), reverse=True):
        body = text.split("\n")[other.lineno - 1 : other.end_lineno]
        body[0] = body[0].replace(f"def {other.name}", f"def {name}", 1)
        lines[start:end] = body
    title = ast.get_docstring(module)
    if title and isinstance(module.body[0], ast.Expr):
        said = f'"""Takes back: {title.splitlines()[0]}"""'
        lines[module.body[0].lineno - 1 : module.body[0].end_lineno] = [said]
    return replace(script, text="\n".join(lines))


def _does_something(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return False
    return not isinstance(statement, ast.Pass | ast.Raise)


def _depth(script: Script, past: History) -> int:
    """The number of migrations before `script`."""
    seen: set[str] = set()
    todo = [*script.follows]
    while todo:
        revision = todo.pop()
        if revision not in seen and revision in past.scripts:
            seen.add(revision)
            todo += past.scripts[revision].follows
    return len(seen)
