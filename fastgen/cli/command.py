"""The first half of a command that changes a project: find, read, edit the spec."""

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
"""What a project does not have, a clause each."""


def current_project() -> Project:
    """The project around the current folder. If a command was cut off in it, its
    rollback is finished first."""
    root = find_root(current_folder())
    finish_rollback(root)
    return load_project(root)


def finish_rollback(root: Path) -> None:
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
    absent: Absent | None = None,
    confirms: bool = False,
    without: "Callable[[Project], Side] | None" = None,
    rename: "Callable[[], Rename] | None" = None,
    fill: "Fill | None" = None,
) -> int:
    """Make `edit` true in the project around the current folder. The exit code.

    `named` are the modules whose tables `--drop-tables` speaks of. A command that names
    what it removes has `absent`, which says what of that the project does not have; one
    that can remove what it does not name `confirms` that. `without` takes out what
    `edit` puts in, for a fastgen.toml that records it before the files have it.
    `rename` gives what `edit` renamed; `fill` is the value of existing rows.
    """
    project = current_project()
    new = edit(project.wanted(sources or {}))
    check_models(new)
    if new.spec.resources:
        from fastgen.spec.declared import check_declared

        check_declared(new)
    # A refusal, which is raised by now, does not wait for these; nor does a command
    # that changes nothing wait for what renders and merges.
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
