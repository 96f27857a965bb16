"""Python text with the user's names in place of fastgen's."""

import ast
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from fastgen.merge.python.source import Source, parsed_source
from fastgen.merge.python.toplevel import name_of
from fastgen.merge.renames.aliases import Aliases
from fastgen.merge.renames.names import UsersNames
from fastgen.merge.renames.uses import bound_modules, origin_of, whole_name
from fastgen.merge.scopes.bindings import (
    Bindings,
    Imported,
    LexicalScope,
    annotation_texts,
    bindings_of,
)
from fastgen.merge.structure.blocks import Unreadable
from fastgen.tools.python_modules import INIT

_KEYWORD = re.compile(r"(?:async\s+def|def|class)\s+")
_POSITIONS_IN_FSTRINGS = sys.version_info >= (3, 12)


@dataclass(frozen=True)
class Text:
    """A Python text of base or next."""

    text: str
    path: str
    """Its path in base."""
    module: str
    """The dotted name of its module in base."""


Edit = tuple[int, int, str]
"""The start and end of a piece of the text, and its replacement."""


def with_users_definitions(
    texts: Collection[Text], names: UsersNames, aliases: Aliases
) -> list[str]:
    """Versions of one file with the user's names in imports, definitions and uses.

    `names` are the user's names, and `aliases` the names under which the user's file
    imports definitions. A name that cannot change in one version is imported under its
    old name in all. A text that is not Python stays as it is.
    """
    if not aliases and not any(names.may_be_in(each.text) for each in texts):
        return [each.text for each in texts]
    try:
        rewritings = [
            _Rewriting(each, parsed_source(each.text), names, aliases) for each in texts
        ]
    except Unreadable:
        return [each.text for each in texts]
    kept = frozenset(name for each in rewritings for name in each.stuck)
    if kept:
        rewritings = [replace(each, kept=kept) for each in rewritings]
    return [each.text for each in rewritings]


@dataclass(frozen=True)
class _Local:
    """A name that an import or a definition binds in `scope`, and its new name."""

    scope: LexicalScope
    old: str
    new: str


