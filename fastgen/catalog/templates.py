"""The template files of a folder and their paths in the project."""

import os
from collections.abc import Mapping
from pathlib import Path

from fastgen.errors import NeedsPerson

JINJA = ".jinja"
SECTIONS = "sections"
"""The folder of sections for files of other modules."""
RESOURCE = "resource"
"""The folder of templates that are rendered for each resource."""
GENERATORS = "generators"
"""The folder of generator templates, with a subfolder for each kind."""

_SKIPPED = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


class LinkInTemplates(NeedsPerson):
    """{path} is a symbolic link, and templates hold none: a link could bring in any
    file of this machine. Put a file in its place."""


class FileClaimedTwice(NeedsPerson):
    """{path} is there with the ending .jinja and without it; one of them has to go."""


def refuse_link(path: Path) -> None:
    """Raise LinkInTemplates if `path` is a symbolic link."""
    if path.is_symlink():
        raise LinkInTemplates(path=path)


def template_paths(folder: Path) -> Mapping[str, Path]:
    """The templates in `folder`, by path in the project, which still contains `myapi`.

    Raises LinkInTemplates and FileClaimedTwice.
    """
    found: dict[str, Path] = {}
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _SKIPPED)
        if Path(where) == folder:  # a variant has these next to its files
            folders[:] = [f for f in folders if f not in (SECTIONS, RESOURCE)]
        for name in sorted([*names, *folders]):
            template = Path(where, name)
            refuse_link(template)
            if name in folders or name.endswith(".pyc"):
                continue
            path = template.relative_to(folder).as_posix().removesuffix(JINJA)
            if path in found:
                raise FileClaimedTwice(path=template)
            found[path] = template
    return dict(sorted(found.items()))
