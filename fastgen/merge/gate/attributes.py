"""Attributes, arguments and fixtures that a plan removes and that the user's code still
uses. The code is not imported, so the findings are guesses and do not refuse the
plan."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path
from types import ModuleType

from fastgen.merge.gate.definitions import (
    Definitions,
    Function,
    arguments_of,
    definitions_of,
    fixture_name,
)
from fastgen.merge.gate.losses import Code, LossWords
from fastgen.merge.scopes.imports import UNPARSABLE
from fastgen.phrases import in_words
from fastgen.plan import Finding, Severity
from fastgen.tree import Tree

_NAMED = 12
"""The maximum number of places with a finding each; one more finding counts the
rest."""

_COMMON = frozenset(
    name
    for kind in (str, bytes, list, dict, set, Exception, ModuleType, Path)
    for name in dir(kind)
).union(
    dir(Message),
    dir(HTTPResponse),
    """
    app body client content cookies data detail form id json method name params path
    query request response result state status status_code text type url user value
    """.split(),  # noqa: SIM905
)
"""Attributes of common objects that are not instances of the project's classes."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_CLASS = re.compile(r"\b[A-Z]\w*[a-z]")
"""A name that looks like the name of a class."""


def lost_definitions(code: Code) -> Definitions:
    """The definitions that the files written by a plan no longer have."""
    before, after = (
        definitions_of(side[path] for path in code.written if path in side)
        for side in (code.before, code.after)
    )
    return before.without(after)


def attribute_findings(code: Code, generated: Callable[[], Tree]) -> Iterator[Finding]:
    """A WARNING for each place in the user's code that uses a removed definition.

    Lines that are in `generated()` are fastgen's, not the user's, and get no warning.
    """
    lost = lost_definitions(code)
    if lost.fixtures:
        elsewhere = definitions_of(c for c in code.after.values() if b"fixture" in c)
        lost = replace(lost, fixtures=lost.fixtures - elsewhere.fixtures)
    if not lost:
        return
    uses = [*_uses(code, lost, generated())]
    for use in uses[:_NAMED]:
        yield Finding(Severity.WARNING, use.path, use.message, use.line)
    if left := uses[_NAMED:]:
        message = f"the same in {len(left)} more places: {_places(left)}"
        yield Finding(Severity.WARNING, left[0].path, message, left[0].line)


@dataclass(frozen=True)
class Use:
    """A place that uses a removed definition."""

    path: str
    line: int
    what: str
    cause: str

    @property
    def message(self) -> str:
        return f"{self.what}, {self.cause}"


def _places(uses: list[Use]) -> str:
    return ", ".join(sorted({use.path for use in uses}))


def _uses(code: Code, lost: Definitions, generated: Tree) -> Iterator[Use]:
    names = {
        *lost.fixtures,
        *(name for group in lost.attributes.values() for name in group),
        *(name for group in lost.parameters.values() for name in group),
    }
    pattern = re.compile(rb"\b(?:" + b"|".join(map(re.escape, _bytes(names))) + rb")\b")
    for path, content in sorted(code.after.items()):
        if not pattern.search(content):
            continue
        try:
            tree = ast.parse(content)
        except UNPARSABLE:
            continue
        found = [
            *_in_units(path, tree, content, code, lost),
            *_in_classes(path, tree, lost, code.words),
            *_of_fixtures(path, tree, lost, code.words),
        ]
        if found:
            written = generated[path].content if path in generated else b""
            lines, theirs = content.splitlines(), {*written.split(b"\n")}
            own = (use for use in found if lines[use.line - 1] not in theirs)
            yield from _one_a_line(own)


def _one_a_line(uses: Iterable[Use]) -> Iterator[Use]:
    """The uses, with all uses in one line joined."""
    by_line: dict[int, list[Use]] = {}
    for use in uses:
        by_line.setdefault(use.line, []).append(use)
    for _, alike in sorted(by_line.items()):
        whats = dict.fromkeys(use.what for use in alike)
        cause = max((use.cause for use in alike), key=len)
        yield replace(alike[0], what=in_words(whats), cause=cause)


def _bytes(names: set[str]) -> list[bytes]:
    return sorted(name.encode() for name in names)


def _in_units(
    path: str, tree: ast.Module, content: bytes, code: Code, lost: Definitions
) -> Iterator[Use]:
    """The uses in each function of a file, and in its other code."""
    rest = [node for node in tree.body if not isinstance(node, Function | ast.ClassDef)]
    methods = [n for c in tree.body if isinstance(c, ast.ClassDef) for n in c.body]
    functions = [node for node in tree.body if isinstance(node, Function)]
    mentioned = {name for name in lost.attributes if name.encode() in content}
    for unit in (rest, *([node] for node in (*functions, *methods))):
        nodes = [node for statement in unit for node in ast.walk(statement)]
        types = _types(nodes)
        for node in nodes:
            if isinstance(node, ast.Attribute):
                owner = _owner(node, types, lost.attributes)
                if owner is None and mentioned:
                    owner = _likely_owner(node, types, mentioned, code, lost)
                if owner:
                    used = f"uses `{ast.unparse(node)}`"
                    line = node.end_lineno or node.lineno
                    yield Use(path, line, used, code.words.of(owner))
            elif isinstance(node, ast.Call):
                yield from _keywords(path, node, lost, code.words)


