"""The modules and names that a plan removes from imports, and a quick check which files
may import them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from fastgen.merge.scopes.imports import UNPARSABLE, bound_names, file_of
from fastgen.tools.python_modules import importable, may_name, module_at, outermost

_UNKNOWN = frozenset({"*", "__getattr__"})
"""Names that can stand for any other name."""

_RELATIVE = re.compile(rb"\bfrom\s*\.")


@dataclass(frozen=True)
class LossWords:
    """The words by which a finding says that the command removes something."""

    loss: str = "which this removes"
    owner: str = "from"

    def of(self, owner: str) -> str:
        return f"{self.loss} {self.owner} {owner}"


REMOVED = LossWords()
RENAMED = LossWords("which this renames", "in")


@dataclass(frozen=True)
class Code:
    """The project's Python before and after the plan, by path."""

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    words: LossWords = REMOVED

    @cached_property
    def written(self) -> frozenset[str]:
        """The paths whose content differs."""
        return frozenset(
            path
            for path in self.before.keys() | self.after.keys()
            if self.before.get(path) != self.after.get(path)
        )


@dataclass(frozen=True)
class Loss:
    """A module that is removed, or the `names` that a module loses."""

    module: str
    names: frozenset[str] = frozenset()

    def is_named_in(self, content: bytes) -> bool:
        """Whether `content` has one of `names`. True if the whole module is lost."""
        return not self.names or self._names.search(content) is not None

    @cached_property
    def _names(self) -> re.Pattern[bytes]:
        names = b"|".join(re.escape(name.encode()) for name in sorted(self.names))
        return re.compile(rb"(?:" + names + rb")(?!\w)")


def losses(code: Code, roots: Collection[str]) -> tuple[Loss, ...]:
    """The modules and names that the plan removes from imports. Absolute imports start
    in the folders `roots`."""
    gone = importable(code.before) - importable(code.after)
    left = {*map(module_at, code.written)} - gone
    less = ((module, _lost_names(module, code)) for module in left)
    return (
        *(Loss(module) for module in outermost(gone, roots)),
        *(
            Loss(module, frozenset() if names & _UNKNOWN else names)
            for module, names in less
            if names
        ),
    )


def may_miss(path: str, code: Code, lost: Collection[Loss]) -> bool:
    """Whether the file may import something that is lost, judged by its text, which is
    much cheaper than parsing it. `from .` does not name the module."""
    content = code.after[path]
    return any(
        (
            may_name(content, loss.module)
            or (path.startswith(f"{loss.module}/") and _RELATIVE.search(content))
        )
        and loss.is_named_in(content)
        for loss in lost
    )


def _lost_names(module: str, code: Code) -> frozenset[str]:
    try:
        before, after = (
            bound_names(side[path]) if (path := file_of(module, side)) else frozenset()
            for side in (code.before, code.after)
        )
    except UNPARSABLE:
        return _UNKNOWN
    return before - after
