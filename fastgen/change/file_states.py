"""What became of the files that fastgen once wrote."""

from dataclasses import dataclass
from enum import StrEnum

from fastgen.change.inputs import rendered_pair, user_files
from fastgen.merge.moves import user_moves
from fastgen.merge.user_style import in_user_style
from fastgen.project.reading import Project
from fastgen.tree import Entry, File


class State(StrEnum):
    PRISTINE = "pristine"
    EDITED = "edited"
    MOVED = "moved"
    DELETED = "deleted"


@dataclass(frozen=True)
class Surveyed:
    """A file of the templates, and the user's file that it is now.

    `place` is where it lies, if it was moved; a moved file may be edited as well.
    """

    path: str
    state: State
    entry: Entry
    file: File | None
    place: str


def survey(project: Project) -> tuple[Surveyed, ...]:
    """Every file that fastgen wrote, by path, and its state. Reads only."""
    base, _ = rendered_pair(project, project.spec, project.spec)
    user = user_files(project.root, base, {})
    base, _ = in_user_style(base, {}, user)
    moves = user_moves(base, user) if base.keys() - user.keys() else {}
    return tuple(
        _surveyed(path, entry, moves.get(path, path), user.get(moves.get(path, path)))
        for path, entry in sorted(base.items())
    )


def _surveyed(path: str, entry: Entry, place: str, file: File | None) -> Surveyed:
    if file is None:
        state = State.DELETED
    elif place != path:
        state = State.MOVED
    elif file.content.replace(b"\r\n", b"\n") == entry.content:
        state = State.PRISTINE
    else:
        state = State.EDITED
    return Surveyed(path, state, entry, file, place)
