"""`fastgen new --template`: a project from any Copier template."""

from pathlib import Path

from fastgen.change.pipeline import propose_tree
from fastgen.cli.finish import Ending, finish
from fastgen.cli.flags import Flags
from fastgen.output import console
from fastgen.project.destination import check_place
from fastgen.tools.copier import answers_of, copied_tree
from fastgen.tools.tasks import git_task


def new_from_template(
    root: Path, template: str, settings: list[str], flags: Flags
) -> int:
    """Create the project at `root` from the Copier template `template`. Returns the
    exit code."""
    answers = answers_of(settings)
    check_place(root, git=not flags.no_git)
    asking = console.interactive() and not (flags.yes or flags.silent)
    tree = copied_tree(template, root.name, answers, ask=asking)
    git = None if flags.no_git else git_task(root, f"Start from {template}")
    ending = Ending((git,) if git else (), ("read its README",))
    return finish(f"new {root.name}", propose_tree(root, tree), flags, ending)
