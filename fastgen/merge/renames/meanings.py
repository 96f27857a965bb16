"""The meaning of names in a user's file: modules, definitions and models."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from fastgen.merge.renames.moved_names import MovedNames
from fastgen.merge.scopes.bindings import Bindings, Imported, LexicalScope
from fastgen.merge.scopes.imports import absolute_module

Variable = tuple[LexicalScope, str]


@dataclass(frozen=True)
class Meanings:
    """The modules, models and variables that the nodes of a file stand for."""

    moved: MovedNames
    bindings: Bindings
    module: str
    """The dotted name of the file's module."""
    package: str
    """The package that relative imports start from."""

    def of(self, node: ast.expr) -> str:
        """The old dotted name of the module or definition that `node` stands for; empty
        if unknown."""
        match node:
            case ast.Name(name):
                return self._of_name(node, name)
            case ast.Attribute(value=value, attr=attr):
                owner = self.of(value)
                return self.moved.old_module(f"{owner}.{attr}") if owner else ""
        return ""

    def is_model(self, node: ast.expr) -> bool:
        return self.moved.is_model(self.of(node))

    def source(self, node: ast.ImportFrom) -> str:
        """The module that `node` imports from."""
        return absolute_module(node.module or "", node.level, self.package)

    def is_one(self, scope: LexicalScope, name: str) -> bool:
        """Whether only imports of one definition bind the variable."""
        found = {self._imported.get(node) for node in scope.binders[name]}
        return len(found) == 1 and None not in found

    def _of_name(self, node: ast.Name, name: str) -> str:
        owner = self.bindings.owner(node)
        if owner is None:
            return next((f"{s}.{name}" for s in self._stars if self._has(s, name)), "")
        if self.is_one(owner, name):
            return self._imported[owner.binders[name][0]]
        is_own = not any(isinstance(each, ast.alias) for each in owner.binders[name])
        return f"{self.module}.{name}" if owner is self.bindings.top and is_own else ""

    @cached_property
    def _imported(self) -> Mapping[ast.AST, str]:
        """The dotted name of the imported module or definition for each import
        alias."""
        return {
            alias: self._meaning(node, alias)
            for _, node in self.bindings.imports
            for alias in node.names
        }

    def _meaning(self, node: Imported, alias: ast.alias) -> str:
        if isinstance(node, ast.Import):
            whole = alias.name if alias.asname else alias.name.partition(".")[0]
            return self.moved.old_module(whole) if alias.asname else whole
        source = self.moved.old_module(self.source(node))
        return self.moved.old_module(f"{source}.{alias.name}")

    @cached_property
    def _stars(self) -> list[str]:
        """The modules from which the file imports `*`."""
        return [
            self.moved.old_module(self.source(node))
            for _, node in self.bindings.imports
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        ]

    def _has(self, module: str, name: str) -> bool:
        """Whether `from module import *` binds `name`. Only known names and models
        count."""
        known = name in self.moved.names.get(module, ())
        return (known or (module, name) in self.moved.models) and name[0] != "_"

    def holds_models(self, node: ast.expr) -> bool:
        """Whether the elements of the collection `node` are models."""
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr="values")):
                return self.holds_models(inner)
            case ast.Name(name):
                owner = self.bindings.owner(node)
                binders = owner.binders[name] if owner else ()
                return bool(binders) and all(map(self._binds_models, binders))
        return False

    @cached_property
    def variables(self) -> frozenset[Variable]:
        """Parameters and variables that only ever hold a model: by their annotation, by
        a call of the model, as an element of a collection of models, or as the first
        parameter of a method of the model."""
        return frozenset(
            (scope, name)
            for scope in self.bindings.scopes
            for name, binders in scope.binders.items()
            if all(map(self._binds_model, binders))
        )

    @cached_property
    def _kinds(self) -> Mapping[ast.AST, ast.expr]:
        """The annotation of each variable and parameter, or the class that is called to
        create its value."""
        found: dict[ast.AST, ast.expr] = {}
        for node in self.bindings.places:
            match node:
                case ast.arg(annotation=ast.expr() as kind):
                    found[node] = kind
                case ast.AnnAssign(target=ast.Name() as target, annotation=kind):
                    found[target] = kind
                case ast.Assign(targets=[ast.Name() as target], value=value):
                    value = value.value if isinstance(value, ast.Await) else value
                    if isinstance(value, ast.Call):
                        found[target] = value.func
        return found

    @cached_property
    def _iterated(self) -> Mapping[ast.AST, ast.expr]:
        """The collection that each loop variable iterates over."""
        loops = (ast.For, ast.AsyncFor, ast.comprehension)
        parts = [n for n in ast.walk(self.bindings.top.node) if isinstance(n, loops)]
        return {loop.target: loop.iter for loop in parts}

    def _is_rest(self, binder: ast.AST) -> bool:
        """Whether `binder` is a parameter such as `*args` or `**kwargs`."""
        given = getattr(self.bindings.places[binder].node, "args", None)
        if not isinstance(given, ast.arguments):
            return False
        return binder in (given.vararg, given.kwarg)

    def _binds_model(self, binder: ast.AST) -> bool:
        if binder in self._iterated:
            return self.holds_models(self._iterated[binder])
        if self._is_of_own_class(binder):
            return True
        return not self._is_rest(binder) and self._is_of_model(self._kinds.get(binder))

    def _is_of_own_class(self, binder: ast.AST) -> bool:
        """Whether `binder` is `self` or `cls` in a method of a model."""
        scope = self.bindings.places[binder]
        owner = scope.outer.node if scope.outer else None
        if not isinstance(owner, ast.ClassDef):
            return False
        if not isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        decorators = map(ast.unparse, scope.node.decorator_list)
        given = scope.node.args
        first = [*given.posonlyargs, *given.args][:1]
        is_first = [binder] == first and "staticmethod" not in decorators
        return is_first and self.moved.is_model(f"{self.module}.{owner.name}")

    def _binds_models(self, binder: ast.AST) -> bool:
        kind = self._kinds.get(binder)
        if self._is_rest(binder):
            return self._is_of_model(kind)
        match kind:
            case ast.Subscript(slice=ast.Tuple(elts=[*_, last, ast.Constant(value)])):
                return value is ... and self._is_of_model(last)
            case ast.Subscript(slice=ast.Tuple(elts=[*_, last]) | last):
                return self._is_of_model(last)
        return False

    def _is_of_model(self, node: ast.AST | None) -> bool:
        """Whether `node`, an annotation or a called expression, is a model."""
        match node:
            case ast.Name() | ast.Attribute():
                return self.is_model(node)
            case ast.Constant(str(text)):
                return self._is_text_of_model(node, text)
            case ast.BinOp(left=left, right=ast.Constant(None)):
                return self._is_of_model(left)
        return False

    def _is_text_of_model(self, node: ast.Constant, text: str) -> bool:
        try:
            inner = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError):
            return False
        places = dict.fromkeys(ast.walk(inner), self.bindings.places[node])
        read = Bindings(self.bindings.top, {**self.bindings.places, **places})
        return Meanings(self.moved, read, self.module, self.package)._is_of_model(inner)
