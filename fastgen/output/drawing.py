"""Output of plans, findings, conflicts and diffs with Rich."""

import difflib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from fastgen.phrases import counted
from fastgen.plan import Action, Conflict, Finding, Plan, Severity

_MARKS: Mapping[Action, tuple[str, str, str]] = {
    Action.CREATE: ("+", "green", "created"),
    Action.UPDATE: ("~", "yellow", "changed"),
    Action.MOVE: (">", "yellow", "moved"),
    Action.DELETE: ("-", "red", "deleted"),
    Action.KEEP: ("=", "cyan", "kept"),
    Action.CONFLICT: ("!", "bold red", "in conflict"),
}

_STYLES: Mapping[Severity, str] = {
    Severity.ISSUE: "bold red",
    Severity.WARNING: "yellow",
    Severity.NOTICE: "cyan",
}


def out() -> Console:
    return Console(highlight=False, soft_wrap=True)


@contextmanager
def progress(title: str, *, quiet: bool) -> Iterator[None]:
    """Show `title` during a long operation, with a spinner in a terminal."""
    if quiet:
        yield
        return
    with out().status(f"{title} ...") if sys.stdout.isatty() else _announced(title):
        yield


@contextmanager
def _announced(title: str) -> Iterator[None]:
    out().print(f"{title} ...")
    sys.stdout.flush()
    yield


def print_plan(plan: Plan) -> None:
    """Print each file with its action and its module."""
    console = out()
    width = max((len(change.path) for change in plan.changes), default=0)
    for change in plan.changes:
        mark, style, _ = _MARKS[change.action]
        source = f" (from {change.source})" if change.source else ""
        text = Text(f"  {mark} ", style)
        text.append(change.path.ljust(width), style="")
        text.append(f"  {change.module}{source}", style="dim")
        console.print(text)


def print_findings(findings: Iterable[Finding]) -> None:
    console = out()
    for finding in findings:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        text = Text(f"{finding.severity}: ", _STYLES[finding.severity])
        text.append(f"{place}: " if place else "", style="bold")
        text.append(finding.message, style="")
        console.print(text)


def print_conflicts(conflicts: Iterable[Conflict]) -> None:
    """Print each conflict as two diffs from the base: the user's and fastgen's."""
    console = out()
    for conflict in conflicts:
        kind = "" if conflict.obstacle else "conflict in "
        console.print(Text(f"\n{kind}{conflict.path}: {conflict.reason}", "bold"))
    shown: set[str] = set()
    for conflict in conflicts:
        if conflict.path not in shown and not conflict.obstacle:
            shown.add(conflict.path)
            base = conflict.base or b""
            print_diff(base, conflict.user or b"", conflict.path, "yours")
            print_diff(base, conflict.next or b"", conflict.path, "fastgen's")


def print_diff(old: bytes, new: bytes, path: str, label: str) -> None:
    console = out()
    for line in unified_diff(old, new, path, label):
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        console.print(Text(line, style))


def unified_diff(old: bytes, new: bytes, path: str, label: str) -> list[str]:
    """The lines of a unified diff, without line ends."""
    before, after = (side.decode(errors="replace").splitlines() for side in (old, new))
    names = (f"{path} (base)", f"{path} ({label})")
    return list(difflib.unified_diff(before, after, *names, lineterm=""))


def summary(plan: Plan, *, applied: bool) -> str:
    """`2 files created, 1 changed.`"""
    counts = Counter(change.action for change in plan.changes)
    parts = [f"{counts[a]} {_MARKS[a][2]}" for a in _MARKS if counts[a]]
    if not plan.changes:
        recorded = "fastgen.toml records it already; nothing was written."
        return recorded if plan.findings else "Nothing to do."
    first, *rest = parts
    number, _, verb = first.partition(" ")
    would = "" if applied else " would be"
    text = ", ".join([f"{counted(int(number), 'file')}{would} {verb}", *rest])
    return f"{text}." if applied else f"{text}; nothing was written."
