"""Python definitions that are used without an import: attributes of classes, parameters
of functions, and fixtures."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fastgen.merge.scopes.imports import UNPARSABLE

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Definitions:
    """Names that code can use without an import that mentions them."""

    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The attributes of each class by its name, including inherited ones."""
    parameters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The parameters of each function by its name."""
    fixtures: frozenset[str] = frozenset()
    """The names of pytest fixtures."""

    def __bool__(self) -> bool:
        return bool(self.attributes or self.parameters or self.fixtures)

    def without(self, others: "Definitions") -> "Definitions":
        """The definitions that `others` lacks. Classes and functions that `others`
        lacks completely are left out, because their imports fail."""
        return Definitions(
            _lost(self.attributes, others.attributes),
            _lost(self.parameters, others.parameters),
            self.fixtures - others.fixtures,
        )


def definitions_of(contents: Iterable[bytes]) -> Definitions:
    """The definitions in Python files; a file that does not parse has none."""
    own: dict[str, set[str]] = {}
    bases: dict[str, set[str]] = {}
    parameters: dict[str, set[str]] = {}
    fixtures: set[str] = set()
    for content in contents:
        try:
            tree = ast.parse(content)
        except UNPARSABLE:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                own.setdefault(node.name, set()).update(_attributes(node))
                names = {base.id for base in node.bases if isinstance(base, ast.Name)}
                bases.setdefault(node.name, set()).update(names)
        for function in (n for n in tree.body if isinstance(n, Function)):
            if name := fixture_name(function):
                fixtures.add(name)
            taken = parameters.setdefault(function.name, set())
            taken.update(arg.arg for arg in arguments_of(function))
            if function.args.kwarg:
                taken.add("*")
    return Definitions(
        {name: frozenset(_inherited(name, own, bases)) for name in own},
        {name: frozenset(taken) for name, taken in parameters.items()},
        frozenset(fixtures),
    )


def arguments_of(function: Function) -> list[ast.arg]:
    """The named parameters of `function`."""
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def fixture_name(function: Function) -> str | None:
    """The name of the pytest fixture that `function` defines, or None."""
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(called).rpartition(".")[2] != "fixture":
            continue
        keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
        for keyword in keywords:
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
        return function.name
    return None


def _lost(
    before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    lost = {
        name: names - after[name]
        for name, names in before.items()
        if name in after and "*" not in after[name]
    }
    return {name: names for name, names in lost.items() if names}


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    """The attributes of a class: names in its body and assignments to `self`."""
    for statement in node.body:
        if isinstance(statement, Function | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.AnnAssign):
            yield from _stored(statement.target)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield from _stored(target)
    for inner in ast.walk(node):
        match inner:
            case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                yield inner.attr


def _stored(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id


def _inherited(
    name: str, own: Mapping[str, set[str]], bases: Mapping[str, set[str]]
) -> set[str]:
    found: set[str] = set()
    waiting, seen = [name], set[str]()
    while waiting:
        current = waiting.pop()
        if current not in seen and current in own:
            seen.add(current)
            found |= own[current]
            waiting += bases[current]
    return found
