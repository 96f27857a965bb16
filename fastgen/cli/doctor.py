"""`fastgen doctor`."""

from fastgen import console, drawing
from fastgen.checkup import machine_findings, project_findings
from fastgen.cli.flags import Json
from fastgen.cli.here import NotAProject, current_folder, find_root
from fastgen.cli.run import current_project
from fastgen.errors import NeedsPerson, Refusal
from fastgen.plan import Severity
from fastgen.report import Report, refusal_finding


def doctor(as_json: Json = False) -> int:
    """Check this machine and the project.

    Looks at the tools, fastgen.toml, conflicts, imports and .env; says what is wrong
    and what mends it. The exit code is 3 where something is wrong.
    """
    findings = [*machine_findings()]
    try:
        find_root(current_folder())
        findings += project_findings(current_project())
    except NotAProject:
        pass
    except Refusal as refusal:
        findings.append(refusal_finding(refusal))
    ill = any(f.severity is Severity.ISSUE for f in findings)
    code = NeedsPerson.exit_code if ill else 0
    report = Report("doctor", exit_code=code, extra=tuple(findings))
    if as_json:
        console.print_json(report.as_json())
        return code
    drawing.print_findings(findings)
    if not findings:
        console.print_line("All is well.")
    return code
