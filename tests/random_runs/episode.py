"""An episode: a new project, then rounds of edits, a command and checks."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fastgen.errors import Refusal
from fastgen.project.reading import load_project
from fastgen.spec.side import Side
from fastgen.tree import SPEC_PATH

from . import laws
from .branches import Branches, branched, has_both, put_in_place
from .commands import (
    Command,
    independent,
    inverse,
    next_command,
    reading_command,
    written_file,
)
from .edits import KINDS, Editing, Kind
from .kills import copied, killed_everywhere
from .laws import Broken, completed
from .recorded import recorded_alone
from .report import Figures, Place, masked
from .running import Done, Runner
from .snapshot import (
    Snapshot,
    diff,
    differing,
    snapshot,
    sorted_lines,
    with_one_package,
    without_blank_lines,
)
from .taken_away import takes_away

ROUNDS = (5, 15)
MODULES = (
    *("admin", "auth", "ci", "client", "database", "devcontainer", "docker"),
    *("kubernetes", "loadtest", "mail", "precommit", "serverless", "updates"),
)
CHANGING = ("--no-install", "--yes", "--json")
"""The flags of each command that changes the project."""

BRANCHES = 0.05
"""The share of rounds that end with two branches."""

COMMAND = -1
"""The number of the command among the steps of a round; its edits have 0, 1, 2 ..."""

JOURNAL = r"/migrations/versions/"
KEPT = r"/migrations/|/models\.py$|^fastgen\.toml$"
"""What stays when a command is taken back by another one; and with it, when a table is
kept."""

_GIT_MERGE = Kind("a merge", "git", lambda _: True, may_conflict=True)
"""git puts lines of two branches in an order of its own."""

_KINDS = tuple(KINDS.values())
_WEIGHTS = [1 if kind.rare else 5 for kind in _KINDS]


@dataclass(frozen=True)
class Made:
    """An edit that was made: its kind, and the files it touched."""

    kind: Kind
    paths: frozenset[str]


@dataclass
class Script:
    """What an episode does other than its seed says: rounds and edits (round, number)
    to leave out, and the commands of rounds."""

    until: int = 99
    without: frozenset[tuple[int, int]] = frozenset()
    commands: dict[int, Command] = field(default_factory=dict)
    diffs: bool = False
    """Whether the story has what each edit changed."""


class Episode:
    """One project, from `new` to the last round."""

    def __init__(
        self, seed: int, folder: Path, runner: Runner, script: Script | None = None
    ) -> None:
        self.seed = seed
        self.folder = folder
        self.root = folder / "shop"
        self.run = runner
        self.script = script or Script()
        self.figures = Figures(episodes=1)
        self.made: list[Made] = []
        self.story: list[str] = []
        """The edits and commands, for people."""
        self.commands: dict[int, Command] = {}
        self.last_wrong: set[str] = set()
        """What went wrong in the last round, by the kinds of the report."""
        self.round = 0

    def play(self) -> Figures:
        """Run all rounds. The figures."""
        random = Random(f"{self.seed}/new")  # noqa: S311 (a test)
        chosen = random.sample(MODULES, random.choice((0, 1, 2, 3, 4, 6)))
        with_ = ("--with", ",".join(chosen)) if chosen else ()
        flags = ("--no-install", "--no-git", "--json", "--python", "3.11")
        done = self.command(self.folder, "new", "shop", *with_, *flags)
        if done.code != 0:
            self.broke(Broken("new", done.said[-300:]), done.words)
            return self.figures
        if random.random() < 0.2:
            self.in_any_order(random)
        rounds = random.randint(*ROUNDS)
        for number in range(1, min(rounds, self.script.until) + 1):
            self.round = number
            self.last_wrong.clear()
            self.edit()
            if (self.round, COMMAND) not in self.script.without:
                self.change()
                self.branches()
        return self.figures

    def command(self, root: Path, *arguments: str) -> Done:
        done = self.run(root, *arguments)
        self.figures.commands[f"{arguments[0]}, exit {done.code}"] += 1
        if "--dry-run" not in arguments:
            self.story.append(f"$ {done.words}  # exit {done.code}")
        return done

    def broke(self, broken: Broken, words: str) -> None:
        self.figures.broke(broken, Place(self.seed, self.round), words)
        self.last_wrong.add(f"{broken.law}: {broken.detail}")
        self.story.append(f"!! {broken.law}: {broken.detail}")

    def hold(self, broken: Iterable[Broken], done: Done) -> bool:
        """Record the laws that do not hold; whether all do."""
        found = list(broken)
        for one in found:
            self.broke(one, done.words)
        return not found

    def in_any_order(self, random: Random) -> None:
        """Two commands in an unedited project, in both orders, make the same of it."""
        side = self.side()
        if side is None:
            return
        pair = independent(side, random)
        start, results = snapshot(self.root), list[Snapshot]()
        for order in (pair, pair[::-1]):
            done = [self.command(self.root, *one.arguments, *CHANGING) for one in order]
            results.append(snapshot(self.root))
            undone = done[-1]
            for one in done:
                if one.applied:
                    undone = self.command(self.root, "undo", "--no-install", "--json")
            if any(one.code for one in done):
                return
        law = "the order of commands does not matter"
        first, second = results
        found = laws.taken_back(first, second, done[-1], law, r"/versions/")
        self.hold(found, done[-1])
        self.hold(laws.taken_back(start, snapshot(self.root), undone, "undo"), undone)

    def edit(self) -> None:
        """The edits of a round."""
        count = Random(f"{self.seed}/{self.round}").choice((0, 1, 1, 2, 3, 4))  # noqa: S311
        for number in range(count):
            if (self.round, number) in self.script.without:
                continue
            random = Random(f"{self.seed}/{self.round}/{number}")  # noqa: S311
            for _ in range(5):
                kind = random.choices(_KINDS, _WEIGHTS)[0]
                if self._made(
                    kind, Editing(self.root, random, self.round * 10 + number)
                ):
                    break

    def _made(self, kind: Kind, editing: Editing) -> bool:
        before = snapshot(self.root)
        if not kind.edit(editing):
            return False
        name = f"{kind.group}: {kind.name}"
        self.figures.edits[name] += 1
        after = snapshot(self.root)
        changed = differing(before, after)
        self.story.append(f"edit: {name} ({', '.join(changed[:4])})")
        if self.script.diffs:
            self.story += diff(before, after, changed)
        self.made = [_followed(made, editing.moved) for made in self.made]
        self.made.append(Made(kind, frozenset(changed)))
        return True

    def side(self) -> Side | None:
        try:
            return load_project(self.root).side
        except Refusal as refusal:
            self.broke(Broken("the project can be read", str(refusal)), "load")
            return None

    def change(self) -> None:
        """A command, dry first, then again, taken back and done once more."""
        random = Random(f"{self.seed}/{self.round}/command")  # noqa: S311
        old = self.side()
        if old is None:
            return
        self._read(random)
        command = self.script.commands.get(self.round) or next_command(old, random)
        self.commands[self.round] = command
        words = (*written_file(command, self.folder), *CHANGING)
        before = snapshot(self.root)
        dry = self.command(self.root, *words, "--dry-run")
        self.hold(laws.of_any_command(before, before, dry), dry)
        if changed := differing(before, snapshot(self.root)):
            self.broke(
                Broken("a dry run writes nothing", ", ".join(changed)), dry.words
            )
        if dry.code == 2:
            return
        copy = (
            copied(self.root, self.folder / "copy") if random.random() < 0.04 else None
        )
        done = self.command(self.root, *words)
        after = snapshot(self.root)
        self.figures.changes += 1
        self.hold(laws.of_any_command(before, after, done), done)
        self.hold(laws.same_plan(dry, done), done)
        if done.code != 0:
            self._refused(done)
            if done.code == 4 and random.random() < 0.5:
                self._with_markers(words, before)
        elif before is not after:
            self.hold(laws.of_a_change(before, after, done), done)
            self.figures.reported_losses += laws.dropped(before, after)
            if new := self.side():
                self.hold(recorded_alone(old, new, after, done.reported), done)
            if copy and done.applied:
                self._killed(copy, done, before, after)
            self._again(words, after)
            if done.applied and random.random() < 0.5:
                self._undone(words, before, after)
            if done.applied and random.random() < 0.3:
                self._inverted(old, command, done, before)
        if copy:
            shutil.rmtree(copy)

    def branches(self) -> None:
        """Sometimes two branches with a command each, which git merges. Where it has no
        conflict and the code is as valid as before, the episode goes on with that."""
        random = Random(f"{self.seed}/{self.round}/branches")  # noqa: S311
        side = self.side() if random.random() < BRANCHES else None
        if side is None:
            return
        copy = self.folder / "branches"
        pair = independent(side, random)
        found = branched(self.root, copy, pair, self.command, CHANGING)
        if found and found.clean and self._is_merged(found):
            before = snapshot(self.root)
            put_in_place(found, self.root)
            self.story.append("$ git merge left")
            changed = differing(before, snapshot(self.root))
            self.made.append(Made(_GIT_MERGE, frozenset(changed)))
        shutil.rmtree(copy, ignore_errors=True)

    def _is_merged(self, found: Branches) -> bool:
        """Whether the laws of merged branches hold, and git's merge is valid code."""
        before, merged = snapshot(self.root), snapshot(found.root)
        fixed = self.command(found.root, "doctor", "--fix", "--json")
        after = snapshot(found.root)
        again = self.command(found.root, "doctor", "--fix", "--json")
        now = snapshot(found.root)
        self.figures.branches += 1
        held = self.hold(has_both(found), fixed)
        held &= self.hold(laws.fixed_once(after, now, again), again)
        return held and not any(laws.flaws_of_a_merge(before, merged))

    def _read(self, random: Random) -> None:
        if random.random() < 0.3:
            before = snapshot(self.root)
            done = self.command(self.root, *reading_command(random).arguments)
            self.hold(laws.of_any_command(before, before, done), done)
            if changed := differing(before, snapshot(self.root)):
                self.broke(
                    Broken("reading writes nothing", ", ".join(changed)), done.words
                )

    def _with_markers(self, words: tuple[str, ...], before: Snapshot) -> None:
        done = self.command(self.root, *words, "--write-conflicts")
        after = snapshot(self.root)
        self.hold(laws.of_any_command(before, after, done), done)
        self.hold(laws.with_markers(before, after), done)
        if done.applied:
            self._undo(before, done)

    def _again(self, words: tuple[str, ...], after: Snapshot) -> None:
        again = self.command(self.root, *words)
        self.hold(laws.nothing_to_do(after, snapshot(self.root), again), again)

    def _undo(self, before: Snapshot, done: Done) -> bool:
        undone = self.command(self.root, "undo", "--no-install", "--json")
        now = snapshot(self.root)
        return self.hold(
            laws.taken_back(before, now, undone, "undo gives the bytes"), done
        )

    def _undone(
        self, words: tuple[str, ...], before: Snapshot, after: Snapshot
    ) -> None:
        done = self.command(self.root, "undo", "--no-install", "--json")
        now = snapshot(self.root)
        self.hold(laws.taken_back(before, now, done, "undo gives the bytes"), done)
        redone = self.command(self.root, *words)
        now = snapshot(self.root)
        self.hold(
            laws.taken_back(after, now, redone, "done again, it is the same"), redone
        )

    def _inverted(
        self, old: Side, command: Command, made: Done, before: Snapshot
    ) -> None:
        new, after = self.side(), snapshot(self.root)
        back = inverse(old, new, command) if new else None
        if back is None:
            return
        done = self.command(self.root, *back.arguments, *CHANGING)
        now = snapshot(self.root)
        self.hold(laws.of_any_command(after, now, done), done)
        if done.code != 0:
            self._refused(done)
            self.figures.changes += 1
            return
        law = "add and remove give the lines"
        kept = b"[kept]" in now[SPEC_PATH].content
        apart = "|".join([KEPT if kept else JOURNAL, *completed(made, before, after)])
        before, now = (
            without_blank_lines(with_one_package(each)) for each in (before, now)
        )
        if back.arguments[0] == "set":  # the user's lines may have other neighbours
            before, now = sorted_lines(before), sorted_lines(now)
        self.hold(laws.taken_back(before, now, done, law, apart), done)
        if done.applied:
            self._undo(after, done)

    def _killed(
        self, copy: Path, done: Done, before: Snapshot, after: Snapshot
    ) -> None:
        assert done.applied
        kills, broken = killed_everywhere(copy, done.applied, before, after)
        self.figures.kills += kills
        self.figures.killed += 1
        self.hold(broken, done)

    def _refused(self, done: Done) -> None:
        """Count a refusal, and whether an edit of its files explains it."""
        paths = {c["path"] for c in done.conflicts}
        paths |= {f["path"] for f in done.findings if f["severity"] == "issue"} - {""}
        first = next(iter(done.conflicts), None) or next(
            (f for f in done.findings if f["severity"] == "issue"), {}
        )
        text = first.get("reason") or first.get("message") or done.said.strip()[-200:]
        kind = f"exit {done.code}: {masked(text)}"
        self.figures.refusals[kind] += 1
        edits = [made for made in self.made if made.paths & paths or not paths]
        if any(made.kind.may_conflict for made in edits):
            return
        place = first.get("path", "")
        if any(made.kind.is_code for made in edits) and takes_away(done, place, text):
            return
        self.figures.false_refusals[kind] += 1
        self.last_wrong.add(kind)
        self.story.append(f"?? {kind}: {place}: {text}")
        names = {f"{made.kind.group}: {made.kind.name}" for made in edits}
        self.figures.refused_kinds.update(names)
        where = ", ".join(sorted(paths)[:3])
        self.figures.example(
            kind,
            f"{Place(self.seed, self.round)}  {done.words}: {where}: {text[:300]}"
            f" <- {sorted(names)}",
        )


def _followed(made: Made, moved: Mapping[str, str]) -> Made:
    return Made(made.kind, frozenset(moved.get(path, path) for path in made.paths))


def episodes(first: int, step: int) -> Iterator[int]:
    """The seeds of the episodes of one process."""
    seed = first
    while True:
        yield seed
        seed += step
