"""Many episodes in several processes, or one again."""

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from .episode import Episode, episodes
from .laws import Broken
from .report import Figures, Place
from .running import Runner
from .shrink import Shrinking
from .speed import make_fast


def run(seed: int, commands: int, jobs: int) -> Figures:
    """The figures of `commands` commands or a few more, in `jobs` processes."""
    share = -(-commands // jobs)
    work = [(seed + job, jobs, share) for job in range(jobs)]
    total = Figures()
    if jobs == 1:
        total.add(_share(work[0]))
        return total
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for figures in pool.imap_unordered(_share, work):
            total.add(figures)
    return total


def _share(work: tuple[int, int, int]) -> Figures:
    """The figures of the episodes of one process."""
    first, step, commands = work
    total = Figures()

    def play(runner: Runner, folder: Path) -> None:
        for seed in episodes(first, step):
            inner = folder / str(seed)
            inner.mkdir()
            episode = Episode(seed, inner, runner)
            start = time.process_time()
            try:
                episode.play()
            except Exception as error:  # the others are worth their time still
                last = traceback.format_tb(error.__traceback__)[-1].strip()
                broken = Broken("the harness itself", f"{error!r} {last}")
                episode.figures.broke(broken, Place(seed, episode.round), "")
            total.add(episode.figures)
            _tell(episode.figures)
            total.seconds += time.process_time() - start
            shutil.rmtree(inner)
            if total.count >= commands:
                return

    _alone(play)
    return total


def _tell(figures: Figures) -> None:
    """Print what is wrong at once, on stderr; a long run is looked at while it runs."""
    for kind, texts in figures.examples.items():
        sys.stderr.writelines(f"{kind}\n    {text}\n" for text in texts)


def _alone(play: Callable[[Runner, Path], None]) -> None:
    """Call `play` with a runner and a folder, in a process that does nothing else."""
    make_fast()
    with tempfile.TemporaryDirectory(prefix="random-runs-") as folder:
        os.environ["FASTGEN_CACHE_DIR"] = f"{folder}/cache"
        play(Runner(), Path(folder))


def replayed(seed: int, until: int, *, shrink: bool) -> list[str]:
    """The edits and commands of one episode to the round `until`; with `shrink` only
    those without which the end would be another one."""
    story: list[str] = []

    def play(runner: Runner, folder: Path) -> None:
        shrinking = Shrinking(seed, until, runner, folder)
        episode = shrinking.shrunk() if shrink else shrinking.play()
        story.extend(episode.story)

    _alone(play)
    return story
