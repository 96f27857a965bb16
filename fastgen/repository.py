"""Running git for somebody who may already be inside of git."""

import os

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
