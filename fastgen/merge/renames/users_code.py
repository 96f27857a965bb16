"""The user's own code, in which names of generated modules are used: it follows where
those get other names."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fastgen.encoding import code_lines
from fastgen.merge.python.new_names import with_replaced
from fastgen.merge.python.toplevel import name_of
from fastgen.merge.renames.names import Definition, outer_modules
from fastgen.merge.renames.scopes import annotation_texts, assigned_names, bound_by

Place = tuple[tuple[int, int], tuple[int, int], str]

_FROM = re.compile(r"from[\s.]+")
_IDENTIFIER = re.compile(r"[\w.\"']+(?: as \w+)?")


@dataclass(frozen=True)
class MovedNames:
    """What generated modules are called now."""

    modules: Mapping[str, str] = field(default_factory=dict)
    """New dotted names of modules and packages, by the old ones."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The new names of what a module defines, by its old dotted name."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The new names of attributes of `models`."""
    models: frozenset[Definition] = frozenset()
    """The classes, and the functions that take their fields, by their old names."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """The new names of tables, as foreign keys have them."""

    def module(self, name: str) -> str:
        """The new name of the module `name`; one of the user's moves with its
        package."""
        for outer, rest in outer_modules(name):
            if outer in self.modules:
                return self.modules[outer] + rest
        return name

    def old_module(self, name: str) -> str:
        """The old name of what is at `name` now."""
        for outer, rest in outer_modules(name):
            if outer in self._old_modules:
                return self._old_modules[outer] + rest
        return name

    @cached_property
    def _old_modules(self) -> Mapping[str, str]:
        return {new: old for old, new in self.modules.items()}

    def is_model(self, dotted: str) -> bool:
        module, _, name = dotted.rpartition(".")
        return (module, name) in self.models

    def followed(
        self,
        text: str,
        module: str,
        local: Mapping[str, str] | None = None,
        *,
        is_package: bool,
    ) -> str:
        """`text`, the code of `module`, with the new names where they are sure; `local`
        are new names of what the module itself defines or imports."""
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return text
        lines = code_lines(text)
        found = _Following(self, tree, module, is_package, lines, local or {})
        places = (place for place in found.places() if _is_word(place, lines))
        return with_replaced(text, _outermost(places))


@dataclass(frozen=True)
class _Following:
    moved: MovedNames
    tree: ast.Module
    module: str
    is_package: bool
    lines: list[str]
    local: Mapping[str, str]

    def places(self) -> Iterator[Place]:
        renamed = {a: b for a, b in self.local.items() if a not in self._assigned}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                yield from self._import_places(node, renamed)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    new = self.moved.module(alias.name)
                    if new != alias.name:
                        yield self._place(alias, alias.name, new)
        variables = {*self._variables()} if self.moved.fields else set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(name) if name in renamed:
                    yield self._place(node, name, renamed[name])
                case ast.Attribute():
                    yield from self._attribute_places(node, variables)
                case ast.Call():
                    yield from self._call_places(node)
        yield from self._text_places(renamed)

    def _attribute_places(
        self, node: ast.Attribute, variables: set[str]
    ) -> Iterator[Place]:
        owner, attr = self._resolved(node.value), node.attr
        names = self.moved.names.get(owner, {})
        is_variable = isinstance(node.value, ast.Name) and node.value.id in variables
        dotted = _dotted(node)
        if attr in names:
            yield self._attribute(node, names[attr])
        elif attr in self.moved.fields and (is_variable or self._is_model(node.value)):
            yield self._attribute(node, self.moved.fields[attr])
        elif dotted in self.moved.modules and self._resolved(node) == dotted:
            yield self._place(node, dotted, self.moved.modules[dotted])

    def _call_places(self, call: ast.Call) -> Iterator[Place]:
        """Fields as keywords, and tables in foreign keys."""
        if self._takes_fields(call.func):
            for word in call.keywords:
                if word.arg and word.arg in self.moved.fields:
                    yield self._place(word, word.arg, self.moved.fields[word.arg])
        given = [word.value for word in call.keywords if word.arg == "foreign_key"]
        if _dotted(call.func).rpartition(".")[2] == "ForeignKey":
            given += call.args[:1]
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                table, dot, column = value.value.partition(".")
                if table in self.moved.tables:
                    text = f'"{self.moved.tables[table]}{dot}{column}"'
                    place = self._place(value, f'"{value.value}"', text)
                    if self._text_at(place)[1:-1] == value.value:
                        yield place

    def _text_places(self, renamed: Mapping[str, str]) -> Iterator[Place]:
        """The names `renamed` in `__all__`, and in annotations that are strings."""
        if not renamed:
            return
        words = "|".join(map(re.escape, renamed))
        word = re.compile(rf"(?<![\w.])({words})(?!\w)")
        for each in annotation_texts(self.tree):
            yield from self._words(each, word, renamed)
        whole = re.compile(rf"(?<=[\"'])({words})(?=[\"'])")
        for statement in self.tree.body:
            if name_of(statement) == "__all__":
                for node in ast.walk(statement):
                    if isinstance(node, ast.Constant):
                        yield from self._words(node, whole, renamed)

    def _words(
        self,
        node: ast.Constant,
        pattern: re.Pattern[str],
        renamed: Mapping[str, str],
    ) -> Iterator[Place]:
        if node.lineno != node.end_lineno:
            return
        start, end = (
            self._column(node.lineno, offset)
            for offset in (node.col_offset, node.end_col_offset or node.col_offset)
        )
        for found in pattern.finditer(self.lines[node.lineno - 1][:end], start):
            place = (node.lineno, found.start()), (node.lineno, found.end())
            yield *place, renamed[found[0]]

    def _takes_fields(self, function: ast.expr) -> bool:
        """Whether it is a model, a function that takes its fields, or a method of a
        model."""
        if self._is_model(function):
            return True
        return isinstance(function, ast.Attribute) and self._is_model(function.value)

    def _is_model(self, node: ast.expr) -> bool:
        return self.moved.is_model(self._resolved(node))

    def _resolved(self, node: ast.expr) -> str:
        """The dotted name of the module or the definition that `node` stands for, as it
        was; empty where that is not known."""
        match node:
            case ast.Name(name):
                if (self.module, name) in self.moved.models:
                    return f"{self.module}.{name}"
                return "" if name in self._assigned else self._imported.get(name, "")
            case ast.Attribute(value=value, attr=attr):
                owner = self._resolved(value)
                return self.moved.old_module(f"{owner}.{attr}") if owner else ""
        return ""

    @cached_property
    def _imported(self) -> Mapping[str, str]:
        """The dotted name of what each imported name stands for; empty where that is
        not the same in all of the file."""
        found: dict[str, str] = {}
        for name, dotted in self._imports():
            found[name] = dotted if found.get(name, dotted) == dotted else ""
        return found

    def _imports(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                source = self.moved.old_module(self._absolute(node))
                for alias in node.names:
                    if alias.name == "*":
                        for name in self._public(source):
                            yield name, f"{source}.{name}"
                    else:
                        dotted = self.moved.old_module(f"{source}.{alias.name}")
                        yield alias.asname or alias.name, dotted
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname:
                        yield alias.asname, self.moved.old_module(alias.name)
                    else:
                        top = alias.name.partition(".")[0]
                        yield top, top

    def _public(self, module: str) -> Iterator[str]:
        """The names that `from module import *` gives, as far as they matter."""
        names = {*self.moved.names.get(module, ())}
        names |= {name for owner, name in self.moved.models if owner == module}
        return (name for name in names if not name.startswith("_"))

    def _absolute(self, node: ast.ImportFrom) -> str:
        return absolute(node, self.module, is_package=self.is_package)

    def _import_places(
        self, node: ast.ImportFrom, renamed: dict[str, str]
    ) -> Iterator[Place]:
        source = self._absolute(node)
        names = self.moved.names.get(source, {})
        new_source = self.moved.module(source)
        if new_source != source and node.module:
            place = self._module_place(node, source, new_source)
            if place is None:  # a name of the new module would not be at the old one
                return
            yield place
        for alias in node.names:
            if alias.name == "*":
                renamed |= {
                    old: new
                    for old, new in names.items()
                    if old not in self._assigned and not old.startswith("_")
                }
                continue
            new = names.get(alias.name)
            inner = self.moved.modules.get(f"{source}.{alias.name}")
            if inner and inner.rpartition(".")[0] == new_source:
                new = inner.rpartition(".")[2]
            if not new or new == alias.name:
                continue
            if may_follow(alias, new, self._assigned):
                renamed[alias.name] = new
                if alias.asname:
                    both = f"{alias.name} as {alias.asname}"
                    yield self._place(alias, both, f"{new} as {new}")
                else:
                    yield self._place(alias, alias.name, new)
            else:
                kept = "" if alias.asname else f" as {alias.name}"
                yield self._place(alias, alias.name, f"{new}{kept}")

    def _module_place(self, node: ast.ImportFrom, old: str, new: str) -> Place | None:
        """Where `from MODULE import` has the module; a relative one stays relative.
        None where it is written in another way, as `from a . b import`."""
        written = node.module or ""
        if node.level:
            kept = len(old.split(".")) - len(written.split("."))
            new = ".".join(new.split(".")[kept:])
        line = self.lines[node.lineno - 1]
        row = node.lineno
        before = _FROM.match(line, self._column(row, node.col_offset))
        start = before.end() if before else len(line)
        if not line.startswith(written, start):
            return None
        return (row, start), (row, start + len(written)), new

    @cached_property
    def _assigned(self) -> frozenset[str]:
        return frozenset(assigned_names(self.tree))

    def _variables(self) -> Iterator[str]:
        """Parameters and variables that are annotated as a model or made by one, and
        never as anything else."""
        kinds: dict[str, set[bool]] = {}
        seen: set[ast.AST] = set()
        for node in ast.walk(self.tree):  # a statement comes before its targets
            match node:
                case ast.arg(name, annotation=annotation):
                    kinds.setdefault(name, set()).add(self._is_of_model(annotation))
                case ast.AnnAssign(target=ast.Name(name) as target):
                    kinds.setdefault(name, set()).add(
                        self._is_of_model(node.annotation)
                    )
                    seen.add(target)
                case ast.Assign(targets=[ast.Name(name) as target], value=value):
                    value = value.value if isinstance(value, ast.Await) else value
                    called = value.func if isinstance(value, ast.Call) else None
                    kinds.setdefault(name, set()).add(self._is_of_model(called))
                    seen.add(target)
                case _ if node not in seen:
                    for name in bound_by(node):
                        kinds.setdefault(name, set()).add(False)
        return (name for name, found in kinds.items() if found == {True})

    def _is_of_model(self, node: ast.expr | None) -> bool:
        match node:
            case ast.Name() | ast.Attribute():
                return self._is_model(node)
            case ast.Constant(str(text)):
                try:
                    return self._is_of_model(ast.parse(text, mode="eval").body)
                except (SyntaxError, ValueError):
                    return False
            case ast.BinOp(left=left, right=ast.Constant(None)):
                return self._is_of_model(left)
        return False

    def _place(self, node: ast.AST, old: str, new: str) -> Place:
        row = getattr(node, "lineno", 1)
        start = self._column(row, getattr(node, "col_offset", 0))
        return (row, start), (row, start + len(old)), new

    def _text_at(self, place: Place) -> str:
        (row, start), (_, end), _ = place
        return self.lines[row - 1][start:end]

    def _attribute(self, node: ast.Attribute, new: str) -> Place:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = self._column(node.end_lineno, node.end_col_offset)
        return (node.end_lineno, end - len(node.attr)), (node.end_lineno, end), new

    def _column(self, row: int, offset: int) -> int:
        """`ast` counts bytes."""
        return len(self.lines[row - 1].encode()[:offset].decode())


def absolute(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """The module that `node` in the code of `module` imports from."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    parts = parts[: len(parts) - node.level + is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def may_follow(alias: ast.alias, new: str, assigned: frozenset[str]) -> bool:
    """Whether the imported name gets the name `new` in the whole file: it has no alias,
    and neither name means something else there."""
    if alias.asname not in (None, alias.name):
        return False
    return new not in assigned and alias.name not in assigned


def _is_word(place: Place, lines: list[str]) -> bool:
    """Whether a whole name or literal is there. Before Python 3.12 the places inside of
    an f-string may be wrong."""
    (row, start), (_, end), _ = place
    line = lines[row - 1]
    is_whole = not (line[end : end + 1].isidentifier() or line[end : end + 1].isdigit())
    return is_whole and _IDENTIFIER.fullmatch(line, start, end) is not None


def _outermost(places: Iterable[Place]) -> list[Place]:
    """The places that do not overlap; of two that begin alike, the longer one."""
    found: list[Place] = []
    for place in sorted(set(places), key=lambda p: (p[0], [-n for n in p[1]])):
        if not found or found[-1][1] <= place[0]:
            found.append(place)
    return found


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value=value, attr=attr):
            inner = _dotted(value)
            return f"{inner}.{attr}" if inner else ""
    return ""
