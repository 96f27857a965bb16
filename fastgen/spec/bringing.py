"""Commands that add the module or option of a missing declaration."""

from collections.abc import Callable
from dataclasses import dataclass

from fastgen.catalog.module import Module, Variant
from fastgen.phrases import in_words, plural
from fastgen.spec.side import Side

Wanted = Callable[[Variant], bool]


@dataclass(frozen=True)
class Bringing:
    """The requirement of a declaration, in words, and the command that adds it."""

    needed: str
    command: str


def bringing(side: Side, wanted: Wanted) -> Bringing | None:
    """The first module or option in the catalog with a `wanted` variant; None if no
    variant is wanted."""
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
    """The options that enable `variant` of `module`, each as `MODULE.OPTION=VALUE`."""
    of = "" if module.bridges else f"{module.name}."
    return [f"{of}{c.option}={c.value}" for c in variant.conditions]
