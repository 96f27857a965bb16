"""The lines of the user's that still have an old name after a rename."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from fastgen.change.rename_words import Words
from fastgen.encoding import code_lines
from fastgen.merge.python.toplevel import parsed
from fastgen.merge.renames.scopes import assigned_names
from fastgen.plan import Finding, Severity
from fastgen.tree import Tree

MIGRATION = b"down_revision"
"""Text that each migration has, and that no other Python file does."""


@dataclass(frozen=True)
class Leftovers:
    """The lines of the user's that still have an old name."""

    words: Words
    pattern: re.Pattern[str]

    def findings(self, files: Mapping[str, bytes], next_: Tree) -> Iterator[Finding]:
        """A warning for each of `files`; the lines of `next_` are fastgen's."""
        for path, content in sorted(files.items()):
            text = content.decode(errors="replace")
            if not path.endswith(".py") or MIGRATION in content:
                continue
            if self.words.fields and not self.words.is_mentioned(text):
                continue
            generated = next_[path].content if path in next_ else b""
            known = {line.strip() for line in generated.decode().splitlines()}
            module = parsed(text)
            own = frozenset(assigned_names(module) if module else ())
            found = [
                (number, word)
                for number, line in enumerate(code_lines(text), 1)
                if line.strip() not in known and (word := self._old_name(line, own))
            ]
            if found:
                (line, word), *others = found
                more = f", and {len(others)} more" if others else ""
                message = f"still has the old name {word}{more}"
                yield Finding(Severity.WARNING, path, message, line)

    def _old_name(self, line: str, own: Collection[str]) -> str | None:
        """The first old name in `line`. A name of `own`, which the file gives something
        itself, counts as an attribute and in a text only."""
        for match in self.pattern.finditer(line):
            before = line[: match.start()]
            if match[0] not in own or before.endswith((".", '"', "'")):
                return match[0]
        return None
