"""A command with options that modules declare: accesses and flags of resources."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption

from fastgen.cli.completion import catalog_here

_CHOSEN = "fastgen.module_options"


class WithModuleOptions(TyperCommand):
    """Takes the options of modules beside its own; `chosen_options` has those given."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 (Typer hides the type)
        return [*super().get_params(ctx), *_options()]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        names = [option.name for option in _options() if ctx.params.pop(option.name)]
        ctx.meta[_CHOSEN] = [str(name).replace("_", "-") for name in names]
        return super().invoke(ctx)


def chosen_options(context: typer.Context) -> list[str]:
    """The options of modules that the command was given, without their dashes."""
    return list(context.meta[_CHOSEN])


@cache
def _options() -> tuple[TyperOption, ...]:
    return tuple(
        TyperOption(param_decls=[f"--{name}"], is_flag=True, help=f"{summary}.")
        for name, summary in _declared()
    )


def _declared() -> Iterator[tuple[str, str]]:
    from fastgen.resources.accesses import accesses_of

    catalog = catalog_here()
    found = accesses_of(catalog.modules.values() if catalog else ())
    for access in found.accesses:
        if not access.scope:  # --owned-by chooses one of the others
            yield access.name, access.summary
    for flag in found.flags:
        yield flag.name, flag.summary
