"""`fastgen new`."""

from pathlib import Path
from typing import Annotated

import typer

from fastgen.cli.flags import Flags, names_in, takes
from fastgen.cli.root import current_folder
from fastgen.errors import WrongUsage
from fastgen.names import PYTHONS, EmptyName, check_name
from fastgen.output import console


class TemplateWithModules(WrongUsage):
    """--template makes a project that is not of modules, so it goes with --set,
    --output and the common flags alone; leave the other options out."""


@takes("dry_run", "json", "yes", "no_install", "no_git", "quiet")
def new(
    flags: Flags,
    name: Annotated[
        str | None,
        typer.Argument(help="The project's name, or `.` for the current folder."),
    ] = None,
    modules: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="MODULE,...", help="Modules to begin with."),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A set of modules; `fastgen list` names them."
        ),
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
        str, typer.Option(metavar="TEXT", help="What the project is, in a sentence.")
    ] = "",
    python: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help=f"The lowest Python: {', '.join(PYTHONS)}; yours by default.",
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(metavar="DIR", help="The folder to make the project's folder in."),
    ] = Path(),
) -> int:
    """Create a project: `fastgen new my-api` creates ./my-api.

    It has the application alone; --with and --preset choose modules, and more can be
    added at any time. Nothing is overwritten.

    Examples: `fastgen new shop --preset api`;
    `fastgen new shop --with docker,ci --set ci.provider=gitlab`.
    """
    name = _asked(name, ask=not (flags.yes or flags.silent))
    root = current_folder() if name == "." else (output / name).absolute()
    check_name(root.name if name == "." else name)
    if template is not None:
        if modules or preset or from_ or description or python:
            raise TemplateWithModules
        from fastgen.cli.new_from_template import new_from_template

        return new_from_template(root, template, settings or [], flags)
    from fastgen.cli.new_from_modules import Wish, new_from_modules

    wish = Wish(
        name=name,
        root=root,
        output=output,
        modules=tuple(names_in(modules or ())),
        preset=preset,
        settings=tuple(settings or ()),
        spec_file=from_,
        description=description,
        python=python,
    )
    return new_from_modules(wish, flags)


def _asked(name: str | None, *, ask: bool) -> str:
    if name is not None:
        return name
    if not (ask and console.interactive()):
        raise EmptyName
    return str(typer.prompt("Name of the project"))
