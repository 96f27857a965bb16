"""`--fill`: the value of existing rows for a field that becomes required."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from fastgen.errors import WrongUsage
from fastgen.phrases import counted
from fastgen.resources.grammar import BadField, parse_fields
from fastgen.resources.resource import Field


class UnusableFill(WrongUsage):
    """The value of --fill cannot be used: {problem}."""


@dataclass(frozen=True)
class Fill:
    resource: str
    """The name of the resource."""
    field: Field
    """The field with the value as its default."""


def fill_of(resource: str, fields: Collection[Field], text: str) -> Fill:
    """The fill for the one field in `fields` that is required without a default. `text`
    is the value. Raises UnusableFill."""
    needing = [f for f in fields if f.required]
    if len(needing) != 1:
        count = counted(len(needing), "such field")
        problem = (
            "it is for one required field without a default, and this command has"
            f" {count}"
        )
        raise UnusableFill(problem=problem)
    if not text.strip():
        raise UnusableFill(problem="it is blank, which the API refuses")
    try:
        (filled,) = parse_fields([replace(needing[0], default=text).text])
    except BadField as error:
        raise UnusableFill(problem=error.facts["problem"]) from None
    return Fill(resource, filled)
