"""The user's code that uses names of generated modules, changed to their new names."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastgen.encoding import code_lines, column_of
from fastgen.merge.python.new_names import with_replaced
from fastgen.merge.python.toplevel import name_of
from fastgen.merge.renames.column_strings import keys_compared_in, strings_of
from fastgen.merge.renames.meanings import Meanings
from fastgen.merge.renames.moved_names import MovedNames
from fastgen.merge.scopes.bindings import (
    Bindings,
    LexicalScope,
    annotation_texts,
    bindings_of,
)

Place = tuple[tuple[int, int], tuple[int, int], str]

_FROM = re.compile(r"from[\s.]+")
_WORD = re.compile(r"""[\w.]+(?: as \w+)?|"[^"]*"|'[^']*'""")


def with_moved_names(
    text: str,
    moved: MovedNames,
    module: str,
    local: Mapping[str, str] | None = None,
    *,
    is_package: bool,
) -> str:
    """`text`, the code of `module`, with the new names of `moved` wherever their
    meaning is certain. `local` holds new names for definitions and imports of the
    module itself."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return text
    lines = code_lines(text)
    bindings = bindings_of(tree)
    package = module if is_package else module.rpartition(".")[0]
    meanings = Meanings(moved, bindings, module, package)
    found = _Following(moved, tree, bindings, meanings, lines, local or {})
    places = (place for place in found.places() if _is_word(place, lines))
    return with_replaced(text, _outermost(places))


@dataclass(frozen=True)
class _Following:
    moved: MovedNames
    tree: ast.Module
    bindings: Bindings
    meanings: Meanings
    lines: list[str]
    local: Mapping[str, str]

    def places(self) -> Iterator[Place]:
        renamed = _Renamed({}, {**self.local})
        for scope, imported in self.bindings.imports:
            if isinstance(imported, ast.ImportFrom):
                yield from self._import_places(scope, imported, renamed)
                continue
            for alias in imported.names:
                new = self.moved.module(alias.name)
                if new != alias.name:
                    yield self._place(alias, alias.name, new)
        for node, scope in self.bindings.places.items():
            match node:
                case ast.Name(name):
                    if new_name := renamed.get(scope, name):
                        yield self._place(node, name, new_name)
                case ast.Attribute():
                    yield from self._attribute_places(node)
                case ast.Call():
                    yield from self._call_places(node)
                case ast.FunctionDef() if self._class_around(node):
                    for text in keys_compared_in(node, self.moved):
                        yield from self._string_place(text.node, text.new)
        yield from self._text_places(renamed)

    def _attribute_places(self, node: ast.Attribute) -> Iterator[Place]:
        owner, attr = self.meanings.of(node.value), node.attr
        names = self.moved.names.get(owner, {})
        dotted = _dotted(node)
        if attr in names:
            yield self._attribute(node, names[attr])
        elif attr in self.moved.fields and self._holds_fields(node.value):
            yield self._attribute(node, self.moved.fields[attr])
        elif dotted in self.moved.modules and self.meanings.of(node) == dotted:
            yield self._place(node, dotted, self.moved.modules[dotted])

    def _holds_fields(self, node: ast.expr) -> bool:
        """Whether `node` is a model, a variable that holds one, or an element of a
        collection of models."""
        if isinstance(node, ast.Subscript):
            return self.meanings.holds_models(node.value)
        owner = self.bindings.owner(node) if isinstance(node, ast.Name) else None
        if owner and (owner, ast.unparse(node)) in self.meanings.variables:
            return True
        return self.meanings.is_model(node)

    def _call_places(self, call: ast.Call) -> Iterator[Place]:
        """The fields in keyword arguments, and the strings with columns and tables."""
        if self._takes_fields(call.func):
            for word in call.keywords:
                if word.arg and word.arg in self.moved.fields:
                    yield self._place(word, word.arg, self.moved.fields[word.arg])
        for text in strings_of(call, self._class_around(call), self.moved):
            yield from self._string_place(text.node, text.new)

    def _class_around(self, node: ast.AST) -> str:
        """The class whose body directly contains `node`, if it has the fields."""
        owner = self.bindings.places[node].node
        if not isinstance(owner, ast.ClassDef):
            return ""
        return (
            owner.name
            if self.moved.is_model(f"{self.meanings.module}.{owner.name}")
            else ""
        )

    def _string_place(self, node: ast.Constant, new: str) -> Iterator[Place]:
        """The inside of the literal `node`, if it is written without escapes."""
        row, old = node.lineno, str(node.value)
        start = column_of(self.lines, row, node.col_offset)
        quoted = self.lines[row - 1][start : start + len(old) + 2]
        if quoted in (f'"{old}"', f"'{old}'"):
            place = (row, start), (row, start + len(quoted))
            yield *place, f"{quoted[0]}{new}{quoted[0]}"

    def _text_places(self, renamed: "_Renamed") -> Iterator[Place]:
        """The renamed names in `__all__` and in annotations that are strings."""
        words = "|".join(map(re.escape, renamed.words))
        if not words:
            return
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
        self, node: ast.Constant, pattern: re.Pattern[str], renamed: "_Renamed"
    ) -> Iterator[Place]:
        if node.lineno != node.end_lineno:
            return
        start, end = (
            column_of(self.lines, node.lineno, offset)
            for offset in (node.col_offset, node.end_col_offset or node.col_offset)
        )
        for found in pattern.finditer(self.lines[node.lineno - 1][:end], start):
            if new := renamed.get(self.bindings.places[node], found[0]):
                place = (node.lineno, found.start()), (node.lineno, found.end())
                yield *place, new

    def _takes_fields(self, function: ast.expr) -> bool:
        """Whether `function` is a model, a function that takes its fields, or a method
        of a model."""
        if self.meanings.is_model(function) or self._is_class(function):
            return True
        if not isinstance(function, ast.Attribute):
            return False
        return self.meanings.is_model(function.value)

    def _is_class(self, function: ast.expr) -> bool:
        """Whether `function` is `cls` in a class method of a model."""
        if not isinstance(function, ast.Name):
            return False
        owner = self.bindings.owner(function)
        return (owner, function.id) in self.meanings.variables

    def _import_places(
        self, scope: LexicalScope, node: ast.ImportFrom, renamed: "_Renamed"
    ) -> Iterator[Place]:
        source = self.meanings.source(node)
        names = self.moved.names.get(source, {})
        new_source = self.moved.module(source)
        if new_source != source and node.module:
            place = self._module_place(node, source, new_source)
            if place is None:  # the old module does not have the new names
                return
            yield place
        for alias in node.names:
            if alias.name == "*":
                public = {a: b for a, b in names.items() if not a.startswith("_")}
                renamed.unbound.update(public)
                continue
            new = names.get(alias.name)
            inner = self.moved.modules.get(f"{source}.{alias.name}")
            if inner and inner.rpartition(".")[0] == new_source:
                new = inner.rpartition(".")[2]
            if not new or new == alias.name:
                continue
            if may_follow(alias, new, scope, self.bindings, self.meanings):
                renamed.bound[scope, alias.name] = new
                if alias.asname:
                    both = f"{alias.name} as {alias.asname}"
                    yield self._place(alias, both, f"{new} as {new}")
                else:
                    yield self._place(alias, alias.name, new)
            else:
                kept = "" if alias.asname else f" as {alias.name}"
                yield self._place(alias, alias.name, f"{new}{kept}")

    def _module_place(self, node: ast.ImportFrom, old: str, new: str) -> Place | None:
        """The position of the module in `from MODULE import`, with its new name;
        relative imports stay relative. None for unusual forms such as
        `from a . b import`."""
        written = node.module or ""
        if node.level:
            kept = len(old.split(".")) - len(written.split("."))
            new = ".".join(new.split(".")[kept:])
        line = self.lines[node.lineno - 1]
        row = node.lineno
        before = _FROM.match(line, column_of(self.lines, row, node.col_offset))
        start = before.end() if before else len(line)
        if not line.startswith(written, start):
            return None
        return (row, start), (row, start + len(written)), new

    def _place(self, node: ast.AST, old: str, new: str) -> Place:
        row = getattr(node, "lineno", 1)
        start = column_of(self.lines, row, getattr(node, "col_offset", 0))
        return (row, start), (row, start + len(old)), new

    def _attribute(self, node: ast.Attribute, new: str) -> Place:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = column_of(self.lines, node.end_lineno, node.end_col_offset)
        return (node.end_lineno, end - len(node.attr)), (node.end_lineno, end), new


@dataclass(frozen=True)
class _Renamed:
    """The names that change in a file."""

    bound: dict[tuple[LexicalScope, str], str]
    """The new names that imports bind, by scope and old name."""
    unbound: dict[str, str]
    """The new names of names that no scope of the file binds."""

    @property
    def words(self) -> set[str]:
        return {*self.unbound, *(name for _, name in self.bound)}

    def get(self, scope: LexicalScope, name: str) -> str | None:
        """The new name of the variable `name` as seen from `scope`, or None."""
        owner = scope.find(name)
        return self.bound.get((owner, name)) if owner else self.unbound.get(name)


def may_follow(
    alias: ast.alias,
    new: str,
    scope: LexicalScope,
    bindings: Bindings,
    meanings: Meanings,
) -> bool:
    """Whether the import `alias` can get the name `new` throughout `scope`: it has no
    alias, and neither name has another meaning there."""
    if alias.asname not in (None, alias.name):
        return False
    is_one = meanings.is_one(scope, alias.name)
    return is_one and bindings.can_rename(scope, alias.name, new)


def _is_word(place: Place, lines: list[str]) -> bool:
    """Whether a whole name or literal is at `place`. Before Python 3.12, positions in
    f-strings can be wrong."""
    (row, start), (_, end), _ = place
    line = lines[row - 1]
    is_whole = not (line[end : end + 1].isidentifier() or line[end : end + 1].isdigit())
    return is_whole and _WORD.fullmatch(line, start, end) is not None


def _outermost(places: Iterable[Place]) -> list[Place]:
    """The places without overlaps. Of two places with the same start, the longer
    one."""
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
