"""Lines of a model for the rows that refer to it."""

from collections.abc import Iterable, Iterator

from fastgen.catalog.resource_facts import ModelStyle
from fastgen.resources.back_references import BackReference
from fastgen.resources.lines.pairs import arguments_of_pairs, populating, relation


def back_lines(
    target: str, backs: Iterable[BackReference], style: ModelStyle
) -> Iterator[str]:
    """The relationships of the model `target`, whose other sides are `backs`."""
    for back in backs:
        annotation = f'list["{back.source}"]'
        yield relation(back.name, annotation, _arguments(target, back), style)


def _arguments(target: str, back: BackReference) -> Iterator[tuple[str, str]]:
    if found := back.association:
        # The model of another resource cannot be imported, and neither can its table.
        secondary = found.table if back.source == target else f'"{found.table}"'
        yield from arguments_of_pairs(
            found, target, secondary, back.field.name, turned=True
        )
        return
    if back.is_ambiguous:
        yield "foreign_keys", f'"{back.source}.{back.field.column}"'
    yield from populating(back.field.name)
    yield "lazy", '"raise"'
    # The database decides what becomes of the rows.
    yield "passive_deletes", '"all"'
