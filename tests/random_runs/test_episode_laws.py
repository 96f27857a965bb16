"""With a sabotaged fastgen, an episode reports the law that no longer holds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import fastgen.apply.transaction
import fastgen.change.file_states
import fastgen.cli.finish
from fastgen.plan import Action, Plan

from . import kills
from .branches import branched, has_both
from .commands import Command
from .episode import CHANGING, Episode, Script
from .laws import fixed_once, flaws_of_a_merge, with_markers
from .running import Done, Runner
from .snapshot import snapshot
from .speed import replace_everywhere

ENDPOINT = Command(("generate", "endpoint", "Report"))
PAIR = (ENDPOINT, Command(("add", "docker")))
FLAGS = ("--no-install", "--no-git", "--json")


class First(Random):
    """Takes the first of all choices, and does all that is done sometimes."""

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Any) -> Any:
        return seq[0]


@pytest.fixture
def episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Episode]:
    """An episode with an unedited project, and with one endpoint to generate."""
    runner = Runner()
    script = Script(commands={0: ENDPOINT, 1: Command(("add", "mail"))})
    made = Episode(1, tmp_path, runner, script)
    assert made.command(tmp_path, "new", "shop", "--with", "ci", *FLAGS).code == 0
    monkeypatch.setattr("tests.random_runs.episode.Random", First)
    yield made
    runner.recorder.close()


@pytest.fixture
def sabotage() -> Iterator[Callable[[Any, Any], None]]:
    """Puts a function in the place of one of fastgen's, until the test ends."""
    put: list[tuple[object, object]] = []

    def replace(old: Any, new: Any) -> None:
        replace_everywhere(old, new)
        put.append((new, old))

    yield replace
    for new, old in put:
        replace_everywhere(new, old)


def writing(real: Callable[..., Any], root: Path) -> Callable[..., Any]:
    """`real`, which writes one more line into a file each time."""

    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        with (root / "calls.txt").open("a") as calls:
            calls.write("called\n")
        return result

    return wrapped


def broken(episode: Episode) -> set[str]:
    return {key.partition(": ")[0] for key in episode.figures.broken}


def test_an_honest_command_breaks_no_law(episode: Episode) -> None:
    episode.change()
    episode.branches()
    episode.in_any_order(First())
    assert broken(episode) == set()
    assert episode.figures.branches == 1


def test_a_command_that_writes_each_time_is_found(
    episode: Episode, sabotage: Callable[[Any, Any], None]
) -> None:
    real = fastgen.cli.finish.finish
    sabotage(real, writing(real, episode.root))
    episode.change()
    assert broken(episode) >= {
        "a dry run writes nothing",
        "the second run has nothing to do",
        "undo gives the bytes",
        "done again, it is the same",
        "add and remove give the lines",
    }


def test_reading_that_writes_is_found(
    episode: Episode, sabotage: Callable[[Any, Any], None]
) -> None:
    real = fastgen.change.file_states.survey
    sabotage(real, writing(real, episode.root))
    episode.change()
    assert "reading writes nothing" in broken(episode)


def test_an_order_that_counts_is_found(
    episode: Episode, sabotage: Callable[[Any, Any], None]
) -> None:
    real = fastgen.cli.finish.finish
    sabotage(real, writing(real, episode.root))
    episode.in_any_order(First())
    assert "the order of commands does not matter" in broken(episode)


def test_a_kill_that_is_not_taken_back_is_found(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kills, "recover", lambda copy: None)
    episode.change()
    assert "a kill leaves the project before or after" in broken(episode)


def test_what_is_recorded_and_not_written_is_found(
    episode: Episode, sabotage: Callable[[Any, Any], None]
) -> None:
    real = fastgen.apply.transaction.apply

    def apply(root: Path, plan: Plan, command: str) -> None:
        real(root, plan, command)
        place = root / "pyproject.toml"
        lines = place.read_text().splitlines(keepends=True)
        place.write_text("".join(line for line in lines if "aiosmtplib" not in line))

    sabotage(real, apply)
    episode.round = 1
    episode.change()
    assert "what is recorded is written" in broken(episode)


def test_a_project_that_cannot_be_read_is_found(episode: Episode) -> None:
    (episode.root / "fastgen.toml").write_text("version = ?")
    assert episode.side() is None
    assert broken(episode) == {"the project can be read"}


def test_a_conflict_that_loses_the_users_side_is_found(
    episode: Episode, sabotage: Callable[[Any, Any], None]
) -> None:
    readme = episode.root / "README.md"
    text = readme.read_text()
    line = next(line for line in text.splitlines() if ".github" in line)
    readme.write_text(text.replace(line, "Ask mine101q about the pipeline."))
    words = ("set", "ci.provider=gitlab", *CHANGING)
    before = snapshot(episode.root)
    real = fastgen.apply.transaction.apply

    def apply(root: Path, plan: Plan, command: str) -> None:
        real(root, plan, command)
        changed = [c.path for c in plan.writes if c.action is Action.UPDATE]
        for path in changed:
            place = root / path
            place.write_text(place.read_text().replace("mine101q", "them"))

    sabotage(real, apply)
    assert episode.command(episode.root, *words, "--write-conflicts").applied
    found = [*with_markers(before, snapshot(episode.root))]
    assert [one.law for one in found] == ["--write-conflicts loses nothing"]


def test_a_merge_without_one_of_the_branches_is_found(episode: Episode) -> None:
    found = branched(
        episode.root, episode.folder / "copy", PAIR, episode.command, CHANGING
    )
    assert found
    assert found.clean
    assert [*has_both(found)] == []
    spec = found.root / "fastgen.toml"
    text = spec.read_text()
    spec.write_text(text.replace("[modules.docker]\n", ""))
    assert [one.detail for one in has_both(found)] == ["lacks docker"]
    spec.write_text(f"{text}<<<<<<< left\n")
    assert len([*has_both(found)]) == 1


def test_a_merge_with_invalid_code_is_found(episode: Episode) -> None:
    before = snapshot(episode.root)
    (episode.root / "src/shop/main.py").write_text("import shop.nothing\n(")
    found = [*flaws_of_a_merge(before, snapshot(episode.root))]
    assert "files parse" in {one.law for one in found}


def test_a_second_fix_that_writes_is_found(episode: Episode) -> None:
    before = snapshot(episode.root)
    (episode.root / "a.txt").write_text("a")
    done = Done(("doctor", "--fix"), 0, "")
    assert [*fixed_once(before, snapshot(episode.root), done)]


def test_a_broken_new_is_found(
    tmp_path: Path, sabotage: Callable[[Any, Any], None]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    sabotage(fastgen.cli.finish.finish, fail)
    runner = Runner()
    made = Episode(1, tmp_path, runner)
    try:
        made.play()
    finally:
        runner.recorder.close()
    assert broken(made) == {"new"}
