"""The dotted names by which the user's files are imported."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from fastgen.change.inputs import Inputs
from fastgen.change.rename_leftovers import MIGRATION
from fastgen.merge.renames.modules import TEST_SOURCES
from fastgen.merge.renames.reexports import SourceModule
from fastgen.merge.scopes.imports import SOURCES
from fastgen.project.links import Links
from fastgen.tools.python_modules import INIT
from fastgen.tree import Files


@dataclass(frozen=True)
class ModuleNames:
    """The names of modules, by their paths."""

    roots: tuple[str, ...] = (SOURCES, TEST_SOURCES)
    """The folders in which imports start. pytest puts the tests' folder on the path."""
    links: Links = field(default_factory=Links)

    @classmethod
    def of(cls, inputs: Inputs) -> "ModuleNames":
        """The module names in the user's project."""
        packages = (PurePosixPath(path).parent for path in inputs.base)
        package = next((p for p in packages if str(p.parent) == SOURCES), None)
        if package is None:
            return cls(links=inputs.links)
        root = PurePosixPath(inputs.followed.path(f"{package}/{INIT}")).parents[1]
        return cls((str(root), SOURCES, TEST_SOURCES), inputs.links)

    def at(self, path: str) -> str:
        """The dotted name of the module or package at `path`."""
        place = PurePosixPath(self.links.named_path(path).removesuffix(".py"))
        place = place.parent if f"{place.name}.py" == INIT else place
        root = next((r for r in self.roots if place.is_relative_to(r)), ".")
        return ".".join(place.relative_to(root).parts)

    def of_code(self, code: Files) -> Iterator[SourceModule]:
        """The modules of the user's Python files, without migrations."""
        for path, file in code.items():
            if MIGRATION not in file.content:
                text = file.content.decode(errors="replace")
                yield SourceModule(self.at(path), text, path.endswith(INIT))