@dataclass(frozen=True)
class _Rewriting:
    origin: Text
    source: Source
    names: UsersNames
    aliases: Aliases
    kept: frozenset[str] = frozenset()
    """The local names that keep their old form."""

    @cached_property
    def stuck(self) -> set[str]:
        """The local names that cannot be changed in this text."""
        return {each.old for each in self._locals() if not self._can_rename(each)}

    @property
    def text(self) -> str:
        edits = {*self._import_edits(), *self._local_edits(), *self._attribute_edits()}
        text = self.source.text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    @cached_property
    def _bindings(self) -> Bindings:
        return bindings_of(self.source.module)

    @property
    def _imports(self) -> list[tuple[LexicalScope, Imported]]:
        return self._bindings.imports

    def _locals(self) -> Iterator[_Local]:
        """The local names that change together with the definitions that they stand
        for."""
        for scope, statement in self._imports:
            for alias in statement.names:
                old, new = whole_name(alias), self._new_bound(statement, alias)
                if old and new != old:
                    yield _Local(scope, old, new)
        for each in self.source.module.body:
            if renamed := self._new_name(each):
                yield _Local(self._bindings.top, name_of(each) or "", renamed)

    def _new_name(self, statement: ast.stmt) -> str | None:
        """The new name of a definition that stays in this file, or None."""
        name = name_of(statement)
        target = self.names.definitions.get((self.origin.module, name or ""))
        if target is None or target[0] != self.names.module(self.origin.module):
            return None
        return target[1] if target[1] != name else None

    def _new_bound(self, node: Imported, alias: ast.alias) -> str:
        """The name that the user's file gives to the import `alias`."""
        if isinstance(node, ast.Import):
            target = self.names.module(alias.name), ""
        else:
            target = self._target(node, alias)
        usual = alias.asname or target[1] or whole_name(alias)
        return self.aliases.get(target, usual)

    def _target(self, node: ast.ImportFrom, alias: ast.alias) -> tuple[str, str]:
        """The module and name that the user's file imports in place of `alias`."""
        module = origin_of(node, self.origin.path)
        if alias.name == "*":
            return self.names.module(module), "*"
        return self.names.definition(module, alias.name)

    def _can_rename(self, local: _Local) -> bool:
        if not self._bindings.can_rename(local.scope, local.old, local.new):
            return False
        found = self._bindings.references(local.scope, local.old)
        return _POSITIONS_IN_FSTRINGS or not any(n in self._in_fstrings for n in found)

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return [*ast.walk(self.source.module)]

    @cached_property
    def _in_fstrings(self) -> set[ast.AST]:
        joined = (node for node in self._nodes if isinstance(node, ast.JoinedStr))
        return {inner for node in joined for inner in ast.walk(node)}

    def _import_edits(self) -> Iterator[Edit]:
        for _, node in self._imports:
            if isinstance(node, ast.ImportFrom):
                new = self._import_from(node)
            else:
                new = self._import(node)
            if new:
                start, end = self.source.span(node)
                yield start, end, f"\n{self.source.margin(start)}".join(new)

    def _import(self, node: ast.Import) -> list[str]:
        names = []
        for alias in node.names:
            module, asname = self.names.module(alias.name), alias.asname
            old, new = whole_name(alias), self._new_bound(node, alias)
            if old and old != new and old not in self.kept:
                asname = None if new == module else new
            names.append(ast.alias(module, asname))
        before = [(alias.name, alias.asname) for alias in node.names]
        after = [(alias.name, alias.asname) for alias in names]
        return [] if after == before else [ast.unparse(ast.Import(names))]

    def _import_from(self, node: ast.ImportFrom) -> list[str]:
        """The statements that replace `node`; empty if it stays."""
        module = origin_of(node, self.origin.path)
        found: dict[str, list[ast.alias]] = {}
        for alias in node.names:
            target, name = self._target(node, alias)
            old = whole_name(alias)
            bound = old if old in self.kept else self._new_bound(node, alias)
            found.setdefault(target, []).append(
                ast.alias(name, None if bound == name else bound)
            )
        before = [(alias.name, alias.asname) for alias in node.names]
        after = [(a.name, a.asname) for each in found.values() for a in each]
        if after == before and [*found] == [module]:
            return []
        if after == before and node.level and [*found] == [self._new_target(node)]:
            return []
        return [
            ast.unparse(ast.ImportFrom(target, aliases, 0))
            for target, aliases in found.items()
        ]

    def _new_target(self, node: ast.ImportFrom) -> str:
        """The absolute module of a relative import at the file's new path."""
        here = self.names.module(self.origin.module).split(".")
        depth = node.level - self.origin.path.endswith(f"/{INIT}")
        package = here[: len(here) - depth]
        return ".".join([*package, *([node.module] if node.module else [])])

    def _local_edits(self) -> Iterator[Edit]:
        for local in self._locals():
            if local.old in self.kept:
                continue
            for node in self._bindings.references(local.scope, local.old):
                start, end = self.source.span(node)
                yield start, end, local.new
            if local.scope is self._bindings.top:
                yield from self._text_edits(local)
        for statement in self.source.module.body:
            new = self._new_name(statement)
            if new and name_of(statement) not in self.kept:
                yield from self._definition_edit(statement, new)

    def _definition_edit(self, statement: ast.stmt, new: str) -> Iterator[Edit]:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            return  # its target is a reference
        start = self.source.span(statement)[0]
        found = _KEYWORD.match(self.source.text, start)
        assert found
        yield found.end(), found.end() + len(name_of(statement) or ""), new

    def _text_edits(self, local: _Local) -> Iterator[Edit]:
        """The edits in `__all__` and in annotations that are strings."""
        word = re.compile(rf"(?<![\w.]){re.escape(local.old)}(?!\w)")
        for node in annotation_texts(self.source.module):
            yield from self._replaced(node, word, local.new)
        whole = re.compile(rf"(?<=[\"']){re.escape(local.old)}(?=[\"'])")
        for statement in self.source.module.body:
            if name_of(statement) == "__all__":
                for each in ast.walk(statement):
                    if isinstance(each, ast.Constant):
                        yield from self._replaced(each, whole, local.new)

    def _replaced(
        self, node: ast.expr, word: re.Pattern[str], new: str
    ) -> Iterator[Edit]:
        start, end = self.source.span(node)
        for found in word.finditer(self.source.text[start:end]):
            yield start + found.start(), start + found.end(), new

    def _attribute_edits(self) -> Iterator[Edit]:
        """The edits of `module.name` and of `setattr(module, "name", ...)`."""
        bound = bound_modules(self.source.module, self.origin.path)
        for node in self._nodes:
            match node:
                case ast.Attribute(value=ast.Name() as name, attr=attribute):
                    if new := self._attribute(bound, name, attribute):
                        end = self.source.span(node)[1]
                        yield end - len(attribute), end, new
                case ast.Call(
                    args=[ast.Name() as name, ast.Constant(value=str(attribute)), *_]
                ):
                    if new := self._attribute(bound, name, attribute):
                        start, end = self.source.span(node.args[1])
                        if self.source.text[start + 1 : end - 1] == attribute:
                            yield start + 1, end - 1, new

    def _attribute(
        self, bound: Mapping[str, str], name: ast.Name, attribute: str
    ) -> str | None:
        binders = self._bindings.binders(name)
        if not binders or not all(isinstance(each, ast.alias) for each in binders):
            return None
        module = bound.get(name.id, "")
        target = self.names.definitions.get((module, attribute))
        if target is None or target[0] != self.names.module(module):
            return None
        return target[1] if target[1] != attribute else None
