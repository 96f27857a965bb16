"""`fastgen show`."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from fastgen import __version__
from fastgen.catalog.module import CORE, Module
from fastgen.catalog.sources import load_catalog
from fastgen.cli.command import current_project
from fastgen.cli.completion import modules
from fastgen.cli.flags import Json
from fastgen.cli.list_modules import module_json
from fastgen.cli.root import NotAProject
from fastgen.names import PYTHONS
from fastgen.output import console
from fastgen.render.render import project_facts, rendered_tree
from fastgen.spec.edits import with_modules, without_modules
from fastgen.spec.resource_edits import with_served_resources
from fastgen.spec.side import Side
from fastgen.spec.spec import first_spec
from fastgen.tree import SPEC_PATH


def show(
    module: Annotated[
        str,
        typer.Argument(help="A name from `fastgen list`.", autocompletion=modules),
    ],
    as_json: Json = False,
) -> int:
    """Say what a module would add.

    Its files, dependencies, settings and options; inside of a project, what it would
    add there.
    """
    try:
        side = current_project().side
    except NotAProject:
        spec = first_spec("myapi", "", PYTHONS[0], __version__)
        side = Side(spec, load_catalog())
    found = side.catalog[module]
    described = _described(found, side)
    if as_json:
        console.print_json({"command": "show", "exit_code": 0} | described)
    else:
        _print(found, described)
    return 0


def _described(module: Module, side: Side) -> dict[str, Any]:
    spec, catalog = side.spec, side.catalog
    after = with_modules(side, [module.name])
    users = [
        name
        for name in after.spec.modules
        if module.name in catalog.with_required([name])
    ]
    if module.name == CORE:
        before = side.emptied()
    elif module.name in spec.modules:
        before = without_modules(after, users)
    else:
        before = with_modules(side, [])
    # Remove resources that require the module from both sides, so that the sides differ
    # only in the module.
    before = with_served_resources(before)
    after = after.with_spec(replace(after.spec, resources=before.spec.resources))
    old, new = rendered_tree(before), rendered_tree(after)
    known, wanted = project_facts(before), project_facts(after)

    def added(kind: str) -> list[Any]:
        present = getattr(known, kind)
        return [fact for fact in getattr(wanted, kind) if fact not in present]

    return module_json(module) | {
        "files": [path for path in new if path not in old],
        "changes": [
            path
            for path in new
            if path in old and path != SPEC_PATH and new[path] != old[path]
        ],
        "dependencies": added("dependencies"),
        "dev_dependencies": added("dev_dependencies")
        + [found.requirement for found in added("group_dependencies")],
        "variables": [variable.name for variable in added("variables")],
        "services": [service.name for service in added("services")],
    }


_TITLES = {
    "requires": "Requires",
    "conflicts": "Cannot be with",
    "files": "Files",
    "changes": "Changes in",
    "dependencies": "Dependencies",
    "dev_dependencies": "For development",
    "variables": "Environment variables",
    "services": "Services",
}


def _print(module: Module, described: dict[str, Any]) -> None:
    console.print_line(f"{module.name}: {module.summary}")
    if module.options:
        console.print_line("\nOptions")
        for option in module.options.values():
            console.print_line(f"  {option.name}  {option.summary}: {option.valid}")
    if module.generators:
        console.print_line("\nGenerates")
        for generator in module.generators.values():
            console.print_line(f"  {generator.kind}  {generator.summary}")
    for key, title in _TITLES.items():
        if described[key]:
            console.print_line(f"\n{title}")
            for item in described[key]:
                console.print_line(f"  {item}")
