"""The first half of a command that changes a project: find, read, edit the spec."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fastgen.apply.state import is_cut_off
from fastgen.catalog.catalog import Catalog
from fastgen.cli.flags import Flags
from fastgen.cli.root import current_folder, find_root
from fastgen.output import console
from fastgen.project.reading import Project, load_project
from fastgen.spec.spec import Spec

if TYPE_CHECKING:
    from fastgen.apply.recovery import Recovery

Edit = Callable[[Spec, Catalog], Spec]


def current_project(sources: Mapping[str, str] | None = None) -> Project:
    """The project around the current folder, mended if a command was cut off in it."""
    root = find_root(current_folder())
    mend(root)
    return load_project(root, sources)


def mend(root: Path) -> None:
    """Finish the rollback of a command that was cut off, and say so."""
    if not is_cut_off(root):
        return
    from fastgen.apply.recovery import recover

    if recovery := recover(root):
        console.print_note(recovery_text(recovery))


def recovery_text(recovery: "Recovery") -> str:
    edited = "".join(
        f"; {file.path} was edited since and stays"
        + (f", its older text is in {file.copy}" if file.copy else "")
        for file in recovery.not_restored
    )
    return f"`{recovery.command}` was cut off, and has been taken back{edited}"


def change_project(
    command: str,
    edit: Edit,
    flags: Flags,
    sources: Mapping[str, str] | None = None,
    named: Collection[str] = (),
) -> int:
    """Make `edit` true in the project around the current folder. The exit code.

    `named` are the modules whose tables `--drop-tables` speaks of.
    """
    project = current_project(sources)
    spec = edit(project.spec, project.catalog)
    # A refusal, which is raised by now, does not wait for these.
    from fastgen.change.proposal import propose
    from fastgen.cli.finish import Ending, finish, following_steps, update_tasks

    drop = named if flags.drop_tables else ()
    proposal = propose(project, spec, markers=flags.write_conflicts, drop=drop)
    ending = Ending(
        update_tasks(proposal, flags), following_steps(proposal, project.catalog)
    )
    return finish(command, proposal, flags, ending)
