"""Options of a command that modules declare: accesses and flags of resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperOption

from fastgen.catalog.resource_facts import OWNERS
from fastgen.cli.completion import catalog_here

if TYPE_CHECKING:
    from fastgen.catalog.resource_facts import Access, Flag
    from fastgen.resources.accesses import Accesses

OWNED_BY = "owned_by"
"""The parameter of `generate resource` that names a scope."""

_OPTIONS, _CHOSEN = "fastgen.module_options", "fastgen.chosen_options"
_OWNERS = "fastgen.owners"


class WithModuleOptions(TyperCommand):
    """A command that also accepts options of modules; `chosen_options` returns them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (Typer hides the type)
        own = {option for param in self.get_params(ctx) for option in param.opts}
        given = {arg.partition("=")[0] for arg in args if arg.startswith("-")}
        # Reading all modules is slow, so do it only if needed.
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
    """The given options of modules, without dashes."""
    return list(context.meta[_CHOSEN])


@dataclass(frozen=True)
class _Declared:
    """The declarations of all modules, and the conditions of each by name."""

    accesses: "Accesses"
    conditions: Mapping[str, str]

    def summary(self, declared: "Access | Flag") -> str:
        """The summary of an access or flag, with its conditions."""
        condition = self.conditions[declared.name]
        return declared.summary + (f" (with {condition})" if condition else "")


def _declared() -> _Declared | None:
    from fastgen.spec.declared import conditions_of, declared_in

    catalog = catalog_here()
    if catalog is None:
        return None
    every = declared_in(catalog)
    names = [*every.names, *(flag.name for flag in every.flags)]
    return _Declared(every, {name: conditions_of(catalog, name) for name in names})


def _options(declared: _Declared) -> tuple[TyperOption, ...]:
    # --owned-by chooses the accesses with a scope.
    unowned = [a for a in declared.accesses.accesses if not a.scope]
    found = {each.name: declared.summary(each) for each in unowned}
    flags = declared.accesses.flags
    found |= {flag.name: declared.summary(flag) for flag in flags}
    return tuple(
        TyperOption(
            # Avoids a collision with a parameter of the command.
            param_decls=[f"--{name}", f"module_option_{number}"],
            is_flag=True,
            help=f"{summary}.",
        )
        for number, (name, summary) in enumerate(found.items())
    )


def _owners(declared: _Declared) -> str:
    """The help of --owned-by, with the available accesses."""
    every = declared.accesses.accesses
    owned = [a for a in every if a.scope and a.readers == OWNERS]
    return " ".join(f"{a.scope}: {declared.summary(a)}." for a in owned)
