"""`fastgen add`."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from fastgen.catalog.sources import is_source
from fastgen.cli.command import change_project
from fastgen.cli.completion import other_modules
from fastgen.cli.flags import OF_CHANGES, Flags, names_in, takes
from fastgen.errors import WrongUsage
from fastgen.project.reading import Project
from fastgen.spec.edits import with_modules, with_options, without_modules
from fastgen.spec.side import Side


class TwoSources(WrongUsage):
    """{name} is to come from {first} and from {second} at once; choose one of them."""


@takes(*OF_CHANGES)
def add(
    flags: Flags,
    modules: Annotated[
        list[str],
        typer.Argument(
            metavar="MODULE...",
            help="Names from `fastgen list`, or git+URL@REF#FOLDER.",
            autocompletion=other_modules,
        ),
    ],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MODULE.OPTION=VALUE", help="Choose an option."),
    ] = None,
) -> int:
    """Put modules into the project.

    What they require comes along, and is named. Your edits stay: the files that modules
    share are merged, and where you and fastgen changed the same place nothing is
    written until you have decided.

    Examples: `fastgen add docker`; `fastgen add ci --set ci.provider=gitlab`.
    """
    wanted = names_in(modules)
    sources = _sources(wanted)
    names = [name for name in wanted if not is_source(name)] + list(sources)

    def edit(side: Side) -> Side:
        return with_options(with_modules(side, names), settings or [])

    def without(project: Project) -> Side:
        side, present = project.side, project.spec.modules
        wanted = side.catalog.with_required
        return without_modules(
            side, [name for name in present if {*names} & {*wanted([name])}]
        )

    command = _command(names, sources)
    return change_project(command, edit, flags, sources, confirms=True, without=without)


def _command(names: Iterable[str], sources: Mapping[str, str]) -> str:
    """The command for the history, with a git source as its module and its commit."""
    words = ["add"]
    for name in names:
        commit = sources.get(name, "").partition("#")[0].rpartition("@")[2]
        words += [name, f"(commit {commit[:12]})"] if commit else [name]
    return " ".join(words)


def _sources(wanted: Iterable[str]) -> Mapping[str, str]:
    """The git sources in `wanted` at their current commits, by module. Raises
    TwoSources."""
    named = [text for text in wanted if is_source(text)]
    if not named:
        return {}
    from fastgen.catalog.git_source import source_of

    sources: dict[str, str] = {}
    for source in map(source_of, named):
        first = sources.setdefault(source.name, str(source))
        if first != str(source):
            raise TwoSources(name=source.name, first=first, second=source)
    return sources
