"""The tests that stand in a project's files, whether or not pytest finds them."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

Test = tuple[str, str]
"""The file's name without its ending, and the function's."""


def written_tests(
    root: Path,
    *,
    conditional: bool,
    files: Sequence[str] = (),
    left_out: Sequence[str] = (),
) -> set[Test]:
    """The functions that are tests, in `files` or in all; with `conditional` also those
    behind an `if`, which are defined on one engine of the database and not on the
    other. Files like a pattern of `left_out` do not count."""
    return {
        (file.stem, function)
        for file in [root / name for name in files] or root.glob("tests/**/test_*.py")
        if not any(file.match(pattern) for pattern in left_out)
        for function in _functions(ast.parse(file.read_bytes()).body, conditional)
    }


def _functions(statements: Iterable[ast.stmt], conditional: bool) -> Iterator[str]:
    for statement in statements:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if name.startswith("test_"):
                    yield name
            case ast.ClassDef(body=body):
                yield from _functions(body, conditional)
            case ast.If(body=body, orelse=orelse) if conditional:
                yield from _functions([*body, *orelse], conditional)


def functions_of(cases: Sequence[str]) -> set[Test]:
    """The functions behind `tests.test_errors::test_a_crash[with its length]`, as a
    report has it, and `tests/test_errors.py::test_a_crash`, as a collection has it."""
    names = (re.match(r".*?(test_\w+)[^\[]*::(test_\w+)", case) for case in cases)
    return {(name[1], name[2]) for name in names if name}
