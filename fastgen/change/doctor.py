"""The checks of `fastgen doctor`. They change nothing."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

from fastgen.change.by_hand import written_by_hand
from fastgen.change.environment import MODE
from fastgen.change.environment_check import settings_findings
from fastgen.change.file_states import State, Surveyed, survey
from fastgen.change.missing_migrations import missing_migrations
from fastgen.change.placement import ignored_findings, misplaced_findings
from fastgen.change.recorded_parts import missing_parts
from fastgen.errors import Refusal
from fastgen.merge.conflict_blocks import UNRESOLVED, unresolved
from fastgen.merge.gate.parse import parse_problem
from fastgen.merge.scopes.imports import first_party_imports, source_folder
from fastgen.migrations.belonging import SCRIPT_TEMPLATE
from fastgen.migrations.chain import History
from fastgen.migrations.dialect import dialect_of
from fastgen.migrations.in_project import own_history
from fastgen.migrations.project_models import ProjectModels
from fastgen.migrations.strays import stray_findings
from fastgen.output.report import refusal_finding
from fastgen.phrases import in_words
from fastgen.plan import Finding, Severity
from fastgen.project.reading import Project, read_file, read_python
from fastgen.render.render import project_facts
from fastgen.resources.in_spec import kept_tables
from fastgen.tools.git import check_git, repository_root, run_git
from fastgen.tree import ENVIRONMENT, SPEC_PATH, File


def machine_findings() -> Iterator[Finding]:
    """Findings about the tools that fastgen runs."""
    try:
        check_git()
    except Refusal as refusal:
        yield refusal_finding(refusal)
    if not shutil.which("uv"):
        message = "uv is not here; fastgen uses venv and pip, which take longer"
        yield Finding(Severity.NOTICE, "", message)


def project_findings(project: Project) -> Iterator[Finding]:
    """Findings about the project's files, imports and `.env`, and about
    fastgen.toml."""
    files = survey(project)
    by_hand = written_by_hand(project, files)
    applied = project
    if by_hand:
        yield by_hand.finding
        applied = replace(project, side=by_hand.before)
        files = survey(applied)
    yield from _absent_modules(applied, files)
    for file in files:
        yield from _text_findings(file.place, file.file)
    yield from _own_files(project, files)
    yield from missing_parts(applied, files)
    yield from _migration_findings(project, applied, files)
    yield from _broken_imports(project)
    yield from _environment_findings(project)
    yield from settings_findings(project, files)
    there = [file.place for file in files if file.file]
    repository_files = project_facts(project.side).repository_files
    yield from misplaced_findings(project.root, repository_files, there)
    if repository_root(project.root):
        yield from ignored_findings(project.root, there)


def _absent_modules(project: Project, files: tuple[Surveyed, ...]) -> Iterator[Finding]:
    for name in project.spec.modules:
        own = [f for f in files if f.entry.module == name and f.path != SPEC_PATH]
        if own and all(f.state is State.DELETED for f in own):
            message = (
                f"records the module {name}, all of whose files were deleted;"
                f" `fastgen remove {name}` takes out the rest of it"
            )
            yield Finding(Severity.WARNING, SPEC_PATH, message)


def _text_findings(path: str, file: File | None) -> Iterator[Finding]:
    if file is None:
        return
    text = file.content.decode(errors="replace")
    lines = [*unresolved(text)]
    for line in lines:
        yield Finding(Severity.ISSUE, path, UNRESOLVED, line)
    if not lines and (problem := parse_problem(path, text)):
        line, reason = problem
        yield Finding(Severity.ISSUE, path, f"does not parse: {reason}", line)


def _own_files(project: Project, files: tuple[Surveyed, ...]) -> Iterator[Finding]:
    """Problems in the Python files that the user wrote. Outside of the package they are
    warnings, because they can be intended, for example in test data."""
    written = {file.place for file in files}
    for path, file in read_python(project.root).items():
        if path in written:
            continue
        inside = project.spec.package in path.split("/")
        for found in _text_findings(path, file):
            yield found if inside else replace(found, severity=Severity.WARNING)


def _migration_findings(
    project: Project, applied: Project, files: tuple[Surveyed, ...]
) -> Iterator[Finding]:
    """Findings about several heads, missing migrations, and migrations that were left
    behind.

    `applied` is the project without the parts that no command has applied yet.
    """
    base = {file.path: file.entry for file in files}
    past, _ = own_history(project.root, project.spec.salt, base)
    yield from _many_heads(past)
    models = ProjectModels(read_python(project.root))
    if _has_environment(files):
        yield from missing_migrations(applied, past, models)
    if past.scripts:
        kept = kept_tables(project.spec.kept)
        recorded = {
            resource.plural: [field.column for field in resource.fields]
            for resource in project.spec.resources.values()
        }
        dialect = dialect_of(project.side)
        yield from stray_findings(past, models, recorded, kept, dialect)


def _has_environment(files: tuple[Surveyed, ...]) -> bool:
    """Whether the project still has Alembic's script template."""
    named = [file for file in files if file.path.endswith(f"/{SCRIPT_TEMPLATE}")]
    return any(file.file for file in named)


def _many_heads(past: History) -> Iterator[Finding]:
    if len(past.heads) > 1:
        first, *others = sorted(past.scripts[head].path for head in past.heads)
        message = (
            f"is a head of the migrations beside {in_words(others)}; run"
            " `fastgen doctor --fix` to write a migration that follows all heads"
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
        return  # reported as a separate finding
    ignored = ("check-ignore", "--quiet", ENVIRONMENT)
    done = run_git(*ignored, folder=project.root)
    if done.returncode == 1:
        message = (
            "git does not ignore it, so its secrets can be committed: add the line"
            " `.env` to .gitignore"
        )
        yield Finding(Severity.ISSUE, ENVIRONMENT, message)
