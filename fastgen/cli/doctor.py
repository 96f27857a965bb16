"""`fastgen doctor`."""

from typing import Annotated

import typer

from fastgen.change.doctor import machine_findings, project_findings
from fastgen.cli.command import current_project
from fastgen.cli.flags import Flags, takes
from fastgen.cli.root import NotAProject, current_folder, find_root
from fastgen.errors import NeedsPerson, Refusal, WrongUsage
from fastgen.output import console, drawing
from fastgen.output.report import Report, refusal_finding
from fastgen.plan import Severity


class NothingToTry(WrongUsage):
    """--dry-run shows what --fix would do; give both, or none."""


@takes("dry_run", "json")
def doctor(
    flags: Flags,
    fix: Annotated[
        bool, typer.Option("--fix", help="Merge several migration heads into one.")
    ] = False,
) -> int:
    """Check this machine and the project.

    Looks at the tools, fastgen.toml and what it records, conflicts, files that do not
    parse, migrations, imports, settings and .env; says what is wrong and how to fix it.
    The exit code is 3 where something is wrong.

    After a merge of two branches that each have new migrations, --fix writes the one
    that follows both. Nothing else is fixed without you.
    """
    if flags.dry_run and not fix:
        raise NothingToTry
    if fix and (code := _fixed(flags)) is not None:
        return code
    findings = [*machine_findings()]
    try:
        find_root(current_folder())
        findings += project_findings(current_project())
    except NotAProject:
        pass
    except Refusal as refusal:
        findings.append(refusal_finding(refusal))
    severities = {finding.severity for finding in findings}
    ill = Severity.ISSUE in severities
    code = NeedsPerson.exit_code if ill else 0
    report = Report("doctor", exit_code=code, extra=tuple(findings))
    if flags.json:
        console.print_json(report.as_json())
        return code
    drawing.print_findings(findings)
    if severities <= {Severity.NOTICE}:
        console.print_line("No problems found.")
    return code


def _fixed(flags: Flags) -> int | None:
    """The exit code of `--fix`; None if there is nothing to fix."""
    from fastgen.change.pipeline import propose_one_head
    from fastgen.cli.finish import MIGRATE, Ending, finish

    proposal = propose_one_head(current_project())
    if not proposal.plan.changes:
        return None
    return finish("doctor --fix", proposal, flags, Ending(next=(MIGRATE,)))
