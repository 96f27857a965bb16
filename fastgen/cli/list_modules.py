"""`fastgen list`."""

from typing import Any

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module, Option, value_text
from fastgen.catalog.presets import load_presets
from fastgen.catalog.sources import load_catalog
from fastgen.cli.command import current_project
from fastgen.cli.flags import Json
from fastgen.cli.root import NotAProject
from fastgen.output import console


def list_modules(as_json: Json = False) -> int:
    """List all modules; inside of a project, with those it has.

    `fastgen show MODULE` says what one of them would add.
    """
    catalog, chosen = _catalog_here()
    if as_json:
        console.print_json(_as_json(catalog, chosen))
        return 0
    width = max(map(len, catalog.names))
    for name in catalog.names:
        mark = "*" if name in chosen else " "
        console.print_line(f"{mark} {name:<{width}}  {catalog[name].summary}")
        for option in catalog[name].options.values():
            default = value_text(option.default)
            values = f"{option.name}: {option.valid}; {default} by default"
            console.print_line(f"  {'':<{width}}    {values}")
    for preset in load_presets():
        names = ", ".join(preset.modules)
        console.print_line(f"  --preset {preset.name}: {preset.summary} ({names})")
    return 0


def _catalog_here() -> tuple[Catalog, set[str]]:
    """The available modules, and the names of the project's modules."""
    try:
        project = current_project()
    except NotAProject:
        return load_catalog(), set()
    return project.catalog, set(project.spec.modules)


def _as_json(catalog: Catalog, chosen: set[str]) -> dict[str, Any]:
    return {
        "command": "list",
        "exit_code": 0,
        "modules": [
            module_json(catalog[name]) | {"chosen": name in chosen}
            for name in catalog.names
        ],
        "presets": [
            {"name": p.name, "summary": p.summary, "modules": list(p.modules)}
            for p in load_presets()
        ],
    }


def module_json(module: Module) -> dict[str, Any]:
    """A module with its options and generators, for `list` and `show`."""
    return {
        "name": module.name,
        "summary": module.summary,
        "requires": list(module.requires),
        "conflicts": list(module.conflicts),
        "options": [_option_json(option) for option in module.options.values()],
        "generators": [
            {
                "kind": generator.kind,
                "summary": generator.summary,
                "options": [_option_json(o) for o in generator.options.values()],
            }
            for generator in module.generators.values()
        ],
    }


def _option_json(option: Option) -> dict[str, Any]:
    return {
        "name": option.name,
        "summary": option.summary,
        "default": option.default,
        "choices": [True, False] if option.is_flag else list(option.choices),
        "pattern": option.pattern,
    }
