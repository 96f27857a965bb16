"""Imports that a merged file needs. Imports that fastgen no longer writes stay if the
user's code uses them; imports that fastgen's new code uses are added."""

import ast
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace

from fastgen.encoding import Undecodable, decoded, encoded
from fastgen.merge.gate.kept_imports import (
    ImportedName,
    imports_at_top,
    with_imported,
)
from fastgen.merge.scopes.imports import (
    UNPARSABLE,
    Import,
    absolute_module,
    package_at,
    source_folder,
)
from fastgen.plan import Change, Plan
from fastgen.tree import Entry, File, Files, Tree


def with_used_imports(
    plan: Plan,
    undefined: Mapping[str, Collection[str]],
    package: str,
    sources: Files,
    generated: Tree,
) -> Plan:
    """`plan` with imports for the names that would be `undefined`, by path.

    A file imports them as before, if the project still has what they import, or as the
    file in `generated` does.
    """
    code = {path: file.content for path, file in sources.items()}
    for change in plan.writes:
        code.pop(change.source or change.path, None)
        if change.after is not None and change.path.endswith(".py"):
            code[change.path] = change.after.content
    remaining = _Remaining(package, code)
    changes = tuple(
        _with_used(
            change,
            undefined.get(change.path, ()),
            remaining,
            generated.get(change.path),
        )
        for change in plan.changes
    )
    return replace(plan, changes=changes) if changes != plan.changes else plan


def imported_before(plan: Plan) -> dict[tuple[str, str], str]:
    """The module that each imported name comes from before `plan`, by path and name."""
    return {
        (change.path, each.bound): each.origin
        for change in plan.writes
        if change.path.endswith(".py") and change.before and change.after
        for each in _imports_of(change)
    }


def _imports_of(change: Change) -> list[ImportedName]:
    assert change.before is not None
    try:
        return imports_at_top(decoded(change.path, change.before.content))
    except (Undecodable, *UNPARSABLE):
        return []


class _Remaining:
    """The modules and names that a project with the Python files `code` can import."""

    def __init__(self, package: str, code: Mapping[str, bytes]) -> None:
        self._package, self._code = package, code
        self._folder = source_folder(package, code)

    def has(self, imported: ImportedName, path: str) -> bool:
        """Whether the file at `path` can import `imported`."""
        module = imported.module if imported.is_from else imported.name
        here = package_at(path, self._folder)
        module = absolute_module(module, imported.level, here)
        top = module.partition(".")[0]
        if top == self._package:
            name = imported.name if imported.is_from else None
            return not Import(path, 0, module, name, self._folder).fails_in(self._code)
        return top in sys.stdlib_module_names or any(
            other != path and _imports(content, top)
            for other, content in self._code.items()
        )


def _imports(content: bytes, top: str) -> bool:
    """Whether a file imports the package `top`."""
    if top.encode() not in content:
        return False
    try:
        body = ast.walk(ast.parse(content))
    except UNPARSABLE:
        return False
    names = [
        name
        for node in body
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    ]
    return any(name.partition(".")[0] == top for name in names)


def _with_used(
    change: Change,
    undefined: Collection[str],
    remaining: _Remaining,
    generated: Entry | None,
) -> Change:
    if not undefined or change.before is None or change.after is None:
        return change
    path = change.source or change.path
    try:
        before = decoded(path, change.before.content)
        text = after = decoded(change.path, change.after.content)
        wanted = [
            imported
            for imported in imports_at_top(before)
            if imported.bound in undefined and remaining.has(imported, change.path)
        ]
        text = with_imported(text, before, wanted)
        if generated:
            given = decoded(change.path, generated.content)
            known = {imported.bound for imported in wanted}
            new = [
                imported
                for imported in imports_at_top(given)
                if imported.bound in undefined and imported.bound not in known
            ]
            text = with_imported(text, given, new)
        if text == after:
            return change
        content = encoded(change.path, text, change.before.content)
    except (Undecodable, *UNPARSABLE):
        return change
    return replace(change, after=File(content, change.after.mode))
