"""The second half of a command that changes a project: show, check, apply and
report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastgen.change.proposal import Proposal, carry_out, check
from fastgen.cli.confirm import confirm
from fastgen.cli.flags import Flags
from fastgen.errors import INTERRUPTED, TERMINATED, ConflictsRemain, CutShort, Refusal
from fastgen.migrations.script import script_of
from fastgen.output import console, drawing
from fastgen.output.report import Report, refusal_finding
from fastgen.plan import Action, Finding, Severity
from fastgen.spec.words import changes_of
from fastgen.tools.tasks import Task, install_task, run_task

TASK_FAILED = 3

MIGRATE = "make migrate"


@dataclass(frozen=True)
class Ending:
    """Everything of a command besides its plan: confirmation, tasks, next steps, and
    the command that recreates the project."""

    tasks: tuple[Task, ...] = ()
    next: tuple[str, ...] = ()
    again: str = ""
    title: str = ""
    """The line above the plan; by default the difference of the specs."""
    asks: str = ""
    """A sentence that the user confirms before anything is written."""
    absent: tuple[str, ...] = ()
    """Clauses about requested removals that the project does not have."""


def finish(command: str, proposal: Proposal, flags: Flags, ending: Ending) -> int:
    """Show, check and apply the proposal, run the tasks and print the report. Returns
    the exit code."""
    absent = (Finding(Severity.NOTICE, "", said) for said in ending.absent)
    report = Report(command.split()[0], plan=proposal.plan, extra=tuple(absent))
    if not flags.silent:
        _show(proposal, ending.title)
    try:
        check(proposal)
        if ending.asks:
            confirm(ending.asks, flags)
    except Refusal as refusal:
        return _end(_refused(report, refusal), flags, str(refusal))
    if flags.dry_run:
        from fastgen.apply.preconditions import foresee

        foresee(proposal.root, proposal.plan)
        code = ConflictsRemain.exit_code if proposal.plan.conflicts else 0
        return _end(replace(report, exit_code=code), flags)
    carry_out(proposal, command)
    report = replace(
        report,
        applied=bool(proposal.plan.writes),
        next=ending.next,
        again=ending.again,
    )
    if proposal.plan.conflicts:
        paths = ", ".join(sorted({c.path for c in proposal.plan.conflicts}))
        report = replace(
            report,
            exit_code=ConflictsRemain.exit_code,
            next=(f"resolve the conflicts in {paths}", "fastgen doctor"),
        )
    return _end(_with_tasks(report, proposal.root, ending.tasks, flags), flags)


def _show(proposal: Proposal, title: str) -> None:
    if proposal.old and proposal.new:
        words = proposal.title or changes_of(proposal.old.spec, proposal.new.spec)
        title = title or words[:1].upper() + words[1:]
    if title:
        console.print_line(title)
    drawing.print_plan(proposal.plan)
    drawing.print_conflicts(proposal.plan.conflicts)
    drawing.print_findings(proposal.plan.findings)


def _refused(report: Report, refusal: Refusal) -> Report:
    # The plan already contains the issues of the gate.
    said = any(f.severity is Severity.ISSUE for f in report.plan.findings)
    extra = () if said else (refusal_finding(refusal),)
    return replace(report, exit_code=refusal.exit_code, extra=extra)


def _with_tasks(
    report: Report, root: Path, tasks: Sequence[Task], flags: Flags
) -> Report:
    for task in tasks:
        try:
            with drawing.progress(task.title, quiet=flags.silent):
                failure = run_task(task, root)
        except (KeyboardInterrupt, SystemExit) as stop:
            raise _cut_short(report, task, stop) from stop
        if failure:
            message = f"{task.title} failed; what was written stays: {failure}"
            finding = Finding(Severity.WARNING, "", message)
            report = replace(
                report,
                exit_code=report.exit_code or TASK_FAILED,
                extra=(*report.extra, finding),
                next=(task.again, *report.next),
            )
        elif task.left:
            report = replace(report, next=(*report.next, task.left))
    return report


def _cut_short(report: Report, task: Task, stop: BaseException) -> CutShort:
    code = TERMINATED if isinstance(stop, SystemExit) else INTERRUPTED
    message = f"interrupted; {task.title} was not done, and what was written stays"
    report = replace(
        report,
        exit_code=code,
        extra=(*report.extra, Finding(Severity.WARNING, "", message)),
        next=(task.again, *report.next),
    )
    said = "; ".join(finding.message for finding in report.extra)
    return CutShort(said, code, report.as_json())


def _end(report: Report, flags: Flags, error: str = "") -> int:
    if flags.json:
        console.print_json(report.as_json())
        return report.exit_code
    if not flags.quiet:
        if report.plan.changes and not error:
            drawing.print_findings(report.extra)
        console.print_line(summary_of(report))
        for step in report.next:
            console.print_line(f"  {step}")
        if report.again:
            console.print_line(f"To recreate this project: {report.again}")
    if error:
        console.print_error(error)
    return report.exit_code


def summary_of(report: Report) -> str:
    """The closing lines: the result, and a heading for the next steps."""
    if not report.plan.changes and report.extra:
        return f"Nothing to do: {'; '.join(f.message for f in report.extra)}."
    text = drawing.summary(report.plan, applied=report.applied)
    return f"{text}\nNext:" if report.next else text


def update_tasks(proposal: Proposal, flags: Flags) -> tuple[Task, ...]:
    """The task that updates the dependencies, if they were installed before."""
    changed = {change.path for change in proposal.plan.writes if change.after}
    installed = (proposal.root / ".venv").is_dir()
    if "pyproject.toml" in changed and installed and not flags.no_install:
        return (install_task(proposal.root),)
    return ()


def following_steps(proposal: Proposal) -> tuple[str, ...]:
    """The next steps for the user: migrate, and the steps of new modules."""
    new = (c for c in proposal.plan.writes if c.action is Action.CREATE and c.after)
    migrates = any(c.after and script_of(c.path, c.after.content) for c in new)
    old = proposal.old.spec.modules if proposal.old else {}
    side = proposal.new
    added = [m for m in side.spec.modules if m not in old] if side else []
    asked = [step for m in added for step in side.catalog[m].next] if side else []
    return (*([MIGRATE] if migrates else []), *asked)
