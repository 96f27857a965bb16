"""The user's own code, in which names of generated modules are used: it follows where
those get other names."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fastgen.merge.python.new_names import with_replaced

Place = tuple[tuple[int, int], tuple[int, int], str]

_IDENTIFIER = re.compile(r"[\w.\"']+")


@dataclass(frozen=True)
class MovedNames:
    """What generated modules are called now."""

    modules: Mapping[str, str] = field(default_factory=dict)
    """New dotted names, by the old ones."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The new names of the definitions of a module, by the module's old dotted name."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The new names of attributes of `models`."""
    models: frozenset[str] = frozenset()
    """The classes, and the functions that take their fields, by their old names."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """The new names of tables, as foreign keys have them."""

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
        lines = text.splitlines()
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
        imported = dict(self._imported())
        models = {
            alias
            for alias, (module, name) in imported.items()
            if name in self.moved.models and module in self.moved.names
        }
        bound = self._bound()
        renamed = {a: b for a, b in self.local.items() if a not in bound}
        models |= self.local.keys() & self.moved.models
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                yield from self._import_places(node, bound, renamed)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if new := self.moved.modules.get(alias.name):
                        yield self._place(alias, alias.name, new)
        modules = self._modules(imported)
        variables = {*self._variables(models)} if self.moved.fields else set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(name) if name in renamed:
                    yield self._place(node, name, renamed[name])
                case ast.Attribute(value=ast.Name(owner), attr=attr):
                    names = self.moved.names.get(modules.get(owner, ""), {})
                    if attr in names:
                        yield self._attribute(node, names[attr])
                    elif owner in models | variables and attr in self.moved.fields:
                        yield self._attribute(node, self.moved.fields[attr])
                case ast.Attribute() if (dotted := _dotted(node)) in self.moved.modules:
                    yield self._whole(node, dotted, self.moved.modules[dotted])
                case ast.Call():
                    yield from self._call_places(node, models)

    def _call_places(self, call: ast.Call, models: set[str]) -> Iterator[Place]:
        """Fields as keywords, and tables in foreign keys."""
        if self._takes_fields(call.func, models):
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
                    yield self._place(value, f'"{value.value}"', text)

    def _takes_fields(self, function: ast.expr, models: set[str]) -> bool:
        match function:
            case ast.Name(name) | ast.Attribute(value=ast.Name(name)):
                return name in models
        return False

    def _imported(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """The module and the name there of each name that is imported from one."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield alias.asname or alias.name, (self._absolute(node), alias.name)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname:
                        yield alias.asname, (alias.name, "")

    def _modules(self, imported: Mapping[str, tuple[str, str]]) -> dict[str, str]:
        """The moved modules, by the names that they have here."""
        found = {}
        before = {new: old for old, new in self.moved.modules.items()}
        for alias, (module, name) in imported.items():
            dotted = f"{module}.{name}" if name else module
            dotted = before.get(dotted, dotted)
            if dotted in self.moved.names:
                found[alias] = dotted
        return found

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.module.split(".")
        parts = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*parts, *([node.module] if node.module else [])])

    def _import_places(
        self, node: ast.ImportFrom, bound: set[str], renamed: dict[str, str]
    ) -> Iterator[Place]:
        source = self._absolute(node)
        names = self.moved.names.get(source, {})
        new_source = self.moved.modules.get(source)
        if new_source and node.module:
            yield self._module_place(node, source, new_source)
        for alias in node.names:
            new = names.get(alias.name)
            inner = self.moved.modules.get(f"{source}.{alias.name}")
            if inner and inner.rpartition(".")[0] == (new_source or source):
                new = inner.rpartition(".")[2]
            if not new or new == alias.name:
                continue
            if alias.asname or new in bound or alias.name in bound:
                yield self._place(
                    alias,
                    alias.name,
                    new + ("" if alias.asname else f" as {alias.name}"),
                )
            else:
                renamed[alias.name] = new
                yield self._place(alias, alias.name, new)

    def _module_place(self, node: ast.ImportFrom, old: str, new: str) -> Place:
        """Where `from MODULE import` says the module; a relative one stays relative."""
        said = node.module or ""
        if node.level:
            kept = len(old.split(".")) - len(said.split("."))
            new = ".".join(new.split(".")[kept:])
        line = self.lines[node.lineno - 1]
        start = line.index(said, node.col_offset + len("from"))
        row = node.lineno
        return (row, start), (row, start + len(said)), new

    def _bound(self) -> set[str]:
        """The names that the file gives something itself."""
        found = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(name, ctx=ast.Store()):
                    found.add(name)
                case ast.arg(name):
                    found.add(name)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    found.add(name)
                case ast.ClassDef(name=name):
                    found.add(name)
        return found

    def _variables(self, models: set[str]) -> Iterator[str]:
        """Parameters and variables that are said to be a model, and never another."""
        said: dict[str, set[bool]] = {}
        for node in ast.walk(self.tree):
            match node:
                case ast.arg(name, annotation=annotation):
                    said.setdefault(name, set()).add(_is_of(annotation, models))
                case ast.AnnAssign(target=ast.Name(name), annotation=annotation):
                    said.setdefault(name, set()).add(_is_of(annotation, models))
                case ast.Assign(targets=[ast.Name(name)], value=value):
                    value = value.value if isinstance(value, ast.Await) else value
                    called = value.func if isinstance(value, ast.Call) else None
                    said.setdefault(name, set()).add(_is_of(called, models))
        return (name for name, kinds in said.items() if kinds == {True})

    def _place(self, node: ast.AST, old: str, new: str) -> Place:
        row = getattr(node, "lineno", 1)
        start = self._column(row, getattr(node, "col_offset", 0))
        return (row, start), (row, start + len(old)), new

    def _attribute(self, node: ast.Attribute, new: str) -> Place:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = self._column(node.end_lineno, node.end_col_offset)
        return (node.end_lineno, end - len(node.attr)), (node.end_lineno, end), new

    def _whole(self, node: ast.Attribute, old: str, new: str) -> Place:
        return self._place(node, old, new)

    def _column(self, row: int, offset: int) -> int:
        """`ast` counts bytes."""
        return len(self.lines[row - 1].encode()[:offset].decode())


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


def _is_of(node: ast.expr | None, models: set[str]) -> bool:
    match node:
        case ast.Name(name):
            return name in models
        case ast.Constant(str(name)):
            return name in models
        case ast.BinOp(left=left, right=ast.Constant(None)):
            return _is_of(left, models)
    return False


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value=value, attr=attr):
            inner = _dotted(value)
            return f"{inner}.{attr}" if inner else ""
    return ""
