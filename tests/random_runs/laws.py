"""What has to hold after a command, whatever was edited before it."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import yaml

from fastgen.plan import Action, Change

from .first_party import unresolved
from .flaws import flaws
from .lines_of_next import lost_lines
from .running import Done, Merge
from .snapshot import MARK, Snapshot, differing, holders, marks

DOCUMENTED = {0, 2, 3, 4, 5}


@dataclass(frozen=True)
class Broken:
    """A law that did not hold, and where."""

    law: str
    detail: str


def of_any_command(before: Snapshot, after: Snapshot, done: Done) -> Iterator[Broken]:
    """What holds for each command, also for one that is refused."""
    if done.code not in DOCUMENTED or "Traceback" in done.said:
        last = done.said.strip().splitlines()[-1:] or [""]
        yield Broken("exit code", f"{done.code}: {last[0]}")
    wrote = done.code == 0 or "--write-conflicts" in done.arguments
    if not wrote and (changed := differing(before, after)):
        yield Broken("a refused command writes nothing", ", ".join(changed))


def of_a_change(before: Snapshot, after: Snapshot, done: Done) -> Iterator[Broken]:
    """What holds for a command that wrote."""
    yield from _marks(before, after, done)
    yield from _valid(before, after)
    gone = unresolved(after) - unresolved(before)
    for path, name in sorted(gone):
        yield Broken("imports are found", f"{path}: {name}")
    changed = [p for p in differing(before, after) if p.endswith(".py") and p in after]
    for path, text in flaws(before, after, changed):
        yield Broken("ruff finds nothing new", f"{path}: {text}")
    if done.merge:
        yield from _words(done.merge, after)
        for path, line in lost_lines(done.merge, done.reported, after):
            yield Broken(
                "lines of fastgen's are written or reported", f"{path}: {line}"
            )


def _marks(before: Snapshot, after: Snapshot, done: Done) -> Iterator[Broken]:
    old, new = marks(before), marks(after)
    for mark in sorted(old.keys() | new.keys()):
        if old[mark] == new[mark]:
            continue
        places = holders(before, [mark]) | holders(after, [mark])
        where = f"{mark.decode()} in {', '.join(sorted(places)) or 'a path'}"
        if old[mark] < new[mark]:
            yield Broken("nothing of the user is doubled", where)
        elif not places & done.reported:
            yield Broken("nothing of the user is lost", where)


def with_markers(before: Snapshot, after: Snapshot) -> Iterator[Broken]:
    """Both sides of a conflict are written, so no mark of the user goes."""
    old, new = marks(before), marks(after)
    for mark in sorted(mark for mark in old if new[mark] < old[mark]):
        where = ", ".join(sorted(holders(before, [mark])))
        yield Broken("--write-conflicts loses nothing", f"{mark.decode()} in {where}")


def dropped(before: Snapshot, after: Snapshot) -> int:
    """How many marks went, whether this was said or not."""
    return sum((marks(before) - marks(after)).values())


def _valid(before: Snapshot, after: Snapshot) -> Iterator[Broken]:
    for path in differing(before, after):
        if path not in after or after[path].link:
            continue
        old = before.get(path)
        was_valid = old is None or not problem(path, old.content)
        if was_valid and (found := problem(path, after[path].content)):
            yield Broken("files parse", f"{path}: {found}")


@lru_cache(maxsize=5_000)
def problem(path: str, content: bytes) -> str:
    """Why `content` is not what the name `path` says; empty if it is."""
    try:
        if path.endswith(".py"):
            compile(content, path, "exec", dont_inherit=True)
        elif path.endswith(".toml"):
            tomllib.loads(content.decode("utf-8-sig"))
        elif path.endswith((".yaml", ".yml")) and "templates/" not in path:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            for _ in yaml.load_all(content, Loader=loader):
                pass
    except (SyntaxError, ValueError, yaml.YAMLError) as error:
        return " ".join(str(error).split())[:150]
    return ""


_WORD = re.compile(rb"\w+")


_NEW_NAME = re.compile(rb"_?[Nn]amed\d+|_NAMED\d+")
"""What edits put behind a name to make another one of it. fastgen follows these, so a
name counts as the one that it had."""


_IMPORT = re.compile(
    rb"^[ \t]*from ([\w.]+) import (\((?:[^()#]|#[^\n]*)*\)|[^\n#]*)", re.MULTILINE
)


def words(content: bytes) -> Counter[bytes]:
    """The words of a file. An import counts once for each name: one name is imported by
    one statement or by another."""
    text = _IMPORT.sub(_one_by_one, _NEW_NAME.sub(b"", content))
    return Counter(_WORD.findall(text))


def _one_by_one(statement: re.Match[bytes]) -> bytes:
    """An import statement as one for each name, and its comments."""
    module, inner = statement[1], statement[2].strip(b"()")
    names = re.sub(rb"#[^\n]*", b"", inner).split(b",")
    lines = [b"from %s import %s" % (module, name) for name in names if name.strip()]
    return b"\n".join([*lines, *re.findall(rb"#[^\n]*", inner)])


def _changed_words(base: bytes, next_: bytes) -> tuple[Counter[bytes], Counter[bytes]]:
    """How many of each word fastgen removes, and adds, at most. A word that one section
    loses and another one gains is in both."""
    whole = words(base), words(next_)
    lines = Counter(base.splitlines()), Counter(next_.splitlines())
    parts = [
        words(b"\n".join((one - other).elements()))
        for one, other in (lines, lines[::-1])
    ]
    return parts[0] | (whole[0] - whole[1]), parts[1] | (whole[1] - whole[0])


def _words(merge: Merge, after: Snapshot) -> Iterator[Broken]:
    """Of each word, a merge adds to the user's file at most as many as fastgen adds,
    and takes away at most as many as fastgen takes away."""
    base, next_ = merge.trees()
    for change in merge.plan.changes:
        old = change.source or change.path
        entry = base.get(old) or base.get(change.path)
        if not _is_merged(change) or entry is None or change.path not in next_:
            continue
        if change.path not in after:
            continue
        assert change.before is not None
        content = after[change.path].content
        if change.before.content == entry.content or b"<<<<<<< " in content:
            continue
        yours, result = words(change.before.content), words(content)
        wrong = {}
        removed, added = _changed_words(entry.content, next_[change.path].content)
        for word in result.keys() | yours.keys():
            moved = result[word] - yours[word]
            if not -removed[word] <= moved <= added[word]:
                wrong[word] = moved
        if wrong:
            some = ", ".join(
                f"{word.decode(errors='replace')} {moved:+}"
                f" for +{added[word]} and -{removed[word]}"
                for word, moved in sorted(wrong.items())[:6]
            )
            gone = any(MARK.fullmatch(word) for word in wrong)
            law = "words of the user stay" if gone else "words as in a merge"
            yield Broken(law, f"{change.path}: {some}")


def _is_merged(change: Change) -> bool:
    return change.action in (Action.UPDATE, Action.MOVE) and bool(
        change.before and change.after
    )


def same_plan(dry: Done, real: Done) -> Iterator[Broken]:
    """A dry run says what the command does."""
    keys = ("files", "conflicts", "findings")
    if dry.code != real.code:
        yield Broken("a dry run says the same", f"{dry.code}, then {real.code}")
    for key in keys:
        if dry.report.get(key) != real.report.get(key):
            yield Broken("a dry run says the same", f"{key} differ")


def nothing_to_do(before: Snapshot, after: Snapshot, again: Done) -> Iterator[Broken]:
    """A command that runs a second time changes nothing."""
    if again.code != 0:
        text = again.findings[0]["message"] if again.findings else again.said
        yield Broken("the second run has nothing to do", f"{again.code}: {text}")
    if changed := differing(before, after):
        yield Broken("the second run has nothing to do", ", ".join(changed))


def fixed_once(before: Snapshot, after: Snapshot, again: Done) -> Iterator[Broken]:
    """`doctor --fix` leaves nothing that it could fix."""
    if changed := differing(before, after):
        law = "doctor --fix has nothing to fix the second time"
        yield Broken(law, f"{again.code}: {', '.join(changed)}")


def flaws_of_a_merge(before: Snapshot, after: Snapshot) -> Iterator[Broken]:
    """What makes the code of a project invalid that git merged."""
    yield from _valid(before, after)
    for path, name in sorted(unresolved(after) - unresolved(before)):
        yield Broken("imports are found", f"{path}: {name}")


def completed(done: Done, before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Patterns of the files of a module that was removed and has come again, of which
    the user had only deleted something: they go with the module. And of files that the
    user had deleted and that are no longer fastgen's, or whose edits went with a
    report: they come again with what they belong to."""
    if done.merge is None:
        return
    next_ = done.merge.next
    for path in done.merge.base.keys() - next_.keys():
        place = done.merge.followed.path(path)
        if place not in before or place in done.reported:
            yield f"^{re.escape(path)}$"
    for path in (next_.keys() - done.merge.base.keys()) & before.keys() & after.keys():
        if words(after[path].content) == words(next_[path].content):
            yield f"^{re.escape(path)}$"


def taken_back(
    before: Snapshot, after: Snapshot, done: Done, law: str, apart: str = ""
) -> Iterator[Broken]:
    """`undo`, or the inverse of a command, gives the files from before; `apart` is a
    pattern of paths that may differ."""
    if done.code != 0:
        text = done.findings[0]["message"] if done.findings else done.said
        yield Broken(law, f"{done.code}: {text}")
        return
    changed = [
        p for p in differing(before, after) if not (apart and re.search(apart, p))
    ]
    if changed:
        yield Broken(law, ", ".join(changed))
