"""What has to be true after a case, apart from what was recorded of it.

The table `[must]` of a case.toml holds statements about what the commands did:

    exit = [0, 2]                the exit code of each command
    says = ["text"]              each text is printed, by any of the commands
    each_says = ["text", ""]     the same, command by command; "" for nothing to say
    never_says = ["text"]        no command prints it
    has.PATH = ["line"]          each is a whole line of the file, once; several
                                 lines in one text follow each other
    in_order.PATH = ["line"]     the same, and the lines come in this order
    lacks.PATH = ["text"]        the file is there, and the text is not in it
    line_ends.PATH = "\\r\\n"      all lines of the file end so
    unchanged = ["PATTERN"]      these files are as before; "*" is every file
    changed_alone = ["PATTERN"]  no other file is new, gone or changed
    new = ["PATH"]               these files were not there before
    gone = ["PATH"]              these files were there before
    absent = ["PATH"]            these files were not there before, nor are they now
    follows.PATH = "PATH"        the migration's down_revision is the other's revision
    complete = true              what fastgen.toml records is in the Python files, see
                                 parts.py; said of every case that does not say
                                 `false`. It says nothing of modules that have neither
                                 routers nor settings nor the like

Spaces before and behind a line do not count, nor does where the output is wrapped.

A table `[wrong]` with a `why` holds statements that ought to be true and are not,
because of a fault that is known. As soon as one of them is true the test fails, and
the statement moves to `[must]`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from fastgen.errors import Refusal
from tests.cases.parts import missing_parts
from tests.cases.snapshot import Snapshot

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """The files before and after the commands of a case, and what each command said."""

    before: Snapshot
    after: Snapshot
    codes: Sequence[int]
    printed: Sequence[str]

    @property
    def changed(self) -> set[str]:
        """The paths of all files that are new, gone or changed."""
        paths = self.before.keys() | self.after.keys()
        return {p for p in paths if self.before.get(p) != self.after.get(p)}


@dataclass(frozen=True)
class Statement:
    """One statement of a table: a path with its lines, a text, a pattern."""

    key: str
    value: Any

    def fault(self, outcome: Outcome) -> str:
        """The reason why the statement is not true; empty when it is true."""
        found = FAULTS[self.key](outcome, self.value)
        return f"{self.key}: {found}" if found else ""


class BadTruths(Exception):
    """A table of truths says too little, or has an unknown key."""


def statements(table: Table) -> list[Statement]:
    """The statements of `table`, each on its own. Raises BadTruths."""
    found = []
    for key, value in table.items():
        if key not in FAULTS:
            raise BadTruths(f"unknown key: {key}")
        if isinstance(value, dict):
            values = [*value.items()]
            parts = [part for _, part in values]
        else:
            values = parts = [value] if key in _WHOLE else value
        if (
            isinstance(values, str)
            or not values
            or not all(_fits(key, p) for p in parts)
        ):
            raise BadTruths(f"{key} is not of its form: {value!r}")
        found += [Statement(key, each) for each in values]
    return found


def _fits(key: str, part: object) -> bool:
    if key == "complete":
        return isinstance(part, bool)
    kind = list if key in _LISTS else str
    return isinstance(part, kind) and bool(part)


def check(case: Table, outcome: Outcome) -> None:
    """Fail unless all of `[must]` is true, and all of `[wrong]` still is not."""
    must, wrong = dict(case.get("must", {})), dict(case.get("wrong", {}))
    if "exit" not in must or not must.keys() - {"exit", "complete"}:
        raise BadTruths("[must] needs exit, and a statement of files or output")
    if wrong and (not wrong.pop("why", "") or not wrong):
        raise BadTruths("[wrong] needs why, and a statement")
    if "complete" not in wrong:
        must.setdefault("complete", True)
    faults = [statement.fault(outcome) for statement in statements(must)]
    assert not any(faults), "\n".join(filter(None, faults))
    true = [each for each in statements(wrong) if not each.fault(outcome)]
    assert not true, f"is true now, and belongs into [must]: {true}"


def _exit(outcome: Outcome, codes: list[int]) -> str:
    return "" if codes == outcome.codes else f"{outcome.codes} instead of {codes}"


def _words(text: str) -> str:
    return " ".join(text.split())


def _says(outcome: Outcome, text: str) -> str:
    said = any(_words(text) in _words(printed) for printed in outcome.printed)
    return "" if said else f"nothing says {text!r}"


def _each_says(outcome: Outcome, texts: list[str]) -> str:
    if len(texts) != len(outcome.printed):
        return f"{len(texts)} texts, {len(outcome.printed)} commands"
    pairs = zip(texts, outcome.printed, strict=True)
    silent = [t for t, printed in pairs if _words(t) not in _words(printed)]
    return f"its command does not say {silent}" if silent else ""


def _never_says(outcome: Outcome, text: str) -> str:
    return "" if _says(outcome, text) else f"it is said: {text!r}"


def _places(lines: Sequence[str], wanted: str) -> list[int]:
    """The numbers of the lines at which the lines of `wanted` begin."""
    stripped = [line.strip() for line in lines]
    block = [line.strip() for line in wanted.strip().split("\n")]
    starts = range(len(stripped) - len(block) + 1)
    return [n for n in starts if stripped[n : n + len(block)] == block]


def _has(outcome: Outcome, item: tuple[str, list[str]]) -> str:
    path, wanted = item
    if path not in outcome.after:
        return f"{path} is not there"
    counts = {text: len(_places(outcome.after[path], text)) for text in wanted}
    unlike = {text: count for text, count in counts.items() if count != 1}
    return f"{path}: not there once, but so often: {unlike}" if unlike else ""


def _in_order(outcome: Outcome, item: tuple[str, list[str]]) -> str:
    if fault := _has(outcome, item):
        return fault
    path, wanted = item
    places = [_places(outcome.after[path], text)[0] for text in wanted]
    return "" if places == sorted(places) else f"{path}: the order is another one"


def _lacks(outcome: Outcome, item: tuple[str, list[str]]) -> str:
    path, texts = item
    if path not in outcome.after:
        return f"{path} is not there"
    found = [text for text in texts if text in "".join(outcome.after[path])]
    return f"{path}: has {found}" if found else ""


def _line_ends(outcome: Outcome, item: tuple[str, str]) -> str:
    path, end = item
    lines = outcome.after.get(path, [])
    unlike = [line for line in lines if line[len(line.rstrip("\r\n")) :] != end]
    return f"{path}: {unlike or 'empty'}" if unlike or not lines else ""


def _unchanged(outcome: Outcome, pattern: str) -> str:
    paths = [p for p in outcome.before if fnmatchcase(p, pattern)]
    if not paths:
        return f"nothing is called {pattern}"
    changed = sorted(p for p in outcome.changed if fnmatchcase(p, pattern))
    return f"{pattern}: changed: {changed}" if changed else ""


def _changed_alone(outcome: Outcome, patterns: list[str]) -> str:
    others = {
        path
        for path in outcome.changed
        if not any(fnmatchcase(path, pattern) for pattern in patterns)
    }
    return f"changed as well: {sorted(others)}" if others else ""


def _there(before: bool, after: bool) -> Callable[[Outcome, str], str]:
    def fault(outcome: Outcome, path: str) -> str:
        was, is_now = path in outcome.before, path in outcome.after
        if (was, is_now) == (before, after):
            return ""
        return f"{path}: there before: {was}, after: {is_now}"

    return fault


def _follows(outcome: Outcome, item: tuple[str, str]) -> str:
    revision = _variable(outcome, item[1], "revision")
    follows = _variable(outcome, item[0], "down_revision")
    if revision and follows == revision:
        return ""
    return f"{item[0]} follows {follows!r}, and {item[1]} is {revision!r}"


def _variable(outcome: Outcome, path: str, name: str) -> str:
    """The text that a migration gives `name`; empty where there is none."""
    text = "".join(outcome.after.get(path, []))
    found = re.search(rf"^{name}\b[^=]*= ['\"](.+)['\"]", text, re.MULTILINE)
    return found[1] if found else ""


def _complete(outcome: Outcome, wanted: bool) -> str:
    if not wanted:
        return ""
    try:
        missing = [*missing_parts(outcome.after)]
    except Refusal as refusal:
        return f"cannot be told: {refusal}"
    return f"recorded, and in no file: {missing}" if missing else ""


FAULTS: Mapping[str, Callable[[Outcome, Any], str]] = {
    "exit": _exit,
    "says": _says,
    "each_says": _each_says,
    "never_says": _never_says,
    "has": _has,
    "in_order": _in_order,
    "lacks": _lacks,
    "line_ends": _line_ends,
    "unchanged": _unchanged,
    "changed_alone": _changed_alone,
    "new": _there(before=False, after=True),
    "gone": _there(before=True, after=False),
    "absent": _there(before=False, after=False),
    "follows": _follows,
    "complete": _complete,
}
_WHOLE = ("exit", "each_says", "changed_alone", "complete")
"""The keys of which the value is one statement."""
_LISTS = ("exit", "each_says", "changed_alone", "has", "in_order", "lacks")
"""The keys of which a statement holds a list."""
