"""A command with options that modules declare: accesses and flags of resources."""

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperOption

from fastgen.catalog.resource_facts import OWNERS
from fastgen.cli.completion import catalog_here

if TYPE_CHECKING:
    from fastgen.resources.accesses import Accesses

OWNED_BY = "owned_by"
"""The parameter of `generate resource` that names a scope."""

_OPTIONS, _CHOSEN = "fastgen.module_options", "fastgen.chosen_options"
_OWNERS = "fastgen.owners"


class WithModuleOptions(TyperCommand):
    """Takes the options of modules beside its own; `chosen_options` has those given."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (Typer hides the type)
        own = {option for param in self.get_params(ctx) for option in param.opts}
        given = {arg.partition("=")[0] for arg in args if arg.startswith("-")}
        # To read all modules takes time, so only when it is necessary.
        needed = given - own or given & {*ctx.help_option_names}
        declared = _declared() if needed or ctx.resilient_parsing else None
        ctx.meta[_OPTIONS] = _options(declared) if declared else ()
        ctx.meta[_OWNERS] = _owners(declared) if declared else ""
        return super().parse_args(ctx, args)

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401
        own: list[Any] = super().get_params(ctx)
        for param in own:
            if param.name == OWNED_BY:
                param.help = ctx.meta.get(_OWNERS)
        return [*own, *ctx.meta.get(_OPTIONS, ())]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        options = ctx.meta[_OPTIONS]
        chosen = [option for option in options if ctx.params.pop(option.name)]
        ctx.meta[_CHOSEN] = [option.opts[0].removeprefix("--") for option in chosen]
        return super().invoke(ctx)


def chosen_options(context: typer.Context) -> list[str]:
    """The options of modules that the command was given, without their dashes."""
    return list(context.meta[_CHOSEN])


def _declared() -> "Accesses":
    from fastgen.resources.accesses import accesses_of

    catalog = catalog_here()
    return accesses_of(catalog.modules.values() if catalog else ())


def _options(declared: "Accesses") -> tuple[TyperOption, ...]:
    # --owned-by chooses the accesses with a scope.
    found = {a.name: a.summary for a in declared.accesses if not a.scope}
    found |= {flag.name: flag.summary for flag in declared.flags}
    return tuple(
        TyperOption(
            # A parameter of the command may be called like the option.
            param_decls=[f"--{name}", f"module_option_{number}"],
            is_flag=True,
            help=f"{summary}.",
        )
        for number, (name, summary) in enumerate(found.items())
    )


def _owners(declared: "Accesses") -> str:
    """The help of --owned-by, with the accesses that it chooses from."""
    owned = [a for a in declared.accesses if a.scope and a.readers == OWNERS]
    return " ".join(f"{access.scope}: {access.summary}." for access in owned)
