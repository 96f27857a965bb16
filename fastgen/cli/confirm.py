"""The question before something is removed that the command did not name."""

import typer

from fastgen.change.proposal import Proposal
from fastgen.cli.flags import Flags
from fastgen.errors import WrongUsage
from fastgen.output import console
from fastgen.output.console import counted
from fastgen.plan import Action
from fastgen.spec.words import removals_of, switched_off


class NotConfirmed(WrongUsage):
    """{statement} Nothing was written. Add `--yes` to confirm."""


class Declined(WrongUsage):
    """Not confirmed; nothing was written."""


def confirm(statement: str, flags: Flags) -> None:
    """Ask whether to go on with what `statement` says. Without a terminal `--yes` is
    the answer. Raises NotConfirmed or Declined."""
    if flags.yes:
        return
    if flags.silent or not console.interactive():
        raise NotConfirmed(statement=statement)
    if not flags.dry_run and not typer.confirm(f"{statement} Go on?"):
        raise Declined


def removal_statement(proposal: Proposal) -> str:
    """What a command removes that it did not name, as a sentence; empty for nothing."""
    if proposal.old is None or proposal.new is None:
        return ""
    old, new = proposal.old.spec, proposal.new.spec
    removed = removals_of(old, new)
    deleted = [c for c in proposal.plan.writes if c.action is Action.DELETE]
    if deleted and (off := switched_off(old, new)):
        removed.append(f"{counted(len(deleted), 'file')} of {', '.join(off)}")
    return f"This removes {', '.join(removed)}." if removed else ""
