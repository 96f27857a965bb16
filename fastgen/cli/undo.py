"""`fastgen undo`."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastgen.apply.preconditions import UndoPlan
from fastgen.apply.state import STATE
from fastgen.apply.undo import (
    paths_left,
    undo_deletes_project,
    undo_history,
    undo_plan,
)
from fastgen.change.proposal import Proposal
from fastgen.cli.command import finish_rollback
from fastgen.cli.finish import Ending, finish, update_tasks
from fastgen.cli.flags import Flags, takes
from fastgen.cli.root import NotAProject, current_folder, find_root
from fastgen.errors import Refusal
from fastgen.output import console
from fastgen.phrases import counted, them
from fastgen.plan import Finding, Severity
from fastgen.project.reading import load_project
from fastgen.tree import ENVIRONMENT

if TYPE_CHECKING:
    from fastgen.migrations.applied import DeletedMigrations

_SHOWN = 10

_UNSEEN = (
    "This deletes {migrations}, and fastgen cannot see whether a database has applied"
    " {it}. If one has, {first}`{command}`{then}."
)


@takes("dry_run", "json", "yes", "no_install", "quiet")
def undo(
    flags: Flags,
    show_list: Annotated[
        bool, typer.Option("--list", help="List what can be taken back, newest first.")
    ] = False,
) -> int:
    """Take back what the last command did, byte for byte.

    Once more, and the command before it is taken back. A file that you have edited
    since is in the way: nothing is written then, and the files are named. `.env` is
    never touched. To undo `new` deletes the project, and has to be confirmed.
    """
    root = _root(current_folder())
    finish_rollback(root)
    if show_list:
        return _print_history(root, as_json=flags.json)
    plan = undo_plan(root)
    if not plan.writes:
        return finish("undo", Proposal(root, plan), flags, Ending())
    migrations = None if undo_deletes_project(plan) else _unseen(root, plan)
    # Without a `.venv`, no migration was applied from this folder.
    asks = migrations is not None and (root / ".venv").is_dir()
    if migrations and asks:
        statement = _about(migrations, "run ", " first")
    else:
        statement = _statement(root, plan)
    findings = (*_findings(root, plan), *_warnings(None if asks else migrations))
    proposal = Proposal(root, replace(plan, findings=findings))
    ending = Ending(
        update_tasks(proposal, flags),
        title=f"Takes back `{plan.command}`",
        asks=statement,
    )
    return finish("undo", proposal, flags, ending)


def _root(start: Path) -> Path:
    """The root of the project that contains `start`, or of a project that `undo`
    deleted."""
    try:
        return find_root(start)
    except NotAProject:
        for folder in (start, *start.parents):
            if (folder / STATE / "history").is_dir():
                return folder
        raise


def _statement(root: Path, plan: UndoPlan) -> str:
    """A sentence to confirm if `plan` deletes the project; else empty."""
    if not undo_deletes_project(plan):
        return ""
    return f"This deletes the project {root.name}: {counted(len(plan.writes), 'file')}."


def _unseen(root: Path, plan: UndoPlan) -> "DeletedMigrations | None":
    """The deleted migrations that a database may have applied; None without any. Raises
    MigrationApplied and MigrationFollowed."""
    from fastgen.migrations.applied import check_deletion, deletion_in

    deletion = deletion_in(plan)
    if deletion is None:
        return None
    try:
        side = load_project(root).side
    except Refusal:
        side = None
    return None if check_deletion(root, deletion, side) else deletion


def _about(deletion: "DeletedMigrations", first: str, then: str) -> str:
    command = shlex.join(["uv", "run", "alembic", "downgrade", deletion.revision])
    it = them(len(deletion.scripts))
    return _UNSEEN.format(
        migrations=deletion.paths, it=it, first=first, command=command, then=then
    )


def _warnings(deletion: "DeletedMigrations | None") -> Iterator[Finding]:
    if deletion:
        first = "repeat the command that is undone here, then run "
        message = _about(deletion, first, " and `fastgen undo`")
        yield Finding(Severity.WARNING, "", message.removesuffix("."))


def _findings(root: Path, plan: UndoPlan) -> Iterator[Finding]:
    """Notices about files that undo leaves in place."""
    if plan.environment and (root / ENVIRONMENT).exists():
        message = "stays as it is: fastgen undo never touches it"
        yield Finding(Severity.NOTICE, ENVIRONMENT, message)
    if undo_deletes_project(plan):
        left = [path for path in paths_left(root, plan) if path != ENVIRONMENT]
        if left:
            message = f"these stay, because fastgen did not write them: {_named(left)}"
            yield Finding(Severity.NOTICE, "", message)


def _named(found: Sequence[str]) -> str:
    more = len(found) - _SHOWN
    return ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _print_history(root: Path, *, as_json: bool) -> int:
    past = [p for p in undo_history(root) if p.undoes is None and not p.undone]
    if as_json:
        rows = [
            {"number": p.number, "command": p.command, "files": list(p.files)}
            for p in past
        ]
        console.print_json({"command": "undo", "exit_code": 0, "history": rows})
        return 0
    if not past:
        console.print_line("Nothing can be taken back.")
    for p in past:
        count = counted(len(p.files), "file")
        console.print_line(f"{p.number:4}  {p.command}  ({count})")
    return 0
