"""What every command that changes a project does: propose, show, check, apply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fastgen import console
from fastgen.apply.state import is_cut_off
from fastgen.change import Edit, Proposal, carry_out, check, propose
from fastgen.cli.flags import Flags
from fastgen.cli.here import current_folder, find_root
from fastgen.errors import ConflictsRemain, Refusal
from fastgen.plan import Finding, Severity
from fastgen.project import Project, load_project
from fastgen.report import Report, refusal_finding
from fastgen.spec import changes_of

if TYPE_CHECKING:
    from fastgen.apply.recovery import Recovery
    from fastgen.tasks import Task

TASK_FAILED = 3


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
    kept = "".join(
        f"; {kept.path} was edited since and stays"
        + (f", its older text is in {kept.copy}" if kept.copy else "")
        for kept in recovery.kept
    )
    return f"`{recovery.command}` was cut off, and has been taken back{kept}"


def change_project(
    command: str, edit: Edit, flags: Flags, sources: Mapping[str, str] | None = None
) -> int:
    """Make `edit` true in the project around the current folder. The exit code."""
    project = current_project(sources)
    proposal = propose(project, edit, markers=flags.write_conflicts)
    return finish(command, proposal, flags, Ending(_tasks(proposal, flags)))


@dataclass(frozen=True)
class Ending:
    """What follows an applied plan: tasks, what is left to do, and the command that
    would do all of it again."""

    tasks: "tuple[Task, ...]" = ()
    next: tuple[str, ...] = ()
    again: str = ""


def finish(command: str, proposal: Proposal, flags: Flags, ending: Ending) -> int:
    """Show the proposal, check it, carry it out, run the tasks, and report."""
    report = Report(command.split()[0], plan=proposal.plan)
    if not flags.silent:
        _show(proposal)
    try:
        check(proposal)
    except Refusal as refusal:
        return _end(_refused(report, refusal), flags, str(refusal))
    if flags.dry_run:
        code = ConflictsRemain.exit_code if proposal.plan.conflicts else 0
        return _end(replace(report, exit_code=code), flags)
    carry_out(proposal, command)
    report = replace(report, applied=True, next=ending.next, again=ending.again)
    if proposal.plan.conflicts:
        paths = ", ".join(sorted({c.path for c in proposal.plan.conflicts}))
        report = replace(
            report,
            exit_code=ConflictsRemain.exit_code,
            next=(f"resolve the conflicts in {paths}", "fastgen doctor"),
        )
    return _end(_with_tasks(report, proposal.root, ending.tasks, flags), flags)


def _show(proposal: Proposal) -> None:
    from fastgen import drawing

    if proposal.old and proposal.new and proposal.old != proposal.new:
        console.print_line(changes_of(proposal.old, proposal.new).capitalize() or "")
    drawing.print_plan(proposal.plan)
    drawing.print_conflicts(proposal.plan.conflicts)
    drawing.print_findings(proposal.plan.findings)


def _refused(report: Report, refusal: Refusal) -> Report:
    # A gate's or a merge's findings are in the plan already.
    extra = () if report.plan.findings else (refusal_finding(refusal),)
    return replace(report, exit_code=refusal.exit_code, extra=extra)


def _with_tasks(
    report: Report, root: Path, tasks: "Sequence[Task]", flags: Flags
) -> Report:
    from fastgen import drawing
    from fastgen.tasks import run_task

    for task in tasks:
        with drawing.progress(task.title, quiet=flags.silent):
            result = run_task(task, root)
        if result.failure:
            message = f"{task.title} failed; nothing else was undone: {result.failure}"
            finding = Finding(Severity.WARNING, "", message)
            report = replace(
                report,
                exit_code=report.exit_code or TASK_FAILED,
                extra=(*report.extra, finding),
                next=(task.again, *report.next),
            )
    return report


def _tasks(proposal: Proposal, flags: Flags) -> "tuple[Task, ...]":
    """Dependencies are brought up to date where they were installed before."""
    changed = {change.path for change in proposal.plan.writes}
    installed = (proposal.root / ".venv").is_dir()
    if "pyproject.toml" in changed and flags.install and installed:
        from fastgen.tasks import install_task

        return (install_task(proposal.root),)
    return ()


def _end(report: Report, flags: Flags, error: str = "") -> int:
    if flags.json:
        console.print_json(report.as_json())
        return report.exit_code
    from fastgen import drawing

    if not flags.quiet:
        drawing.print_findings(report.extra if not error else ())
        console.print_line(summary_of(report))
        for step in report.next:
            console.print_line(f"  {step}")
        if report.again:
            console.print_line(f"The same again: {report.again}")
    if error:
        console.print_error(error)
    return report.exit_code


def summary_of(report: Report) -> str:
    """The closing lines: what was done, and what is left to do."""
    from fastgen.drawing import summary

    text = summary(report.plan, applied=report.applied)
    return f"{text}\nNext:" if report.next else text
