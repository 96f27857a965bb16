"""New tests that need files which the user deleted."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from fastgen.merge.gate.definitions import (
    Function,
    arguments_of,
    definitions_of,
    fixture_name,
)
from fastgen.merge.gate.missing import TESTS
from fastgen.merge.scopes.imports import UNPARSABLE, first_party_imports, module_path
from fastgen.plan import Action, Change, Finding, Plan, Severity
from fastgen.tree import Files, Tree


def with_tests_as_deleted(plan: Plan, base: Tree, user: Files) -> Plan:
    """`plan` without new tests if the user deleted all tests of `base`. Otherwise a
    WARNING is added for each new test that needs a deleted file. The paths in `base`
    are the user's."""
    new = [c for c in plan.changes if c.action is Action.CREATE and _is_test(c.path)]
    old = {path for path in base if _is_test(path)}
    deleted = old - user.keys()
    if not new or not deleted:
        return plan
    if deleted == old:
        return _without(plan, new)
    contents = {path: base[path].content for path in sorted(deleted)}
    findings = _needing(new, contents, user)
    return replace(plan, findings=(*plan.findings, *findings))


def _is_test(path: str) -> bool:
    return path.startswith(f"{TESTS}/") and path.endswith(".py")


def _without(plan: Plan, new: list[Change]) -> Plan:
    names = ", ".join(change.path for change in new)
    message = f"you deleted the tests, so these are not written: {names}"
    notice = Finding(Severity.NOTICE, TESTS, message)
    left = tuple(change for change in plan.changes if change not in new)
    return replace(plan, changes=left, findings=(*plan.findings, notice))


def _needing(
    new: list[Change], deleted: Mapping[str, bytes], user: Files
) -> Iterator[Finding]:
    own = [f.content for path, f in user.items() if path.endswith(".py")]
    own += [change.after.content for change in new if change.after]
    fixtures = {
        name: path
        for path, content in deleted.items()
        for name in definitions_of([content]).fixtures
    }
    for name in definitions_of(own).fixtures:
        fixtures.pop(name, None)
    for change in new:
        assert change.after is not None
        content = change.after.content
        needed = {fixtures[name] for name in _required(content) if name in fixtures}
        for path in deleted:
            root = path.split("/")[1].removesuffix(".py")
            found = first_party_imports(content, change.path, root, TESTS)
            if any(module_path(each.module, {path: b""}, TESTS) for each in found):
                needed.add(path)
        if needed:
            message = f"needs {', '.join(sorted(needed))}, which you deleted"
            yield Finding(Severity.WARNING, change.path, message)


def _required(content: bytes) -> set[str]:
    """The fixtures that the tests and fixtures of a file require."""
    try:
        nodes = [*ast.walk(ast.parse(content))]
    except UNPARSABLE:
        return set()
    return {
        argument.arg
        for node in nodes
        if isinstance(node, Function)
        and (node.name.startswith("test") or fixture_name(node))
        for argument in arguments_of(node)
    }
