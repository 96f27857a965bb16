"""Python that would fail at run time: syntax errors and undefined names."""

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping

from fastgen.encoding import as_utf8
from fastgen.merge.gate.early_uses import early_uses
from fastgen.merge.gate.losses import LossWords
from fastgen.merge.scopes.bindings import Imported, bound_name, names_at_top
from fastgen.merge.scopes.imports import UNPARSABLE
from fastgen.plan import Change, Finding, Severity
from fastgen.tools.ruff import new_flaws

UNUSED_IMPORT = "(F401)"

_UNUSED = re.compile(r"`(?:\S+ as )?(?:\S+\.)?(\w+)` imported but unused")
_UNDEFINED = re.compile(r"Undefined name `(\w+)`")

_IN_NEW_FILES = ("(F402)", "(F811)", "(F821)", "(F822)", "(F823)")
"""Names that are shadowed, defined twice or undefined. The other F rules of ruff are
about style, and new files need not follow them."""

_BINDING = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Assign, ast.AnnAssign),
)

Flaw = tuple[str, int, str]
"""(path, line, message)"""


def flaws(changes: Iterable[Change]) -> list[Flaw]:
    """The problems with names that `changes` add to Python files: ruff's F rules, names
    used before assignment, and imports that a definition in a new file replaces."""
    written = {
        change.path: (
            as_utf8(change.path, change.before.content) if change.before else b"",
            as_utf8(change.path, change.after.content),
        )
        for change in changes
        if change.path.endswith(".py") and change.after
    }
    new = {change.path for change in changes if change.before is None}
    found = [
        flaw
        for flaw in new_flaws(written)
        if flaw[0] not in new or flaw[2].endswith(_IN_NEW_FILES)
    ]
    for path, (before, after) in written.items():
        if path in new:
            found += ((path, *flaw) for flaw in _replaced_imports(after))
        known = {message for _, message in early_uses(before)}
        found += ((path, *use) for use in early_uses(after) if use[1] not in known)
    return found


def flaw_findings(
    found: Iterable[Flaw],
    imported: Mapping[tuple[str, str], str],
    words: LossWords,
    users_of: Callable[[str, str], str | None],
) -> Iterator[Finding]:
    """An ISSUE for each flaw, and a WARNING for each unused import.

    An unused import breaks nothing. It remains if the user has moved the code that
    needed it.

    `imported` holds the modules that undefined names came from, by path and name.
    `users_of` takes the path of a file and a name that it imports, and returns the file
    to which the user moved the code that uses the name.
    """
    for path, line, message in found:
        undefined = _UNDEFINED.match(message)
        origin = imported.get((path, undefined[1])) if undefined else None
        if undefined and origin:
            message = f"uses {undefined[1]} from {origin}, {words.loss}"
        if message.endswith(UNUSED_IMPORT):
            unused = _UNUSED.match(message)
            home = users_of(path, unused[1]) if unused else None
            hint = f"; use it in {home}, to which you moved its code" if home else ""
            yield Finding(Severity.WARNING, path, message + hint, line)
        else:
            yield Finding(Severity.ISSUE, path, message, line)


def undefined_names(found: Iterable[Flaw]) -> dict[str, set[str]]:
    """The undefined names in the flaws `found`, by path."""
    names: dict[str, set[str]] = {}
    for path, _, message in found:
        if undefined := _UNDEFINED.match(message):
            names.setdefault(path, set()).add(undefined[1])
    return names


def compile_problem(content: bytes) -> tuple[int, str] | None:
    """The line and the reason if Python code parses but does not compile, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(content, "", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    except UNPARSABLE:
        pass
    return None


def _replaced_imports(content: bytes) -> Iterator[tuple[int, str]]:
    """(line, message) for each import at the top of a file whose name is bound again
    there. ruff allows it if the name is used in between."""
    imported: set[str] = set()
    for node in ast.parse(content).body:
        if isinstance(node, Imported):
            imported |= {*map(bound_name, node.names)}
        elif isinstance(node, _BINDING):
            for name in names_at_top(ast.Module([node], [])):
                if name in imported:
                    yield node.lineno, f"`{name}` replaces the import of that name"
