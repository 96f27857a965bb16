"""`fastgen undo`."""

from pathlib import Path
from typing import Annotated

import typer

from fastgen.apply.undo import undo_history, undo_plan
from fastgen.change.proposal import Proposal
from fastgen.cli.command import finish_rollback
from fastgen.cli.finish import Ending, finish, update_tasks
from fastgen.cli.flags import Flags, takes
from fastgen.cli.root import current_folder, find_root
from fastgen.output import console


@takes("dry_run", "json", "no_install", "quiet")
def undo(
    flags: Flags,
    show_list: Annotated[
        bool, typer.Option("--list", help="List what can be taken back, newest first.")
    ] = False,
) -> int:
    """Take back what the last command did, byte for byte.

    Once more, and the command before it is taken back. A file that you have edited
    since is in the way: nothing is written then, and the files are named.
    """
    root = find_root(current_folder())
    finish_rollback(root)
    if show_list:
        return _print_history(root, as_json=flags.json)
    proposal = Proposal(root, undo_plan(root))
    return finish("undo", proposal, flags, Ending(update_tasks(proposal, flags)))


def _print_history(root: Path, *, as_json: bool) -> int:
    past = [p for p in undo_history(root) if p.undoes is None and not p.undone]
    if as_json:
        rows = [
            {"number": p.number, "command": p.command, "files": list(p.files)}
            for p in past
        ]
        console.print_json({"command": "undo", "exit_code": 0, "history": rows})
        return 0
    if not past:
        console.print_line("Nothing can be taken back.")
    for p in past:
        console.print_line(f"{p.number:4}  {p.command}  ({len(p.files)} files)")
    return 0
