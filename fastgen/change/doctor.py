"""What `fastgen doctor` looks at. Reads only."""

import shutil
from collections.abc import Iterator

from fastgen.change.environment import MODE
from fastgen.change.file_states import State, Surveyed, survey
from fastgen.errors import Refusal
from fastgen.merge.conflict_blocks import UNRESOLVED, unresolved
from fastgen.merge.gate.imports import first_party_imports, source_folder
from fastgen.merge.gate.parse import parse_problem
from fastgen.migrations.in_project import own_history
from fastgen.output.report import refusal_finding
from fastgen.plan import Finding, Severity
from fastgen.project.reading import Project, read_file, read_python
from fastgen.tools.git import check_git, run_git
from fastgen.tree import ENVIRONMENT, SPEC_PATH


def machine_findings() -> Iterator[Finding]:
    """The tools that fastgen runs."""
    try:
        check_git()
    except Refusal as refusal:
        yield refusal_finding(refusal)
    if not shutil.which("uv"):
        message = "uv is not here; fastgen uses venv and pip, which take longer"
        yield Finding(Severity.NOTICE, "", message)


def project_findings(project: Project) -> Iterator[Finding]:
    """The project's generated files, its imports and its `.env`."""
    files = survey(project)
    yield from _absent_modules(project, files)
    for file in files:
        yield from _text_findings(file)
    yield from _many_heads(project, files)
    yield from _broken_imports(project)
    yield from _environment_findings(project)


def _absent_modules(project: Project, files: tuple[Surveyed, ...]) -> Iterator[Finding]:
    for name in project.spec.modules:
        own = [f for f in files if f.entry.module == name and f.path != SPEC_PATH]
        if own and all(f.state is State.DELETED for f in own):
            message = (
                f"names the module {name}, of which no file is there; if it was written"
                f" in by hand, delete its table and run `fastgen add {name}`"
            )
            yield Finding(Severity.WARNING, SPEC_PATH, message)


def _text_findings(file: Surveyed) -> Iterator[Finding]:
    text = file.file.content.decode(errors="replace") if file.file else ""
    lines = [*unresolved(text)]
    for line in lines:
        yield Finding(Severity.ISSUE, file.place, UNRESOLVED, line)
    if not lines and file.file and (problem := parse_problem(file.place, text)):
        yield Finding(
            Severity.ISSUE, file.place, f"does not parse: {problem[1]}", problem[0]
        )


def _many_heads(project: Project, files: tuple[Surveyed, ...]) -> Iterator[Finding]:
    base = {file.path: file.entry for file in files}
    past, _ = own_history(project.root, project.spec.salt, base)
    if len(past.heads) > 1:
        first, *others = sorted(past.scripts[head].path for head in past.heads)
        message = (
            f"is a head of the migrations, and so is {' and '.join(others)}; there has"
            " to be one: `fastgen doctor --fix` writes a migration that follows all"
        )
        yield Finding(Severity.ISSUE, first, message)


def _broken_imports(project: Project) -> Iterator[Finding]:
    code = {path: file.content for path, file in read_python(project.root).items()}
    package = project.spec.package
    sources = source_folder(package, code)
    for path, content in code.items():
        for found in first_party_imports(content, path, package, sources):
            if found.fails_in(code):
                message = f"imports {found.name}, which is not there"
                yield Finding(Severity.ISSUE, path, message, found.line)


def _environment_findings(project: Project) -> Iterator[Finding]:
    file = read_file(project.root, ENVIRONMENT)
    if file is None:
        return
    if file.mode & ~MODE:
        message = "others on this machine can read it: `chmod 600 .env`"
        yield Finding(Severity.WARNING, ENVIRONMENT, message)
    if not shutil.which("git"):
        return  # which is a finding of its own
    ignored = ("check-ignore", "--quiet", ENVIRONMENT)
    done = run_git(*ignored, folder=project.root)
    if done.returncode == 1:
        message = (
            "git does not ignore it, so its secrets can be committed: add the line"
            " `.env` to .gitignore"
        )
        yield Finding(Severity.ISSUE, ENVIRONMENT, message)
