"""Which rows of the matrix are tested in full: the two with everything, and in each run
a few of the others.

The date of the commit chooses those, so they are the same for one commit, and six days
have them all. Rows with modules that the commit changes are added, and come first.
`make matrix ROWS=all` tests all rows in full.
"""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from fastgen.catalog.module import CORE, ends_of

from .commands import CHECKOUT
from .matrix import EVERYTHING, Row, rows
from .rotation import ALL, commit_day, takes_all

DAYS = 6
TOUCHED = 2
"""How many rows are added for the modules that a commit changes."""


def full_rows() -> Sequence[Row]:
    """The rows of this run: with everything, touched, and of the day."""
    if takes_all():
        return rows()
    everything, others = rows()[:EVERYTHING], rows()[EVERYTHING:]
    return [*everything, *rows_of_day(others, commit_day(), changed_modules())]


def rows_of_day(others: Sequence[Row], day: int, changed: Iterable[str]) -> list[Row]:
    """The rows with most of the modules `changed`, then those of `day`."""
    changed = {*changed} - {CORE}
    touched = [row for row in others if changed & {*row.modules}]
    touched.sort(key=lambda row: -len(changed & {*row.modules}))
    first = touched[:TOUCHED]
    return [*first, *(row for row in others[day % DAYS :: DAYS] if row not in first)]


def changed_modules() -> set[str]:
    """The modules whose templates differ between HEAD and where it left the main
    branch, or the commit before it; empty where there is no history."""
    head, main = _git("rev-parse", "HEAD"), _git("merge-base", "HEAD", "origin/main")
    base = main if main and main != head else "HEAD~1"
    names = _git("diff", "--name-only", base, "HEAD", "--", "templates").splitlines()
    return modules_of(names)


def modules_of(paths: Iterable[str]) -> set[str]:
    """The modules that the templates in `paths` belong to; a bridge's are its ends."""
    folders = {Path(path).parts[1] for path in paths if path.startswith("templates/")}
    return {name for folder in folders for name in ends_of(folder) or (folder,)}


def _git(*arguments: str) -> str:
    """What git prints; empty if it fails."""
    done = subprocess.run(
        ["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def report() -> str:
    full = full_rows()
    lines = [f"{len(full)} of {len(rows())} rows are tested in full:"]
    lines += [f"  {row}" for row in full]
    return "\n".join([*lines, f"`{ALL}` tests all of them in full."])


if __name__ == "__main__":
    print(report())  # noqa: T201 (for people)
