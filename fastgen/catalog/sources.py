"""The sources of modules: fastgen itself, installed packages and git repositories."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.claims import check_claims
from fastgen.catalog.load import Modules
from fastgen.catalog.packages import package_folders
from fastgen.errors import NeedsPerson


class NameTaken(NeedsPerson):
    """Two modules are called {name}, one in {first} and one in {second}; one of them
    has to be renamed."""


def templates_folder() -> Path:
    """The folder of built-in modules: in the wheel, or next to the package in a
    checkout."""
    package = Path(__file__).parents[1]
    shipped = package / "templates"
    return shipped if shipped.is_dir() else package.parent / "templates"


def load_catalog(sources: Mapping[str, str] | None = None) -> Catalog:
    """The catalog of built-in modules, modules of installed packages, and `sources`.

    `sources` maps the names of modules to their sources. Raises the errors of
    `catalog_of` and `fetched`.
    """
    folders = [*module_folders(templates_folder())]
    for folder, name in package_folders():
        folders += module_folders(folder, name)
    if sources:
        from fastgen.catalog.git_source import fetched, source_of

        for source in map(source_of, sources.values()):
            folders.append((fetched(source), str(source)))
    return catalog_of(folders)


def catalog_of(folders: Iterable[tuple[Path, str]]) -> Catalog:
    """The catalog of the modules in `folders`, each with its source.

    Raises BrokenModule, NameTaken and ClaimedTwice.
    """
    found: dict[str, tuple[Path, str]] = {}
    for folder, source in folders:
        if folder.name in found:
            first, _ = found[folder.name]
            raise NameTaken(name=folder.name, first=first, second=folder)
        found[folder.name] = folder, source
    catalog = Catalog(Modules(dict(sorted(found.items()))))
    if any(source for _, source in found.values()):
        check_claims(catalog)  # a test checks the built-in modules
    return catalog


def module_folders(parent: Path, source: str = "") -> Iterator[tuple[Path, str]]:
    """The folders of modules directly in `parent`, each with `source`."""
    for folder in sorted(parent.iterdir()):
        if (folder / "module.toml").is_file():
            yield folder, source


def is_source(text: str) -> bool:
    return text.startswith("git+")
