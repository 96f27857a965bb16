"""`fastgen new` with fastgen's own modules."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastgen import __version__
from fastgen.apply.disk import remove_tree
from fastgen.catalog.git_source import source_of
from fastgen.catalog.module import value_text
from fastgen.catalog.presets import preset_modules
from fastgen.catalog.sources import is_source, load_catalog
from fastgen.change.pipeline import propose
from fastgen.change.proposal import Proposal
from fastgen.change.request import creation
from fastgen.cli.command import finish_rollback
from fastgen.cli.finish import Ending, finish, following_steps
from fastgen.cli.flags import Flags
from fastgen.cli.spec_argument import naming, read_spec_argument
from fastgen.errors import CutShort, WrongUsage
from fastgen.names import PYTHONS
from fastgen.project.destination import check_place
from fastgen.project.reading import load_project
from fastgen.spec.declared import check_declared
from fastgen.spec.edits import with_modules, with_options
from fastgen.spec.from_file import with_table
from fastgen.spec.models import check_models
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec, first_spec
from fastgen.spec.specfile import parse_spec, sources_of
from fastgen.tools.tasks import Task, git_task, install_task
from fastgen.tree import SPEC_PATH


class AnotherProject(WrongUsage):
    """{root} is a fastgen project already, made of other things; go into it and change
    it with `fastgen add`, `fastgen remove` or `fastgen set`."""


class DescriptionNotText(WrongUsage):
    """The description has bytes that are not UTF-8; give it as UTF-8 text."""


@dataclass(frozen=True)
class Wish:
    """The arguments of the command line."""

    name: str
    """The project's name, or `.` for the current folder."""
    root: Path
    """The project's folder, as an absolute path."""
    output: Path
    """The folder of `--output`, in which the project's folder is created."""
    modules: tuple[str, ...]
    """Names and git sources of modules."""
    preset: str | None
    """The name of the preset, if given."""
    settings: tuple[str, ...]
    """Options of modules, as `MODULE.OPTION=VALUE`."""
    spec_file: Path | None
    """The file of `--from`, if given."""
    description: str
    """The project's description; may be empty."""
    python: str | None
    """The oldest Python version of the project, if given."""


def new_from_modules(wish: Wish, flags: Flags) -> int:
    """Create the project. Returns the exit code."""
    root = wish.root
    side = _wished(wish)
    if root.is_dir():
        finish_rollback(root)
    if (root / SPEC_PATH).is_file():
        if load_project(root).spec != side.spec:
            raise AnotherProject(root=root)
        same = Proposal(root, old=side, new=side)
        return finish(f"new {root.name}", same, flags, Ending())
    fresh = not root.exists()
    check_place(root, git=not flags.no_git)
    proposal = propose(creation(root, side))
    ending = Ending(
        _tasks(root, flags),
        _next(wish, flags, following_steps(proposal)),
        command_again(side.spec, wish),
    )
    try:
        return finish(f"new {root.name}", proposal, flags, ending)
    except (KeyboardInterrupt, SystemExit, CutShort) as stop:
        if fresh and root.exists():
            remove_tree(root)
            raise (stop.__cause__ or stop) from None
        raise


def _wished(wish: Wish) -> Side:
    """The requested side."""
    try:
        wish.description.encode()
    except UnicodeEncodeError:
        raise DescriptionNotText from None
    python = wish.python or _running_python()
    spec = first_spec(wish.root.name, wish.description, python, __version__)
    preset = preset_modules(wish.preset) if wish.preset else ()
    given = [source_of(name) for name in wish.modules if is_source(name)]
    file = read_spec_argument(wish.spec_file) if wish.spec_file else None
    of_file = sources_of(file.table) if file else {}
    sources = {**of_file, **{source.name: str(source) for source in given}}
    catalog = load_catalog(sources)
    side = Side(spec, catalog)
    names = [name for name in wish.modules if not is_source(name)]
    chosen = [*preset, *names, *(source.name for source in given)]
    if file and "version" not in file.table:
        # Add the modules first, because resources may need them.
        side = with_table(with_modules(side, chosen), file.table)
    elif file:
        with naming(file.path):
            other = parse_spec(file.text, file.table, catalog, __version__)
        recorded = replace(
            spec,
            description=wish.description or other.description,
            python=wish.python or other.python,
            modules=other.modules,
            sources=other.sources,
            resources=other.resources,
            generated=other.generated,
        )
        side = side.with_spec(recorded)
    side = with_options(with_modules(side, chosen), wish.settings)
    check_models(side)
    check_declared(side)
    return side


def _running_python() -> str:
    """The running Python version, or the newest supported one."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    return running if running in PYTHONS else PYTHONS[-1]


def _tasks(root: Path, flags: Flags) -> tuple[Task, ...]:
    tasks: list[Task | None] = []
    if not flags.no_install:
        tasks.append(install_task(root))
    if not flags.no_git:
        tasks.append(git_task(root, f"Start from fastgen {__version__}"))
    return tuple(task for task in tasks if task)


def _next(wish: Wish, flags: Flags, following: Sequence[str]) -> tuple[str, ...]:
    folder = shlex.quote(str(wish.output / wish.name))
    steps = [] if wish.name == "." else [f"cd {folder}"]
    steps += ["make install"] if flags.no_install else []
    return (*steps, "make test", *following, "make run")


def command_again(spec: Spec, wish: Wish) -> str:
    """The command that recreates the project."""
    words = ["fastgen", "new", wish.name]
    others = [spec.sources.get(m, m) for m in spec.modules if m != "core"]
    words += ["--with", ",".join(others)] if others else []
    for module, options in spec.modules.items():
        for option, value in options.items():
            words += ["--set", f"{module}.{option}={value_text(value)}"]
    words += ["--description", spec.description] if spec.description else []
    words += ["--python", spec.python]
    from_file = spec.resources or spec.generated
    words += ["--from", str(wish.spec_file)] if from_file else []
    words += ["--output", str(wish.output)] if wish.output != Path() else []
    return shlex.join(words)
