"""The figures of a run."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .laws import Broken

_MASKS = (
    (r"(?:mine|MINE|Mine)\d+[qQ]", "MARK"),
    (r"_?[Nn]amed\d+|_NAMED\d+", ""),
    (r"`[^`]*`", "`…`"),
    (r"'[^']*'", "'…'"),
    (r"\"[^\"]*\"", "'…'"),
    (r"[\w./-]*/[\w./-]+\.(\w+)", r"FILE.\1"),
    (r"\b[a-z]+(?:\.[a-z_]\w*)+(?:\.\w+)?\b(?!\.\w)", "NAME"),
    (r"\b\d+\b", "N"),
)

SHOWN = 400


def masked(text: str) -> str:
    """`text` without the names in it, so that alike messages are one kind."""
    for pattern, by in _MASKS:
        text = re.sub(pattern, by, text)
    return text[:SHOWN]


@dataclass(frozen=True)
class Place:
    """Where something happened: the episode and its round."""

    seed: int
    round: int

    def __str__(self) -> str:
        return f"--seed {self.seed} --until {self.round}"


@dataclass
class Figures:
    """What was run, and what came of it. Figures of several processes are added."""

    commands: Counter[str] = field(default_factory=Counter)
    """By the first word and the exit code."""
    changes: int = 0
    """Commands that are meant to change the project, each once, whatever came of it."""
    unedited: int = 0
    episodes: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    branches: int = 0
    """Pairs of branches that git merged without a conflict."""
    kills: int = 0
    killed: int = 0
    """Commands that were killed at each write."""
    reported_losses: int = 0
    """Marks that a command took away, and whose file its report names."""
    refusals: Counter[str] = field(default_factory=Counter)
    false_refusals: Counter[str] = field(default_factory=Counter)
    refused_kinds: Counter[str] = field(default_factory=Counter)
    """Kinds of edits whose file was named by a false refusal."""
    broken: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0

    def add(self, other: "Figures") -> None:
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(value)
            elif isinstance(mine, dict):
                for key, texts in value.items():
                    mine.setdefault(key, []).extend(texts)
            else:
                setattr(self, name, mine + value)

    def example(self, key: str, text: str) -> None:
        known = self.examples.setdefault(key, [])
        if len(known) < 5:
            known.append(text)

    def broke(self, broken: Broken, place: Place, words: str) -> None:
        key = f"{broken.law}: {masked(broken.detail)}"
        self.broken[key] += 1
        self.example(key, f"{place}  {words}: {broken.detail[:500]}")

    @property
    def count(self) -> int:
        return sum(self.commands.values())

    @property
    def false_share(self) -> float:
        return sum(self.false_refusals.values()) / max(self.changes, 1)


def lines(figures: Figures, *, at_length: bool = True) -> Iterator[str]:
    """The report, line by line."""
    kinds = len(figures.edits)
    yield (
        f"{figures.count} commands in {figures.episodes} projects, after"
        f" {sum(figures.edits.values())} edits of {kinds} kinds;"
        f" {figures.seconds:.0f} s of work"
    )
    for words, count in sorted(figures.commands.items()):
        yield f"  {count:6}  {words}"
    yield (
        f"{figures.kills} kills, at every write of {figures.killed} commands;"
        f" {figures.branches} pairs of branches merged by git;"
        f" {figures.reported_losses} lines of the user went with a report"
    )
    false = sum(figures.false_refusals.values())
    yield (
        f"{sum(figures.refusals.values())} of {figures.changes} changes were refused,"
        f" {false} of them ({figures.false_share:.2%}) where a person sees no conflict:"
    )
    for kind, count in figures.refusals.most_common(None if at_length else 12):
        wrong = figures.false_refusals[kind]
        yield f"  {count:6}  {kind}" + (f"  [{wrong} false]" if wrong else "")
        if wrong and at_length:
            yield from (
                f"            {text}" for text in figures.examples.get(kind, ())
            )
    if at_length and figures.refused_kinds:
        yield "edits in the files of false refusals:"
        for kind, count in figures.refused_kinds.most_common(25):
            yield f"  {count:6}  of {figures.edits[kind]:4}  {kind}"
    yield f"{sum(figures.broken.values())} times a law did not hold:"
    for kind, count in figures.broken.most_common():
        yield f"  {count:6}  {kind}"
        yield from (f"            {text}" for text in figures.examples.get(kind, ()))
