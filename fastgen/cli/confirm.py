"""Confirmation of removals that the command did not name."""

import typer

from fastgen.change.proposal import Proposal
from fastgen.cli.flags import Flags
from fastgen.errors import WrongUsage
from fastgen.output import console
from fastgen.spec.words import removals_of


class NotConfirmed(WrongUsage):
    """{statement} Nothing was written. Add `--yes` to confirm."""


class Declined(WrongUsage):
    """Not confirmed; nothing was written."""


def confirm(statement: str, flags: Flags) -> None:
    """Ask the user to confirm `statement`, unless `--yes` is given.

    Raises Declined, and NotConfirmed if there is no terminal.
    """
    if flags.yes:
        return
    if flags.silent or not console.interactive():
        raise NotConfirmed(statement=statement)
    if not flags.dry_run and not typer.confirm(f"{statement} Go on?"):
        raise Declined


def removal_statement(proposal: Proposal) -> str:
    """A sentence about removals that the command did not name; empty without any."""
    if proposal.old is None or proposal.new is None:
        return ""
    old, new = proposal.old.spec, proposal.new.spec
    removed = removals_of(old, new)
    return f"This removes {', '.join(removed)}." if removed else ""
