"""Classes, functions and variables of a file that the user renamed."""

import ast
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastgen.merge.python.toplevel import kind_of, named
from fastgen.merge.structure.matching import ALIKE

_WORD = re.compile(r"[^\W\d]\w*|\d+|'[^']*'")
_HIDDEN = "_"
_TELLING = 2
"""The minimum number of common words for two statements to count as alike."""


def renamed_definitions(base: ast.Module, user: ast.Module) -> Mapping[str, str]:
    """The user's name for each definition of `base` that has another name in `user`.

    The old name must not occur in the user's file, and exactly one new definition must
    be like it: more than half of the lines are the same without the two names. If
    several old and new definitions are equally alike, their order decides.
    """
    in_base, in_user = named(base), named(user)
    old, new = _identifiers(base), _identifiers(user)
    gone = {name: node for name, node in in_base.items() if name not in new}
    come = {name: node for name, node in in_user.items() if name not in old}
    found: dict[str, str] = {}
    while gone and come:
        search = _Search(base, user, frozenset(old ^ new), found)
        pairs = search.pairs(gone, come)
        if not pairs:
            break
        found |= pairs
        gone = {name: node for name, node in gone.items() if name not in pairs}
        come = {n: node for n, node in come.items() if n not in pairs.values()}
    return found


@dataclass(frozen=True)
class _Shape:
    """A definition without the names that only one of the two files has."""

    kind: type
    lines: Counter[str]
    words: Counter[str]

    def likeness(self, other: "_Shape") -> float:
        if self.kind is not other.kind:
            return 0
        if self.lines == other.lines:
            return 1
        one, another = self.lines, other.lines
        if max(one.total(), another.total()) == 1:
            one, another = self.words, other.words
        return (one & another).total() / max(1, one.total(), another.total())

    def tells(self, other: "_Shape") -> bool:
        """Whether the two have enough common words to be meaningful."""
        return (self.words & other.words).total() >= _TELLING


@dataclass(frozen=True)
class _Search:
    """The search for pairs of renamed definitions in two files."""

    base: ast.Module
    user: ast.Module
    differing: frozenset[str]
    """The identifiers that only one of the two files has."""
    known: Mapping[str, str]
    """The new names found so far, by the old ones."""

    def pairs(
        self, gone: Mapping[str, ast.stmt], come: Mapping[str, ast.stmt]
    ) -> Mapping[str, str]:
        """The certain pairs of old and new names."""
        left, right = (
            {name: self._shape(name, node) for name, node in nodes.items()}
            for nodes in (gone, come)
        )
        scores = {
            (old, new): score
            for old, shape in left.items()
            for new, other in right.items()
            if (score := shape.likeness(other)) > ALIKE
            and (shape.tells(other) or (score == 1 and self._is_used(old, new)))
        }
        best: dict[str, float] = defaultdict(float)
        for (old, new), score in scores.items():
            for key in (f"-{old}", f"+{new}"):
                best[key] = max(best[key], score)
        candidates: dict[str, list[str]] = defaultdict(list)
        for (old, new), score in scores.items():
            if score == best[f"-{old}"] == best[f"+{new}"]:
                candidates[old].append(new)
        return dict(_in_order(candidates))

    def _shape(self, name: str, node: ast.stmt) -> _Shape:
        hidden = {*self.differing, name} - {*self.known, *self.known.values()}

        def word(found: re.Match[str]) -> str:
            text = found[0]
            return _HIDDEN if text in hidden else self.known.get(text, text)

        text = _WORD.sub(word, ast.unparse(node))
        words = [w for w in _WORD.findall(text) if not keyword.iskeyword(w)]
        words += [w for text in words if " " in text for w in text.split()]
        return _Shape(
            kind_of(node),
            Counter(line for line in text.splitlines() if line.strip()),
            Counter(w for w in words if w != _HIDDEN),
        )

    def _is_used(self, old: str, new: str) -> bool:
        """Whether another line than the definition uses the new name in place of the
        old one."""
        word = re.compile(rf"\b{re.escape(old)}\b")
        lines = Counter(ast.unparse(self.user).splitlines())
        renamed = Counter(
            word.sub(new, line)
            for line in ast.unparse(self.base).splitlines()
            if word.search(line)
        )
        return (renamed & lines).total() > 1


def _in_order(candidates: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of old and new names by order, for groups of equal size whose members are
    all equally alike."""
    for old, new in candidates.items():
        alike = [name for name, others in candidates.items() if others == new]
        if len(alike) == len(new):
            yield old, new[alike.index(old)]


def _identifiers(module: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module):
        match node:
            case (
                ast.Name(id=name)
                | ast.arg(arg=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                found.add(name)
            case ast.alias():
                found.add(node.asname or node.name)
    return found
