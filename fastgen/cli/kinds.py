"""The subcommands of `generate`: fastgen's own, and one for each kind of a module."""

from functools import cached_property
from typing import Any

from typer.core import TyperGroup

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.sources import load_catalog
from fastgen.cli.command import current_project
from fastgen.cli.completion import catalog_here


class Kinds(TyperGroup):
    """A command group with an additional command for each kind that a module
    declares."""

    @cached_property
    def catalog(self) -> Catalog:
        """The available modules. If the project cannot be read, the built-in modules;
        the command then reports the error."""
        return catalog_here() or load_catalog()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 (Typer hides it)
        kinds = [kind for kind in self.catalog.generating if kind != RESOURCE_KIND]
        return [*super().list_commands(ctx), *sorted(kinds)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        if own := super().get_command(ctx, cmd_name):
            return own
        if cmd_name not in self.catalog.generating:
            if ctx.resilient_parsing:  # shell completion
                return None
            current_project()  # report an error in the project first
        from fastgen.cli.generate_kind import kind_command

        return kind_command(self.catalog.generator(cmd_name))
