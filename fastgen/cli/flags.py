"""The flags that several commands share."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Annotated, Any

import typer

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout, and no text.")
]


@dataclass(frozen=True)
class Flags:
    """Flags of a command. Each field is an option of the commands that list it in
    `takes`; for all other commands it is false."""

    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would be done, and write nothing."),
    ] = False
    """Whether to only show the plan."""
    json: Json = False
    """Whether to print JSON instead of text."""
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Confirm what is removed; ask nothing.")
    ] = False
    """Whether to skip confirmations."""
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Do not install dependencies.")
    ] = False
    """Whether to skip the installation of dependencies."""
    no_git: Annotated[
        bool, typer.Option("--no-git", help="Do not make a git repository.")
    ] = False
    """Whether to skip the git repository."""
    write_conflicts: Annotated[
        bool,
        typer.Option(
            "--write-conflicts",
            help="Write both sides of each conflict into the file.",
        ),
    ] = False
    """Whether to write conflicts into the files."""
    drop_tables: Annotated[
        bool,
        typer.Option(
            "--drop-tables",
            help="Write the migration that drops the tables which are no longer"
            " needed.",
        ),
    ] = False
    """Whether to drop the tables of removed parts."""
    delete_edited: Annotated[
        bool,
        typer.Option(
            "--delete-edited",
            help="Delete what is no longer needed even where you edited it.",
        ),
    ] = False
    """Whether to delete edited files of removed parts."""
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")
    ] = False
    """Whether to print only errors."""

    @property
    def silent(self) -> bool:
        return self.json or self.quiet


_OPTIONS = {
    field.name: inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=field.default,
        annotation=field.type,
    )
    for field in fields(Flags)
}

OF_CHANGES = ("dry_run", "json", "yes", "no_install", "write_conflicts", "quiet")
"""The flags of every command that changes modules or resources."""

Command = Callable[..., int]


def takes(*names: str) -> Callable[[Command], Command]:
    """Add the flags `names` to a command.

    Typer sees one option per flag after the command's own options, in the order of
    `Flags`. The command receives them as `flags`.
    """
    options = [_OPTIONS[name] for name in sorted(names, key=[*_OPTIONS].index)]

    def with_options(command: Command) -> Command:
        signature = inspect.signature(command)
        own = [p for p in signature.parameters.values() if p.name != "flags"]

        @wraps(command)
        def run(**given: Any) -> int:  # noqa: ANN401 (the arguments of any command)
            flags = Flags(**{name: given.pop(name) for name in names})
            return command(flags=flags, **given)

        seen = signature.replace(parameters=[*own, *options])
        run.__signature__ = seen  # type: ignore[attr-defined]
        return run

    return with_options


def names_in(texts: Iterable[str]) -> list[str]:
    """The names in `texts`, each of which may list several with commas."""
    parts = (part.strip() for text in texts for part in text.split(","))
    return [part for part in parts if part]
