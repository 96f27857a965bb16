"""The user's lines that still have an old name after a rename."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from fastgen.change.rename_words import Words
from fastgen.encoding import code_lines
from fastgen.merge.python.toplevel import parsed
from fastgen.merge.scopes.bindings import bindings_of
from fastgen.merge.scopes.import_words import (
    ImportKey,
    Position,
    words_of_imports,
)
from fastgen.phrases import plural
from fastgen.plan import Finding, Severity
from fastgen.tree import Tree

_NAMED = 10
"""The maximum number of additional lines that a finding names."""

MIGRATION = b"down_revision"
"""Text that every migration contains and no other Python file does."""


@dataclass(frozen=True)
class Leftovers:
    """A search for the user's lines that still have an old name."""

    words: Words
    pattern: re.Pattern[str]
    packages: frozenset[str]
    """The top-level modules of the project."""

    def findings(
        self,
        files: Mapping[str, bytes],
        next_: Tree,
        reported: Collection[tuple[str, int | None]],
    ) -> Iterator[Finding]:
        """A warning for each of `files` with an old name. Lines of `next_` are
        fastgen's, and lines in `reported`, by path and number, already have a
        finding."""
        for path, content in sorted(files.items()):
            text = content.decode(errors="replace")
            if not path.endswith(".py") or MIGRATION in content:
                continue
            if self.words.fields and not self.words.is_mentioned(text):
                continue
            generated = next_[path].content if path in next_ else b""
            written = {line.strip() for line in generated.decode().splitlines()}
            module = parsed(text)
            own = frozenset(_assigned(module) if module else ())
            others: Collection[Position] = ()
            if module:
                others = words_of_imports(text, module, self._is_of_library)
            found = [
                (number, word)
                for number, line in enumerate(code_lines(text), 1)
                if line.strip() not in written
                and (path, number) not in reported
                and (word := self._old_name(number, line, own, others))
            ]
            if found:
                (line, word), *rest = found
                lines = [number for number, _ in rest]
                message = f"still has the old name {word}{_also(lines)}"
                yield Finding(Severity.WARNING, path, message, line)

    def _is_of_library(self, key: ImportKey) -> bool:
        module, name, _ = key
        return (module or name).partition(".")[0] not in {*self.packages, ""}

    def _old_name(
        self,
        number: int,
        line: str,
        own: Collection[str],
        others: Collection[Position],
    ) -> str | None:
        """The first old name in `line`, or None. A name in `own`, which the file
        assigns itself, only counts as an attribute or in a string. Words at `others`
        belong to libraries."""
        for match in self.pattern.finditer(line):
            if (number, match.start()) in others:
                continue
            before = line[: match.start()]
            if match[0] not in own or before.endswith((".", '"', "'")):
                return match[0]
        return None


def _also(lines: list[int]) -> str:
    if not lines:
        return ""
    named = ", ".join(map(str, lines[:_NAMED]))
    left = len(lines) - _NAMED
    more = f" and {left} more" if left > 0 else ""
    return f"; also {plural('line', len(lines))} {named}{more}"


def _assigned(module: ast.Module) -> Iterator[str]:
    """The names that the file assigns or defines itself."""
    for scope in bindings_of(module).scopes:
        for name, binders in scope.binders.items():
            if not all(isinstance(each, ast.alias) for each in binders):
                yield name
