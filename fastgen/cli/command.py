"""The first half of a command that changes a project: find, read and edit the spec."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fastgen.apply.state import is_cut_off
from fastgen.cli.flags import Flags
from fastgen.cli.root import current_folder, find_root
from fastgen.output import console
from fastgen.plan import Finding, Plan
from fastgen.project.reading import Project, load_project
from fastgen.spec.models import check_models
from fastgen.spec.side import Side

if TYPE_CHECKING:
    from fastgen.apply.recovery import Recovery
    from fastgen.resources.fill import Fill
    from fastgen.spec.rename_edits import Rename

Edit = Callable[[Side], Side]

Absent = Callable[[Side], Iterable[str]]
"""Clauses about requested removals of parts that the project does not have."""


def current_project() -> Project:
    """The project of the current folder. An interrupted command is rolled back
    first."""
    root = find_root(current_folder())
    finish_rollback(root)
    return load_project(root)


def finish_rollback(root: Path) -> None:
    """Roll back an interrupted command, if any, and print a note about it."""
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
    absent: Absent | None = None,
    confirms: bool = False,
    without: "Callable[[Project], Side] | None" = None,
    rename: "Callable[[], Rename] | None" = None,
    fill: "Fill | None" = None,
) -> int:
    """Apply `edit` to the project of the current folder. Returns the exit code.

    `named` are the modules whose tables `--drop-tables` drops. `absent` returns the
    requested removals that the project does not have. With `confirms`, the user
    confirms removals that the command did not name.

    `without` reverses `edit`; it is used if fastgen.toml already records the edit but
    the files lack it. `rename` returns the rename that `edit` made. `fill` is the value
    for existing rows.
    """
    project = current_project()
    new = edit(project.wanted(sources or {}))
    check_models(new)
    if new.spec.resources:
        from fastgen.spec.declared import check_declared

        check_declared(new)
    # Import rendering and merging only now, so that errors and commands without changes
    # stay fast.
    from fastgen.change.proposal import Proposal
    from fastgen.cli.confirm import removal_statement
    from fastgen.cli.finish import Ending, finish, following_steps, update_tasks

    drop = named if flags.drop_tables else ()
    gone = tuple(absent(project.side)) if absent else ()
    missing: tuple[Finding, ...] = ()
    old = None
    if new.spec == project.recorded and not drop and without:
        from fastgen.change.unapplied import unapplied
        from fastgen.spec.resource_edits import check_existing_rows

        old, missing = unapplied(project, without)
        if old:
            check_existing_rows(old, new, fill)
    if new.spec == project.recorded and not drop and not old:
        plan = Plan(findings=missing)
        same = Proposal(project.root, plan, project.side, project.side)
        return finish(command, same, flags, Ending(absent=gone))
    from fastgen.change.pipeline import propose
    from fastgen.change.request import change_of

    request = change_of(
        project,
        new,
        old=old,
        markers=flags.write_conflicts,
        delete_edited=flags.delete_edited,
        drop=drop,
        rename=rename() if rename else None,
        fill=fill,
    )
    proposal = propose(request)
    ending = Ending(
        update_tasks(proposal, flags),
        following_steps(proposal),
        asks=removal_statement(proposal) if confirms else "",
        absent=gone,
    )
    return finish(command, proposal, flags, ending)
