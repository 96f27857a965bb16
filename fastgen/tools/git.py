"""git: whether it is there, and how it runs for somebody who is inside of git."""

import os
import re
import subprocess

from fastgen.errors import NeedsPerson

NEEDED = (2, 38)

# What `git rev-parse --local-env-vars` names: set in a hook or in `git rebase --exec`,
# and stronger there than the folder that a command is run in.
_OF_A_REPOSITORY = frozenset(
    """
    GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_DIR GIT_GRAFT_FILE
    GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_NAMESPACE GIT_NO_REPLACE_OBJECTS
    GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_QUARANTINE_PATH GIT_REPLACE_REF_BASE
    GIT_SHALLOW_FILE GIT_WORK_TREE
    """.split()  # noqa: SIM905
)


def outside_of_git() -> dict[str, str]:
    """The environment without the variables that tie git to one repository; what says
    how to reach another one (a proxy, a key, credentials) stays."""
    return {k: v for k, v in os.environ.items() if k not in _OF_A_REPOSITORY}


class GitNeeded(NeedsPerson):
    """fastgen merges with git {needed} or newer, and {found}; install git, then run the
    command again."""


def check_git() -> None:
    """Raise GitNeeded unless a git that knows `merge-tree --write-tree` is there."""
    needed = ".".join(map(str, NEEDED))
    try:
        done = subprocess.run(
            ["git", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        raise GitNeeded(needed=needed, found="there is no git here") from None
    found = re.search(r"(\d+)\.(\d+)\S*", done.stdout)
    if done.returncode != 0 or not found:
        raise GitNeeded(needed=needed, found="the git here does not run")
    if (int(found[1]), int(found[2])) < NEEDED:
        raise GitNeeded(needed=needed, found=f"here it is {found[0]}")
