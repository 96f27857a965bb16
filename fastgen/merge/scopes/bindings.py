"""The bindings of names in a Python file, by Python's scopes."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Imported = ast.Import | ast.ImportFrom
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_SCOPES = _FUNCTIONS | ast.ClassDef | _COMPREHENSIONS
_RENAMABLE = (
    *(ast.Name, ast.alias, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef),
)
"""Nodes that bind a name at a position that renaming can find."""


class NotSure(Exception):
    """A name is bound in a way that renaming does not support."""


@dataclass(eq=False)
class LexicalScope:
    """A module, a class, a function or a comprehension."""

    node: ast.AST
    outer: "LexicalScope | None" = None
    binders: dict[str, list[ast.AST]] = field(default_factory=dict)
    """The nodes that bind each variable of the scope."""
    declared: set[str] = field(default_factory=set)
    """The names in `global` and `nonlocal` statements."""

    @property
    def around(self) -> Iterator["LexicalScope"]:
        """The enclosing scopes that functions in this scope can read."""
        scope = self.outer
        while scope:
            if not isinstance(scope.node, ast.ClassDef):
                yield scope
            scope = scope.outer

    def find(self, name: str) -> "LexicalScope | None":
        """The scope that owns the variable `name` as seen from here, or None if the
        file does not bind it."""
        return next((s for s in (self, *self.around) if name in s.binders), None)

    @property
    def running(self) -> "LexicalScope":
        """The scope itself, or for a comprehension the scope that contains it."""
        scope = self
        while isinstance(scope.node, _COMPREHENSIONS) and scope.outer:
            scope = scope.outer
        return scope

    def is_in(self, other: "LexicalScope") -> bool:
        scope: LexicalScope | None = self
        while scope and scope is not other:
            scope = scope.outer
        return scope is other


@dataclass(frozen=True)
class Bindings:
    """The scopes of a file."""

    top: LexicalScope
    places: Mapping[ast.AST, LexicalScope]
    """The scope in which each node is evaluated."""

    def owner(self, name: ast.Name) -> LexicalScope | None:
        """The scope that owns the variable `name`, or None if the file does not bind
        it."""
        return self.places[name].find(name.id)

    def binders(self, name: ast.Name) -> list[ast.AST]:
        """The nodes that bind the variable `name`."""
        owner = self.owner(name)
        return owner.binders[name.id] if owner else []

    @cached_property
    def names(self) -> Mapping[str, list[ast.Name]]:
        """The Name nodes, by name."""
        found: dict[str, list[ast.Name]] = {}
        for node in self.places:
            if isinstance(node, ast.Name):
                found.setdefault(node.id, []).append(node)
        return found

    @cached_property
    def imports(self) -> list[tuple[LexicalScope, Imported]]:
        """The import statements, each with the scope in which it binds names."""
        found = [(s, n) for n, s in self.places.items() if isinstance(n, Imported)]
        return sorted(found, key=lambda each: (each[1].lineno, each[1].col_offset))

    @cached_property
    def scopes(self) -> list[LexicalScope]:
        return [*dict.fromkeys(self.places.values())]

    def references(self, scope: LexicalScope, name: str) -> list[ast.Name]:
        """The nodes that refer to the variable `name` of `scope`.

        Raises NotSure if a class inside the scope also binds the name, or if an
        exception handler or a similar node binds it.
        """
        for binder in scope.binders.get(name, ()):
            if not isinstance(binder, _RENAMABLE):
                raise NotSure
        for inner in self.scopes:
            if name in inner.declared:
                raise NotSure
            is_class = isinstance(inner.node, ast.ClassDef) and inner is not scope
            if is_class and name in inner.binders and inner.is_in(scope):
                raise NotSure
        return [n for n in self.names.get(name, ()) if self.owner(n) is scope]

    def can_rename(self, scope: LexicalScope, old: str, new: str) -> bool:
        """Whether the variable `old` of `scope` can be renamed to `new` without a
        conflict: no other variable `new` is visible at its uses or becomes hidden."""
        try:
            found = self.references(scope, old)
        except NotSure:
            return False
        if new in scope.binders or any(self.places[n].find(new) for n in found):
            return False
        read = [n for n in self.names.get(new, ()) if self.places[n].is_in(scope)]
        if read and hasattr(builtins, new):
            return False
        owners = (self.owner(node) for node in read)
        return not any(owner and scope.is_in(owner) for owner in owners)


def bindings_of(module: ast.Module) -> Bindings:
    """The scopes of the file `module`, with all nodes that bind names in them."""
    top = LexicalScope(module)
    places: dict[ast.AST, LexicalScope] = {}
    waiting: list[tuple[ast.AST, LexicalScope]] = [(node, top) for node in module.body]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.expr_context):
            continue
        places[node] = scope
        for name in bound_by(node):
            scope.binders.setdefault(name, []).append(node)
        if isinstance(node, ast.Global | ast.Nonlocal):
            scope.declared |= {*node.names}
        if isinstance(node, _SCOPES):
            waiting += ((child, scope) for child in _outer_parts(node))
            inner = LexicalScope(node, scope)
            waiting += ((child, inner) for child in _inner_parts(node))
        elif isinstance(node, ast.NamedExpr):
            waiting += [(node.target, scope.running), (node.value, scope)]
        elif not isinstance(node, ast.arg):  # its annotation is an outer part
            waiting += ((child, scope) for child in ast.iter_child_nodes(node))
    for scope in dict.fromkeys(places.values()):
        for name in scope.declared & scope.binders.keys():
            binders = scope.binders.pop(name)
            owner = next((s for s in scope.around if name in s.binders), top)
            owner.binders.setdefault(name, []).extend(binders)
    return Bindings(top, places)


def _outer_parts(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a function, a class or a comprehension that are evaluated outside of
    it."""
    match node:
        case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from node.args.defaults
            yield from (default for default in node.args.kw_defaults if default)
            if not isinstance(node, ast.Lambda):
                yield from node.decorator_list
                yield from (a.annotation for a in _arguments(node) if a.annotation)
                if node.returns:
                    yield node.returns
        case ast.ClassDef():
            yield from (*node.decorator_list, *node.bases, *node.keywords)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield node.generators[0].iter