def _in_classes(
    path: str, tree: ast.Module, lost: Definitions, words: LossWords
) -> Iterator[Use]:
    """The uses in a class that loses attributes: attributes of `self`, and names in
    strings, such as `@field_validator("title")` and `Index("ix_title", "title")`."""
    for definition in tree.body:
        if not isinstance(definition, ast.ClassDef):
            continue
        names = lost.attributes.get(definition.name, frozenset())
        removed = words.of(definition.name)
        for node in ast.walk(definition) if names else ():
            match node:
                case ast.Attribute(value=ast.Name(id="self" | "cls")):
                    if node.attr in names:
                        used = f"uses `{ast.unparse(node)}`"
                        yield Use(path, node.lineno, used, removed)
                case ast.Call(func=func, args=arguments):
                    for each in arguments:
                        if isinstance(each, ast.Constant) and each.value in names:
                            used = f"passes {each.value!r} to {ast.unparse(func)}()"
                            yield Use(path, each.lineno, used, removed)


def _owner(
    node: ast.Attribute,
    types: Mapping[str, str],
    attributes: Mapping[str, frozenset[str]],
) -> str | None:
    """The class that loses the attribute, if the type or the name of the receiver says
    that the receiver is an instance of it."""
    owners = [owner for owner, names in attributes.items() if node.attr in names]
    name = _last_name(node.value)
    if not owners or name is None:
        return None
    if isinstance(node.value, ast.Name) and name in types:
        words = set(re.findall(r"\w+", types[name]))
        return next((owner for owner in owners if owner in words), None)
    return next((owner for owner in owners if _is_named_after(name, owner)), None)


def _likely_owner(
    node: ast.Attribute,
    types: Mapping[str, str],
    mentioned: set[str],
    code: Code,
    lost: Definitions,
) -> str | None:
    """The class that loses the attribute, if no other class defines it and the type of
    the receiver is unknown."""
    owners = [o for o in sorted(mentioned) if node.attr in lost.attributes[o]]
    if not owners or node.attr in _COMMON or not isinstance(node.value, ast.Name):
        return None
    if node.value.id in types or node.value.id in ("self", "cls"):
        return None
    defined = re.compile(
        rb"^[ \t]+(?:async def |def |class |self\.)?%s\b[ \t]*[:=(]"
        % re.escape(node.attr.encode()),
        re.MULTILINE,
    )
    if any(defined.search(content) for content in code.after.values()):
        return None
    return owners[0]


def _keywords(
    path: str, call: ast.Call, lost: Definitions, words: LossWords
) -> Iterator[Use]:
    """The uses of keyword arguments that the called class or function no longer has."""
    called = _last_name(call.func)
    receiver = (
        _last_name(call.func.value) if isinstance(call.func, ast.Attribute) else None
    )
    for keyword in call.keywords:
        owner = next(
            (
                owner
                for owner, names in lost.attributes.items()
                if keyword.arg in names
                and any(name and _mentions(name, owner) for name in (called, receiver))
            ),
            called if keyword.arg in lost.parameters.get(called or "", ()) else None,
        )
        if owner:
            called_as = ast.unparse(call.func)
            used = f"passes `{keyword.arg}` to {called_as}()"
            yield Use(path, keyword.value.lineno, used, words.loss)


def _of_fixtures(
    path: str, tree: ast.Module, lost: Definitions, words: LossWords
) -> Iterator[Use]:
    for node in ast.walk(tree) if lost.fixtures else ():
        if isinstance(node, Function):
            is_test = node.name.startswith("test") or fixture_name(node)
            given = " ".join(map(ast.unparse, node.decorator_list))
            for argument in arguments_of(node) if is_test else ():
                if argument.arg in lost.fixtures and f"{argument.arg!r}" not in given:
                    used = f"requires the fixture `{argument.arg}`"
                    yield Use(path, argument.lineno, used, words.loss)
        elif isinstance(node, ast.Call) and _last_name(node.func) == "usefixtures":
            for each in node.args:
                if isinstance(each, ast.Constant) and each.value in lost.fixtures:
                    used = f"requires the fixture `{each.value}`"
                    yield Use(path, each.lineno, used, words.loss)


def _types(nodes: list[ast.AST]) -> dict[str, str]:
    """The type of each variable as text: its annotation, the class that is called for
    it, or the iterable that it comes from."""
    types: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.arg) and node.annotation:
            types[node.arg] = ast.unparse(node.annotation)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            types[node.target.id] = ast.unparse(node.annotation)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            made = _last_name(node.value.func) or ""
            for target in node.targets:
                if isinstance(target, ast.Name) and made[:1].isupper():
                    types[target.id] = made
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            each = ast.unparse(node.iter)
            if isinstance(node.target, ast.Name) and _CLASS.search(each):
                types[node.target.id] = each
    return types


def _last_name(node: ast.expr) -> str | None:
    """The last name in an expression: `product` for `self.product`, `product[0]` and
    `await product()`."""
    while True:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return name
            case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.Await(inner):
                node = inner
            case _:
                return None


def _is_named_after(name: str, owner: str) -> bool:
    """Whether `name` ends in the name of the class `owner`: `product`, `new_product`,
    `products`, `get_product`."""
    words, wanted = _words(name), _words(owner)
    end = words[-len(wanted) :]
    plurals = {f"{wanted[-1]}s", f"{wanted[-1]}es", f"{wanted[-1][:-1]}ies"}
    if end == wanted:
        return True
    return end[:-1] == wanted[:-1] and plurals.issuperset(end[-1:])


def _mentions(name: str, owner: str) -> bool:
    """Whether `name` contains the words of `owner`: `add_product`, `ProductFactory`."""
    return f"_{'_'.join(_words(owner))}_" in f"_{'_'.join(_words(name))}_"


def _words(name: str) -> list[str]:
    return [word for word in _HUMP.sub("_", name).lower().split("_") if word]
