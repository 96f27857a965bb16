"""`python -m tests.random_runs`: run, and print what came of it."""

import argparse
import sys

from tests.projects.rotation import commit_day, takes_all

from .report import lines
from .runs import replayed, run

COMMANDS = 600
"""How many a run of CI has; `ROWS=all` runs ALL."""

ALL = 10_000
EPISODES_OF_A_DAY = 1_000


def main() -> int:
    options = _options()
    if options.until is not None:
        story = replayed(options.seed, options.until, shrink=options.shrink)
        sys.stdout.writelines(f"{line}\n" for line in story)
        return 0
    figures = run(options.seed, options.commands, options.jobs)
    sys.stdout.writelines(
        f"{line}\n" for line in lines(figures, at_length=not options.short)
    )
    return 1 if figures.broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.random_runs", description=__doc__
    )
    count = ALL if takes_all() else COMMANDS
    parser.add_argument("--commands", type=int, default=count, help="how many to run")
    first = commit_day() * EPISODES_OF_A_DAY
    parser.add_argument("--seed", type=int, default=first, help="the first episode's")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes")
    parser.add_argument("--until", type=int, help="replay the episode to this round")
    parser.add_argument("--shrink", action="store_true", help="and make it shorter")
    parser.add_argument("--short", action="store_true", help="no examples of refusals")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
