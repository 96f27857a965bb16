"""The state of each file that fastgen wrote: unchanged, edited, moved or deleted."""

from dataclasses import dataclass
from enum import StrEnum

from fastgen.change.inputs import rendered_to_read, styled, with_moves, with_users_files
from fastgen.change.request import unchanged
from fastgen.project.reading import Project
from fastgen.tree import Entry, File


class State(StrEnum):
    PRISTINE = "pristine"
    EDITED = "edited"
    MOVED = "moved"
    DELETED = "deleted"


@dataclass(frozen=True)
class Surveyed:
    """A rendered file, and the user's version of it.

    `place` is the path of the user's file. A moved file may also be edited.
    """

    path: str
    state: State
    entry: Entry
    file: File | None
    place: str


def survey(project: Project) -> tuple[Surveyed, ...]:
    """All files that fastgen wrote, by path, with their states. Changes nothing."""
    inputs = rendered_to_read(unchanged(project))
    inputs = with_moves(styled(with_users_files(inputs)))
    places = {path: inputs.followed.files.get(path, path) for path in inputs.base}
    return tuple(
        _surveyed(path, entry, places[path], inputs.user.get(places[path]))
        for path, entry in sorted(inputs.base.items())
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
