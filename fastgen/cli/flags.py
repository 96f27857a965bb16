"""The flags that several commands have, each written once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import typer

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be done, and write nothing.")
]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout, and no text.")
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Ask nothing, even in a terminal.")
]
NoInstall = Annotated[
    bool, typer.Option("--no-install", help="Do not install dependencies.")
]
NoGit = Annotated[bool, typer.Option("--no-git", help="Do not make a git repository.")]
WriteConflicts = Annotated[
    bool,
    typer.Option(
        "--write-conflicts",
        help="Write conflicts into the files, with markers where they can hold them.",
    ),
]
DropTables = Annotated[
    bool,
    typer.Option(
        "--drop-tables",
        help="Write the migration that drops the tables which are no longer needed.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


def names_in(texts: Iterable[str]) -> list[str]:
    """Names that were given one by one, or with commas between them."""
    parts = (part.strip() for text in texts for part in text.split(","))
    return [part for part in parts if part]


@dataclass(frozen=True)
class Flags:
    """How a command that changes a project was asked to do it."""

    dry_run: bool = False
    json: bool = False
    quiet: bool = False
    install: bool = True
    git: bool = True
    write_conflicts: bool = False
    drop_tables: bool = False

    @property
    def silent(self) -> bool:
        return self.json or self.quiet
