"""The request of a command: the project, and the two sides of its change."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from fastgen.migrations.kept_tables import with_kept
from fastgen.project.reading import Project
from fastgen.resources.fill import Fill
from fastgen.spec.rename_edits import Rename
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec


@dataclass(frozen=True)
class Request:
    """A change of the project at `root` from `old` to `new`."""

    root: Path
    """The folder of the project."""
    old: Side
    """The project's side; empty for a new project."""
    new: Side
    """The side after the change."""
    recorded: Spec | None = None
    """The spec in fastgen.toml. If the user renamed the package, it has the old
    name."""
    spec_file: str = ""
    """The user's fastgen.toml as text."""
    drop: frozenset[str] = frozenset()
    """The modules and resources whose tables are dropped."""
    markers: bool = False
    """Whether conflicts are written into the files."""
    delete_edited: bool = False
    """Whether edited files are deleted with their module or resource."""
    rename: Rename | None = None
    """The new name of a resource or a field, if the command renames one."""
    fill: Fill | None = None
    """The value that existing rows get for a new field, if the command gives one."""

    @property
    def changes_nothing(self) -> bool:
        return self.new.spec == self.recorded == self.old.spec


def creation(root: Path, side: Side) -> Request:
    """The request for a new project."""
    return Request(root, side.emptied(), side)


def unchanged(project: Project) -> Request:
    """The request that leaves the project as it is."""
    side = project.side
    return Request(project.root, side, side, project.recorded, project.text)


def change_of(
    project: Project,
    new: Side,
    *,
    old: Side | None = None,
    markers: bool = False,
    delete_edited: bool = False,
    drop: Collection[str] = (),
    rename: Rename | None = None,
    fill: Fill | None = None,
) -> Request:
    """The request that changes `project` to `new`.

    Tables that `new` no longer has are kept in the database, except those of the
    modules and resources in `drop`. `old` is the side that the files match, if
    fastgen.toml is ahead of them.
    """
    if rename:
        new = _with_renamed_tables(project.side, new, rename)
    elif new != project.side or drop:
        new = with_kept(project.side, new, drop)
    return Request(
        root=project.root,
        old=old or project.side,
        new=new,
        recorded=project.recorded,
        spec_file=project.text,
        drop=frozenset(drop),
        markers=markers,
        delete_edited=delete_edited,
        rename=rename,
        fill=fill,
    )


def _with_renamed_tables(old: Side, new: Side, rename: Rename) -> Side:
    """`new` whose kept tables refer to the resource by its new name. The renamed table
    is not kept under its old name."""
    new = with_kept(old, new, [rename.resource.name])
    kept = {t: rename.kept_text(text) for t, text in new.spec.kept.items()}
    return new.with_spec(replace(new.spec, kept=kept))
