"""A command with options that modules declare: accesses and flags of resources."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption

from fastgen.cli.completion import catalog_here

_OPTIONS, _CHOSEN = "fastgen.module_options", "fastgen.chosen_options"


class WithModuleOptions(TyperCommand):
    """Takes the options of modules beside its own; `chosen_options` has those given."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (Typer hides the type)
        own = {option for param in self.get_params(ctx) for option in param.opts}
        given = {arg.partition("=")[0] for arg in args if arg.startswith("-")}
        # To read all modules takes time, so only when it is necessary.
        needed = given - own or given & {*ctx.help_option_names}
        ctx.meta[_OPTIONS] = _options() if needed or ctx.resilient_parsing else ()
        return super().parse_args(ctx, args)

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401
        return [*super().get_params(ctx), *ctx.meta.get(_OPTIONS, ())]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        options = ctx.meta[_OPTIONS]
        names = [option.name for option in options if ctx.params.pop(option.name)]
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
