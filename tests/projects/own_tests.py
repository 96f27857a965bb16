"""The test files that modules bring, each in the smallest project that has it: once for
every module, and for every value of its options."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Condition, Module, Variant, value_text
from fastgen.spec.side import module_options

from .matrix import Row, choices

Settings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class OwnTests:
    """A module's test files, and the project that they run in."""

    module: str
    row: Row
    files: Sequence[str]

    def __str__(self) -> str:
        """The name in a report: `auth: auth[totp]-core`."""
        return f"{self.module}: {self.row}"


def own_tests(catalog: Catalog) -> list[OwnTests]:
    """The runs in which every test file of a module runs, with every value."""
    found: dict[tuple[str, str], OwnTests] = {}
    for module in catalog.modules.values():
        for settings, files in _runs(module):
            row = smallest_row(catalog, module, settings)
            if names := files or files_in(module, row):
                run = OwnTests(module.name, row, names)
                found.setdefault((module.name, str(row)), run)
    return [*found.values()]


def _runs(module: Module) -> Iterator[tuple[Settings, list[str]]]:
    """Values of options, and the files that run with them, where these are not all: all
    run with the defaults and with each value; with several values at once, those that
    need them."""
    yield {}, []
    for option, values in choices(module).items():
        for value in values:
            yield {module.name: {option: value}}, []
    for variant in module.variants:
        if variant.conditions and (files := _own_files(variant)):
            yield _needed(module, variant.conditions), files


def _needed(module: Module, conditions: Sequence[Condition]) -> Settings:
    """The options that conditions name; a bridge's say whose, as in `auth.totp`."""
    needed: dict[str, dict[str, str]] = {}
    for condition in conditions:
        name, _, option = condition.option.rpartition(".")
        needed.setdefault(name or module.name, {})[option] = condition.value
    return needed


def smallest_row(catalog: Catalog, module: Module, settings: Settings) -> Row:
    """The project with nothing but the module, or the ends of a bridge, and what they
    require; with the options `settings`, and defaults."""
    return Row(
        {
            name: {
                option: settings.get(name, {}).get(option, value_text(known.default))
                for option, known in catalog[name].options.items()
            }
            for name in catalog.with_required(module.bridges or [module.name])
        }
    )


def files_in(module: Module, row: Row) -> list[str]:
    """The module's own test files in the project of `row`, by their paths there."""
    chosen = module.chosen(module_options(module, row.spec))
    return sorted({file for variant in chosen for file in _own_files(variant)})


def _own_files(variant: Variant) -> list[str]:
    if variant.files is None:
        return []
    return [
        file.relative_to(variant.files).as_posix().removesuffix(".jinja")
        for file in variant.files.glob("tests/**/test_*.py*")
    ]
