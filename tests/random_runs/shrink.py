"""The fewest steps of an episode after which the same thing still goes wrong."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from .commands import Command
from .episode import COMMAND, Episode, Script
from .running import Runner

_EDITS = range(5)

Step = tuple[int, int]


class Shrinking:
    """Plays one episode again and again, each time without some of its steps."""

    def __init__(self, seed: int, until: int, runner: Runner, folder: Path) -> None:
        self.seed = seed
        self.until = until
        self.runner = runner
        self.folder = folder
        self.commands: dict[int, Command] = {}
        self.plays = 0

    def play(self, without: frozenset[Step] = frozenset()) -> Episode:
        """The episode without some of its steps, with the commands of the first play."""
        self.plays += 1
        inner = self.folder / str(self.plays)
        inner.mkdir()
        script = Script(self.until, without, self.commands, diffs=True)
        episode = Episode(self.seed, inner, self.runner, script)
        episode.play()
        self.commands = self.commands or episode.commands
        shutil.rmtree(inner)
        return episode

    def shrunk(self) -> Episode:
        """The shortest episode that was found, which ends as the whole one does."""
        found = self.play()
        wanted = _wrong(found, self.until)
        without: frozenset[Step] = frozenset()
        for steps in self._candidates():
            more = without | steps
            if more == without:
                continue
            episode = self.play(more)
            if wanted and wanted <= _wrong(episode, self.until):
                found, without = episode, more
        return found

    def _candidates(self) -> Iterator[frozenset[Step]]:
        rounds = range(1, self.until)
        yield frozenset((r, n) for r in rounds for n in (*_EDITS, COMMAND))
        for r in rounds:
            yield frozenset((r, n) for n in (*_EDITS, COMMAND))
        yield from (frozenset([(r, COMMAND)]) for r in rounds)
        for r in range(1, self.until + 1):
            yield from (frozenset([(r, n)]) for n in _EDITS)


def _wrong(episode: Episode, until: int) -> set[str]:
    """What went wrong in the last round."""
    if episode.round != until:
        return set()
    return {kind.partition(": ")[0] for kind in episode.last_wrong}