def _inner_parts(node: ast.AST) -> Iterator[ast.AST]:
    yield from getattr(node, "type_params", ())
    match node:
        case ast.Lambda():
            yield from (*_arguments(node), node.body)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (*_arguments(node), *node.body)
        case ast.ClassDef():
            yield from node.body
        case _ if isinstance(node, _COMPREHENSIONS):
            whole = node.generators[0].iter
            for part in ast.iter_child_nodes(node):
                children: tuple[ast.AST, ...] = (part,)
                if isinstance(part, ast.comprehension):
                    children = (part.target, part.iter, *part.ifs)
                yield from (child for child in children if child is not whole)


def _arguments(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
) -> list[ast.arg]:
    """All parameters, including `*args` and `**kwargs`."""
    given = node.args
    rest = [each for each in (given.vararg, given.kwarg) if each]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest]


def bound_name(alias: ast.alias) -> str:
    """The name that an import binds."""
    return alias.asname or alias.name.partition(".")[0]


def bound_by(node: ast.AST) -> Iterator[str]:
    """The names that `node` itself binds."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case (
            ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
        ):
            yield name
        case ast.alias():
            yield bound_name(node)
        case (
            ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            yield name


def names_at_top(module: ast.Module) -> Iterator[str]:
    """The names that the module binds at its top level, with `*` for a star import.
    Much cheaper than computing all scopes."""
    waiting: list[ast.AST] = [*module.body]
    while waiting:
        node = waiting.pop()
        yield from bound_by(node)
        if not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)


def annotation_texts(module: ast.Module) -> Iterator[ast.Constant]:
    """The strings in annotations that contain types."""
    for node in ast.walk(module):
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
            yield from _texts(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield from _texts(node.returns)


def _texts(annotation: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(annotation, ast.Constant):
        if isinstance(annotation.value, str):
            yield annotation
        return
    inner = [*ast.iter_child_nodes(annotation)]
    if isinstance(annotation, ast.Subscript):
        name = ast.unparse(annotation.value).rpartition(".")[2]
        if name == "Literal":
            return
        if name == "Annotated" and isinstance(annotation.slice, ast.Tuple):
            inner = annotation.slice.elts[:1]  # type: ignore[assignment]
    for child in inner:
        if isinstance(child, ast.expr):
            yield from _texts(child)
