"""`fastgen new`."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from fastgen import __version__, console
from fastgen.apply.disk import remove_tree
from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import value_text
from fastgen.catalog.presets import preset_modules
from fastgen.catalog.sources import is_source, load_catalog, source_of
from fastgen.change import Proposal, load_project, propose_new
from fastgen.cli.flags import DryRun, Flags, Json, NoGit, NoInstall, Quiet, Yes
from fastgen.cli.new_from_template import new_from_template
from fastgen.cli.run import Ending, finish, mend
from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.names import EmptyName, check_name
from fastgen.place import check_place
from fastgen.project import current_folder
from fastgen.spec import (
    PYTHONS,
    Spec,
    first_spec,
    with_modules,
    with_options,
)
from fastgen.specfile import parse_spec, read_table, sources_of
from fastgen.tasks import Task, git_task, install_task
from fastgen.tree import SPEC_PATH


class AnotherProject(WrongUsage):
    """{root} is a fastgen project already, made of other things; go into it and change
    it with `fastgen add`, `fastgen remove` or `fastgen set`."""


class TemplateWithModules(WrongUsage):
    """--template makes a project that is not of modules, so it goes with --set,
    --output and the common flags alone; leave the other options out."""


class SpecMissing(NeedsPerson):
    """{path} cannot be read ({reason}); --from takes a file like a project's
    fastgen.toml."""


def new(
    name: Annotated[
        str | None,
        typer.Argument(help="The project's name, or `.` for the current folder."),
    ] = None,
    modules: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="MODULE,...", help="Modules to begin with."),
    ] = None,
    preset: Annotated[
        str | None, typer.Option(help="A set of modules; `fastgen list` names them.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MODULE.OPTION=VALUE", help="Choose an option."),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Modules and options as in this fastgen.toml.",
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE", help="A Copier template instead; --set answers it."
        ),
    ] = None,
    description: Annotated[
        str, typer.Option(help="What the project is, in a sentence.")
    ] = "",
    python: Annotated[
        str | None,
        typer.Option(
            help=f"The lowest Python: {', '.join(PYTHONS)}; yours by default."
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(metavar="DIR", help="The folder to make the project's folder in."),
    ] = Path(),
    dry_run: DryRun = False,
    as_json: Json = False,
    yes: Yes = False,
    no_install: NoInstall = False,
    no_git: NoGit = False,
    quiet: Quiet = False,
) -> int:
    """Make a project: `fastgen new my-api` makes ./my-api.

    It has the application alone; --with and --preset choose modules, and more can be
    added at any time. Nothing is overwritten.

    Examples: `fastgen new shop --preset api`;
    `fastgen new shop --with docker,ci --set ci.provider=gitlab`.
    """
    flags = Flags(dry_run, as_json, quiet, not no_install, not no_git)
    name = _asked(name, ask=not yes and not flags.silent)
    here = name == "."
    root = current_folder() if here else (output / name).absolute()
    check_name(root.name if here else name)
    if template is not None:
        if modules or preset or from_ or description or python:
            raise TemplateWithModules
        return new_from_template(root, template, settings or [], flags, ask=not yes)

    wanted = [part.strip() for text in modules or [] for part in text.split(",")]
    wanted = [*(preset_modules(preset) if preset else ()), *filter(None, wanted)]
    first = first_spec(root.name, description, python or _python(), __version__)
    spec, catalog = _with_choices(first, wanted, settings or [], from_)

    if root.is_dir():
        mend(root)
    if (root / SPEC_PATH).is_file():
        if load_project(root).spec != spec:
            raise AnotherProject(root=root)
        proposal = Proposal(root, spec, spec)
        return finish(f"new {name}", proposal, flags, Ending())
    fresh = not root.exists()
    check_place(root, git=flags.git)
    proposal = propose_new(root, spec, catalog)
    command = command_again(spec, name, output)
    ending = Ending(_tasks(root, flags), _next(root, here=here, flags=flags), command)
    try:
        return finish(f"new {name}", proposal, flags, ending)
    except (KeyboardInterrupt, SystemExit):
        if fresh and root.exists():
            remove_tree(root)
        raise


def _asked(name: str | None, *, ask: bool) -> str:
    if name is not None:
        return name
    if not (ask and console.interactive()):
        raise EmptyName
    return str(typer.prompt("Name of the project"))


def _python() -> str:
    """The running Python, or the newest one that is supported."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    return running if running in PYTHONS else PYTHONS[-1]


def _with_choices(
    spec: Spec, modules: list[str], settings: list[str], file: Path | None
) -> tuple[Spec, Catalog]:
    given = [source_of(name) for name in modules if is_source(name)]
    sources = {source.name: str(source) for source in given}
    text = _text(file) if file else ""
    table = read_table(text)
    catalog = load_catalog({**sources_of(table), **sources})
    if file:
        other = parse_spec(text, table, catalog, __version__)
        spec = Spec(
            spec.name,
            spec.package,
            spec.description or other.description,
            other.python,
            spec.salt,
            spec.version,
            other.modules,
            other.sources,
        )
    names = [name for name in modules if not is_source(name)]
    spec = with_modules(spec, catalog, [*names, *sources])
    return with_options(spec, catalog, settings), catalog


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SpecMissing(path=file, reason=reason) from None


def _tasks(root: Path, flags: Flags) -> tuple[Task, ...]:
    tasks: list[Task] = [install_task(root)] if flags.install else []
    git = git_task(root, f"Start from fastgen {__version__}") if flags.git else None
    return (*tasks, git) if git else tuple(tasks)


def _next(root: Path, *, here: bool, flags: Flags) -> tuple[str, ...]:
    steps = [] if here else [f"cd {shlex.quote(_short(root))}"]
    steps += [] if flags.install else ["make install"]
    return (*steps, "make test", "make run")


def _short(root: Path) -> str:
    """The path as one would type it from here."""
    here = current_folder()
    return str(root.relative_to(here)) if root.is_relative_to(here) else str(root)


def command_again(spec: Spec, name: str, output: Path) -> str:
    """The command that makes the same project again."""
    words = ["fastgen", "new", name]
    others = [spec.sources.get(m, m) for m in spec.modules if m != "core"]
    words += ["--with", ",".join(others)] if others else []
    for module, options in spec.modules.items():
        for option, value in options.items():
            words += ["--set", f"{module}.{option}={value_text(value)}"]
    words += ["--description", spec.description] if spec.description else []
    words += ["--python", spec.python]
    words += ["--output", str(output)] if output != Path() else []
    return shlex.join(words)
