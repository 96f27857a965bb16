"""The models in a project: tables and columns, including inherited ones.

The files are parsed and never imported.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fastgen.encoding import decoded
from fastgen.migrations.model_columns import (
    TABLE,
    ModelColumn,
    bare_name,
    columns_of,
    table_of,
    taken_back,
)
from fastgen.migrations.schema import Place
from fastgen.tree import Files

_EXTERNAL = frozenset(
    """
    ABC AsyncAttrs BaseModel DeclarativeBase DeclarativeBaseNoMeta Generic
    MappedAsDataclass Protocol SQLModel object
    """.split()  # noqa: SIM905
)
"""Base classes of libraries without columns."""


@dataclass(frozen=True)
class Model:
    """A class, including columns inherited from classes of the project."""

    name: str
    place: Place
    columns: Mapping[str, ModelColumn]
    """The columns by name in the database."""
    table: str | None = None
    table_place: Place | None = None
    complete: bool = True
    """Whether all columns are known."""

    def named(self, attribute: str) -> ModelColumn | None:
        found = (c for c in self.columns.values() if c.attribute == attribute)
        return next(found, None)


@dataclass(frozen=True)
class Assignment:
    """An assignment to `name`, and its module."""

    tree: ast.Module
    name: str
    value: ast.expr


@dataclass(frozen=True)
class _Module:
    path: str
    name: str
    tree: ast.Module

    @cached_property
    def classes(self) -> Mapping[str, ast.ClassDef]:
        return {n.name: n for n in self.tree.body if isinstance(n, ast.ClassDef)}

    @cached_property
    def imports(self) -> Mapping[str, tuple[str, str]]:
        """The source module and original name of each imported name. The original name
        is empty for a module."""
        found: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                source = self._absolute(node)
                for alias in node.names:
                    found[alias.asname or alias.name] = source, alias.name
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    bound = alias.name if alias.asname else first
                    found[alias.asname or first] = bound, ""
        return found

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        up = node.level - self.path.endswith("__init__.py")
        parts = parts[: len(parts) - up]
        return ".".join([*parts, *([node.module] if node.module else [])])


@dataclass(frozen=True)
class ProjectModels:
    """The models in `files`, the Python files of a project."""

    files: Files = field(default_factory=dict)

    @cached_property
    def _paths(self) -> Mapping[str, str]:
        return {dotted_module(path): path for path in self.files}

    @cached_property
    def _modules(self) -> dict[str, _Module | None]:
        return {}

    def model(self, module: str, name: str) -> Model | None:
        """The class `name` that `module` defines or imports; None for other classes."""
        found = self._class(module, name)
        return self._model(*found) if found else None

    @cached_property
    def _of_tables(self) -> Mapping[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for path, file in self.files.items():
            if TABLE.encode() not in file.content:
                continue
            module = self._module(dotted_module(path))
            for name, node in module.classes.items() if module else ():
                if (table := table_of(node)) is not None:
                    found.setdefault(table[0], []).append((dotted_module(path), name))
        return found

    def all_of_table(self, table: str) -> list[Model]:
        """The models whose `__tablename__` is `table`."""
        found = (self.model(*place) for place in self._of_tables.get(table, ()))
        return [model for model in found if model]

    def of_table(self, table: str) -> Model | None:
        """The model whose `__tablename__` is `table`; None if there is not exactly
        one."""
        found = self.all_of_table(table)
        return found[0] if len(found) == 1 else None

    def of_resource(self, name: str, table: str) -> Model | None:
        """The model of `table`, or else the only class `name` with a table."""
        if known := self.of_table(table):
            return known
        named = {
            place
            for each in self._of_tables.values()
            for place in each
            if place[1] == name
        }
        return self.model(*named.pop()) if len(named) == 1 else None

    @cached_property
    def tables(self) -> frozenset[str]:
        return frozenset(self._of_tables)

    def mentions(self, table: str) -> bool:
        """Whether a file other than a migration contains the table's name as a text."""
        texts = f'"{table}"'.encode(), f"'{table}'".encode()
        return any(
            text in file.content
            for file in self.files.values()
            if b"down_revision" not in file.content
            for text in texts
        )

    @cached_property
    def naming_conventions(self) -> tuple[tuple[Mapping[str, str] | None, Place], ...]:
        """All naming conventions in the project with their places; None for a
        convention that is not a literal."""
        found = []
        for path, file in self.files.items():
            if b"naming_convention" not in file.content:
                continue
            module = self._module(dotted_module(path))
            for node in ast.walk(module.tree) if module else ():
                if isinstance(node, ast.keyword) and node.arg == "naming_convention":
                    place = Place(path, node.value.lineno)
                    assert module is not None
                    found.append((self._texts(module, node.value), place))
        return tuple(found)

    @cached_property
    def type_maps(self) -> tuple[tuple[str, Mapping[str, ast.expr]], ...]:
        """The `type_annotation_map` dicts in the project, each with its module: column
        types by Python type."""
        found = []
        for path, file in self.files.items():
            if b"type_annotation_map" not in file.content:
                continue
            module = self._module(dotted_module(path))
            for node in ast.walk(module.tree) if module else ():
                match node:
                    case (
                        ast.AnnAssign(target=ast.Name("type_annotation_map"))
                        | ast.Assign(targets=[ast.Name("type_annotation_map")])
                    ) if isinstance(node.value, ast.Dict):
                        pairs = zip(node.value.keys, node.value.values, strict=True)
                        given = {bare_name(key): value for key, value in pairs if key}
                        found.append((dotted_module(path), given))
        return tuple(found)

    def constant(self, module: str, name: str) -> ast.expr | None:
        """The value of `name` in `module`, or in the module that it is imported
        from."""
        found = self.assignment(module, name)
        return found.value if found else None

    def assignment(self, module: str, name: str) -> Assignment | None:
        """The first assignment of `name` in `module`, or in the module that it is
        imported from."""
        known = self._module(module)
        for _ in range(9):
            if known is None:
                return None
            for node in known.tree.body:
                match node:
                    case (
                        ast.Assign(
                            targets=[ast.Name(target)], value=ast.expr() as value
                        )
                        | ast.AnnAssign(
                            target=ast.Name(target), value=ast.expr() as value
                        )
                    ) if target == name:
                        return Assignment(known.tree, name, value)
            source, name = known.imports.get(name, ("", ""))
            known = self._module(source) if name else None
        return None

    def class_node(self, module: str, name: str) -> ast.ClassDef | None:
        found = self._class(module, name)
        return found[0].classes[found[1]] if found else None

    def external(self, module: str, name: str) -> tuple[str, str]:
        """The source module and original name of `name` in `module`."""
        known = self._module(module)
        return known.imports.get(name, ("", name)) if known else ("", name)

    def _texts(self, module: _Module, node: ast.expr) -> Mapping[str, str] | None:
        if isinstance(node, ast.Name):
            value = self.constant(module.name, node.id)
            return self._texts(module, value) if value is not None else None
        try:
            found = ast.literal_eval(node)
        except ValueError:
            return None
        is_texts = isinstance(found, dict) and all(
            isinstance(each, str) for pair in found.items() for each in pair
        )
        return found if is_texts else None

    def _module(self, name: str) -> _Module | None:
        if name not in self._modules:
            path = self._paths.get(name)
            self._modules[name] = _parsed(path, name, self.files) if path else None
        return self._modules[name]

    def _class(self, module: str, name: str) -> tuple[_Module, str] | None:
        for _ in range(9):
            known = self._module(module)
            if known is None:
                return None
            if name in known.classes:
                return known, name
            module, name = known.imports.get(name, ("", ""))
            if not name:
                return None
        return None

    def _base(self, module: _Module, node: ast.expr) -> tuple[_Module, str] | None:
        match node:
            case ast.Name(name):
                return self._class(module.name, name)
            case ast.Attribute(value=ast.Name(owner), attr=name):
                source, inner = module.imports.get(owner, ("", ""))
                dotted = f"{source}.{inner}" if inner else source
                return self._class(dotted, name)
            case ast.Subscript(value=value):
                return self._base(module, value)
        return None

    def _model(
        self, module: _Module, name: str, seen: frozenset[str] = frozenset()
    ) -> Model:
        node = module.classes[name]
        columns: dict[str, ModelColumn] = {}
        complete, is_fields = True, False
        for base in reversed(node.bases):
            found = self._base(module, base)
            key = f"{found[0].name}.{found[1]}" if found else ""
            if found and key not in seen:
                inherited = self._model(*found, seen | {key})
                columns |= inherited.columns
                complete = complete and inherited.complete
                is_fields = is_fields or self._is_of_fields(*found)
            else:
                last = bare_name(base)
                is_fields = is_fields or last == "SQLModel"
                complete = complete and last in _EXTERNAL
        for column in columns_of(node, module.path, module.name, is_fields=is_fields):
            hidden = [n for n, c in columns.items() if c.attribute == column.attribute]
            for each in hidden:
                del columns[each]
            columns[column.name] = column
        for attribute in taken_back(node):
            columns = {n: c for n, c in columns.items() if c.attribute != attribute}
        table = table_of(node)
        return Model(
            name,
            Place(module.path, node.lineno),
            columns,
            table[0] if table else None,
            Place(module.path, table[1]) if table else None,
            complete,
        )

    def _is_of_fields(self, module: _Module, name: str) -> bool:
        """Whether the class derives from SQLModel."""
        for base in module.classes[name].bases:
            found = self._base(module, base)
            if found and found[1] != name:
                if self._is_of_fields(*found):
                    return True
            elif bare_name(base) == "SQLModel":
                return True
        return False


NO_MODELS = ProjectModels()


def dotted_module(path: str) -> str:
    """The dotted name of the module at `path`: `shop.db.base`."""
    module = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return module.replace("/", ".")


def _parsed(path: str, name: str, files: Files) -> _Module | None:
    try:
        return _Module(path, name, ast.parse(decoded(path, files[path].content)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
