"""Imports that would fail, reported once for each cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastgen.merge.gate.losses import Code, LossWords, losses, may_miss
from fastgen.merge.scopes.imports import (
    Import,
    first_party_imports,
    module_path,
    source_folder,
)
from fastgen.plan import Finding, Plan, Severity

TESTS = "tests"

_NAMED = 3
"""The maximum number of additional places that a finding names."""


@dataclass(frozen=True)
class Missing:
    """An import that fails in the merged project."""

    found: Import
    cause: str
    """The outermost module that is missing, or the module that lacks the name."""
    removed: bool
    """Whether the plan removes it. Otherwise the project never had it."""
    file: str
    """The file that should define it."""
    file_is_there: bool
    """Whether `file` exists but lacks the name."""

    @property
    def place(self) -> str:
        return f"{self.found.path}:{self.found.line}"


def import_findings(plan: Plan, package: str, code: Code) -> Iterator[Finding]:
    """An ISSUE for each module of `package`, or shared by tests, that an import would
    no longer find. The user's own imports that failed before get no finding."""
    causes: dict[tuple[str, bool], list[Missing]] = {}
    for missing in missing_imports(plan, package, code):
        causes.setdefault((missing.cause, missing.removed), []).append(missing)
    yield from (_finding(missing, code.words) for missing in causes.values())


def _finding(all_missing: list[Missing], words: LossWords) -> Finding:
    """The finding for all imports with the same cause."""
    first = all_missing[0]
    places = [*dict.fromkeys(missing.place for missing in all_missing)][1:]
    more = ""
    if places:
        left = len(places) - _NAMED
        named = ", ".join(places[:_NAMED])
        more = f"; also {named}{f' and {left} more' if left > 0 else ''}"
    name, line = first.found.name, first.found.line
    if first.removed:
        message, fix = f"imports {name}, {words.loss}", ""
    elif first.file_is_there:
        message = f"imports {name}, and {first.file} does not have it"
        fix = f"restore {first.found.attribute} in {first.file}"
    else:
        message = f"imports {name}, and there is no {first.file}"
        fix = f"restore {first.file}"
    return Finding(Severity.ISSUE, first.found.path, message + more, line, fix)


def missing_imports(plan: Plan, package: str, code: Code) -> Iterator[Missing]:
    """The imports that would fail after `plan`, one for each name."""
    folder = source_folder(package, code.before)
    lost = losses(code, [folder, TESTS])
    roots = {package: folder, **dict.fromkeys(_lost_of_tests(plan), TESTS)}
    for path, content in sorted(code.after.items()):
        if path not in code.written and not may_miss(path, code, lost):
            continue
        for name, place in roots.items():
            if place == TESTS and not path.startswith(f"{TESTS}/"):
                continue
            for found in first_party_imports(content, path, name, place):
                if missing := _missing(found, code):
                    yield missing


def _missing(found: Import, code: Code) -> Missing | None:
    if not found.fails_in(code.after):
        return None
    removed = not found.fails_in(code.before)
    # An import that the user wrote earlier and that already failed is left alone.
    if not removed and _was_there(found, code):
        return None
    cause = _cause(found, code)
    file = module_path(cause, code.after, found.sources)
    path = PurePosixPath(found.sources, *cause.split("."))
    return Missing(found, cause, removed, file or f"{path}.py", file is not None)


def _was_there(found: Import, code: Code) -> bool:
    """Whether the file had this import before."""
    before = code.before.get(found.path)
    if before is None or found.path not in code.written:
        return before is not None
    package = found.module.partition(".")[0]
    imports = first_party_imports(before, found.path, package, found.sources)
    return found.name in {each.name for each in imports}


def _cause(found: Import, code: Code) -> str:
    parts = found.module.split(".")
    for end in range(1, len(parts) + 1):
        module = ".".join(parts[:end])
        if Import("", 0, module, None, found.sources).fails_in(code.after):
            return module
    return found.module


def _lost_of_tests(plan: Plan) -> set[str]:
    """The packages in `tests` from which the plan removes files. pytest puts their
    folder on the import path."""
    paths = (PurePosixPath(change.path) for change in plan.writes if not change.after)
    return {p.parts[1] for p in paths if p.parts[0] == TESTS and len(p.parts) > 2}
