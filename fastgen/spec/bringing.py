"""The commands that add a module or an option whose declarations a project lacks."""

from collections.abc import Callable
from dataclasses import dataclass

from fastgen.catalog.module import Module, Variant
from fastgen.phrases import in_words, plural
from fastgen.spec.side import Side

Wanted = Callable[[Variant], bool]


@dataclass(frozen=True)
class Bringing:
    """What a project needs for a declaration, in words, and the command for it."""

    needed: str
    command: str


def bringing(side: Side, wanted: Wanted) -> Bringing | None:
    """The first module or option of the catalog whose declarations are `wanted`."""
    for module in side.catalog.modules.values():
        for variant in filter(wanted, module.variants):
            settings = settings_of(module, variant)
            ends = module.bridges or (module.name,)
            missing = [end for end in ends if end not in side.spec.modules]
            if not missing:
                command = " ".join(["fastgen set", *settings])
                return Bringing(in_words(settings), command)
            chosen = [word for setting in settings for word in ("--set", setting)]
            with_ = f" with {in_words(settings)}" if settings else ""
            return Bringing(
                f"the {plural('module', len(missing))} {in_words(missing)}{with_}",
                " ".join(["fastgen add", *missing, *chosen]),
            )
    return None


def settings_of(module: Module, variant: Variant) -> list[str]:
    """The options under which `variant` of `module` holds, each as
    `MODULE.OPTION=VALUE`."""
    of = "" if module.bridges else f"{module.name}."
    return [f"{of}{c.option}={c.value}" for c in variant.conditions]
