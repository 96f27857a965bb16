"""Presets: named sets of modules that are often used together."""

import tomllib
from dataclasses import dataclass

from fastgen.catalog.sources import templates_folder
from fastgen.errors import WrongUsage
from fastgen.phrases import hint


class UnknownPreset(WrongUsage):
    """Unknown preset {name!r}{hint}. `fastgen list` shows all presets."""


@dataclass(frozen=True)
class Preset:
    name: str
    summary: str
    modules: tuple[str, ...]


def load_presets() -> tuple[Preset, ...]:
    text = (templates_folder() / "presets.toml").read_text("utf-8")
    return tuple(
        Preset(name, table["summary"], tuple(table["modules"]))
        for name, table in sorted(tomllib.loads(text).items())
    )


def preset_modules(name: str) -> tuple[str, ...]:
    """The modules of the preset `name`. Raises UnknownPreset."""
    presets = {preset.name: preset for preset in load_presets()}
    if name not in presets:
        raise UnknownPreset(name=name, hint=hint(name, presets, cutoff=0.6))
    return presets[name].modules
