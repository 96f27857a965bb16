"""Symbolic links in a project, and their targets."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePosixPath

from fastgen.errors import NeedsPerson
from fastgen.merge.moves import moved_path
from fastgen.plan import Finding, Plan
from fastgen.tools.ruff import CONFIGURATIONS
from fastgen.tree import SPEC_PATH

_KEPT = frozenset({*CONFIGURATIONS, SPEC_PATH})
"""Files that are always read at their own path."""


class LinkLeavesProject(NeedsPerson):
    """{link} is a symbolic link that leads out of the project, and fastgen writes
    nothing there: replace it by a real folder."""


@dataclass(frozen=True)
class Links:
    """The user's symbolic links at paths of a render."""

    files: Mapping[str, str] = field(default_factory=dict)
    """The target file of each linked path. Such a file counts as moved: fastgen writes
    the target, and the link stays."""
    folders: Mapping[str, str] = field(default_factory=dict)
    """The target folder of each linked folder."""
    closed: frozenset[str] = frozenset()
    """Links that are broken, leave the project, or refer to another file of the
    render."""

    def named_path(self, path: str) -> str:
        """The path in the render of the target file `path`, by which imports and other
        programs know it."""
        for link, target in self.files.items():
            if target == path:
                return link
        return moved_path(path, {target: link for link, target in self.folders.items()})

    def with_names(self, plan: Plan) -> Plan:
        """`plan` with the paths of the render, by which imports know its files."""
        if not (self.files or self.folders):
            return plan
        changes = (
            replace(
                change,
                path=self.named_path(change.path),
                source=change.source and self.named_path(change.source),
            )
            for change in plan.changes
        )
        conflicts = (replace(c, path=self.named_path(c.path)) for c in plan.conflicts)
        return replace(plan, changes=tuple(changes), conflicts=tuple(conflicts))

    def with_places(self, named: Plan, plan: Plan) -> Plan:
        """`named`, a result of `with_names`, with the real paths of `plan`."""
        changes = tuple(
            replace(new, path=change.path, source=change.source)
            for new, change in zip(named.changes, plan.changes, strict=True)
        )
        return replace(named, changes=changes, conflicts=plan.conflicts)

    def named_in(self, plan: Plan) -> Plan:
        """`plan`, with a message for each finding at a closed link.

        Raises LinkLeavesProject if the plan would write through a closed link.
        """
        for change in plan.writes:
            for folder in PurePosixPath(change.path).parents:
                if str(folder) in self.closed:
                    raise LinkLeavesProject(link=folder)
        return replace(plan, findings=tuple(map(self._named, plan.findings)))

    def _named(self, finding: Finding) -> Finding:
        if finding.path not in self.closed:
            return finding
        message = (
            "it is a symbolic link, and fastgen does not write to where it leads, so it"
            " does not get what fastgen would add"
        )
        return replace(finding, message=message)


def links_at(root: Path, paths: Collection[str]) -> Links:
    """The links at `paths` of a render and at their parent folders."""
    real_root = Path(os.path.realpath(root))
    links = [path for path in paths if path not in _KEPT and (root / path).is_symlink()]
    folders = _linked_folders(root, paths)
    if not links and not folders:
        return Links()
    found = {path: _inside(root / path, real_root) for path in links}
    behind = {path: _inside(root / path, real_root) for path in folders}
    for path in paths:
        if any(str(folder) in folders for folder in PurePosixPath(path).parents):
            found[path] = _inside(root / path, real_root)
    files = {
        path: target
        for path, target in found.items()
        if target and target not in paths and (root / target).is_file()
    }
    return Links(
        files,
        {path: target for path, target in behind.items() if target},
        frozenset(
            [path for path in links if path not in files]
            + [path for path, target in behind.items() if not target]
        ),
    )


def _linked_folders(root: Path, paths: Collection[str]) -> set[str]:
    @cache
    def is_link(folder: str) -> bool:
        return (root / folder).is_symlink()

    around = {folder for path in paths for folder in PurePosixPath(path).parents}
    return {
        str(folder) for folder in around if str(folder) != "." and is_link(str(folder))
    }


def _inside(place: Path, root: Path) -> str | None:
    """The path of `place`'s target relative to `root`; None if it is outside."""
    real = Path(os.path.realpath(place))
    return real.relative_to(root).as_posix() if real.is_relative_to(root) else None
