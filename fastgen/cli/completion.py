"""Shell completion for the next word of a command."""

from collections.abc import Sequence

import typer

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.generators import FIELD_KIND, RESOURCE_KIND
from fastgen.catalog.sources import load_catalog
from fastgen.cli.root import NotAProject, current_folder, find_root
from fastgen.errors import Refusal
from fastgen.project.reading import Project, load_project
from fastgen.spec.specfile import read_table, sources_of
from fastgen.tree import SPEC_PATH


def other_modules() -> Sequence[str]:
    """The modules that are not in the project."""
    project, catalog = _surroundings()
    there = project.spec.modules if project else ()
    return [name for name in catalog.names if name not in there] if catalog else []


def modules() -> Sequence[str]:
    _, catalog = _surroundings()
    return catalog.names if catalog else ()


def removable(context: typer.Context) -> Sequence[str]:
    """Modules of the project and kinds of items; after a kind, names of its items."""
    project, _ = _surroundings()
    if project is None:
        return ()
    match context.params.get("modules") or []:
        case []:
            kinds = [RESOURCE_KIND, FIELD_KIND] if project.spec.resources else []
            kinds += sorted({item.kind for item in project.spec.generated})
            return [*kinds, *project.spec.modules]
        case [kind, *_] if items := _items(project, kind):
            return items
        case ["field", name, *_] if name in project.spec.resources:
            return [*project.spec.resources[name].by_name]
        case ["resource", *_] | ["field"]:
            return [*project.spec.resources]
        case _:
            return [*project.spec.modules]


def _items(project: Project, kind: str) -> list[str]:
    return [item.name for item in project.spec.generated if item.kind == kind]


def resources() -> Sequence[str]:
    project, _ = _surroundings()
    return [*project.spec.resources] if project else ()


def fields_of_resource(context: typer.Context) -> Sequence[str]:
    """The fields of the resource in the words before."""
    project, _ = _surroundings()
    name = context.params.get("resource", "")
    known = project.spec.resources.get(name) if project else None
    return [*known.by_name] if known else []


def catalog_here() -> Catalog | None:
    """The available modules in the current folder; None if its project cannot be
    read."""
    try:
        root = find_root(current_folder())
        return load_catalog(sources_of(read_table((root / SPEC_PATH).read_text())))
    except NotAProject:
        return load_catalog()
    except (OSError, UnicodeDecodeError, Refusal):
        return None


def _surroundings() -> tuple[Project | None, Catalog | None]:
    """The project of the current folder and its modules, None where they cannot be
    read. The command itself reports errors when it runs."""
    try:
        project = load_project(find_root(current_folder()))
    except NotAProject:
        return None, load_catalog()
    except Refusal:
        return None, None
    return project, project.catalog
