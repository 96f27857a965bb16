"""What rotates follows from the commit, and from nothing else."""

from pathlib import Path

import pytest

from .commands import clean_environment, run
from .rotation import commit_day, rotated, today

WAYS = ("one", "two", "three")


def committed(folder: Path, date: str) -> Path:
    """A repository with one commit of this date."""
    folder.mkdir()
    environment = clean_environment() | {"GIT_COMMITTER_DATE": date}
    run(["git", "init", "--quiet"], folder, environment)
    run(
        ["git", "commit", "--quiet", "--allow-empty", "--message", "x"],
        folder,
        environment,
    )
    return folder


def test_the_day_is_that_of_the_commit(tmp_path: Path) -> None:
    late = committed(tmp_path / "late", "2026-11-29T23:59:59Z")
    early = committed(tmp_path / "early", "2026-11-30T00:00:00Z")
    assert commit_day(early) == commit_day(late) + 1 == 20787


def test_without_a_history_the_day_is_the_first(tmp_path: Path) -> None:
    assert commit_day(tmp_path) == 0


def test_a_run_takes_the_choice_of_today_or_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ROWS", raising=False)
    assert rotated(WAYS) == [today(WAYS)] == [WAYS[commit_day() % 3]]
    monkeypatch.setenv("ROWS", "all")
    assert rotated(WAYS) == [*WAYS]
