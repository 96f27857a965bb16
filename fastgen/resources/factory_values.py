"""How a factory makes the values of a unique field: no two alike, and none of those
that the tests give by hand."""

from collections.abc import Iterator

from fastgen.resources.resource import Field
from fastgen.resources.samples import bounds, first_steps, matching_texts, steps

DISTINCT = 40
"""How many values there have to be: more than rows in a test."""

_HEX = 32
"""Digits of a UUID."""

_MANY = 1_000_000
"""Of so many, no two that are drawn at random are the same."""


def distinct_values(field: Field, *, hidden: bool) -> Iterator[str]:
    """A line of the factory; none where what it draws by itself will do. `hidden`:
    whether a model of the file is called Use."""
    if value := _source(field):
        use = "polyfactory.Use" if hidden else "Use"
        yield f"{field.column} = {use}({value})"


def _source(field: Field) -> str:
    match field.kind:
        case "str" if field.pattern is not None:
            return f"cycle({matching_texts(field)[2 : DISTINCT + 2]}).__next__"
        case "str":
            return _text(*bounds(field))
        case "email":
            return 'lambda: f"{uuid4().hex}@example.com"'
        case "url":
            return 'lambda: f"https://example.com/{uuid4().hex}"'
        case "int" | "bigint" | "decimal":
            return _number(field)
        case "date":
            return "lambda: date.fromordinal(randint(1, date.max.toordinal()))"
        case "time":
            parts = (
                "randint(0, 23), randint(0, 59), randint(0, 59), randint(0, 999_999)"
            )
            return f"lambda: time({parts})"
    return ""


def _text(least: int, most: int) -> str:
    if most < _HEX // 2:
        return f'map("{{:0{most}x}}".format, count()).__next__'
    cut = f"[:{most}]" if most < _HEX else ""
    wide = f'.ljust({least}, "x")' if least > _HEX else ""
    return f"lambda: uuid4().hex{cut}{wide}"


def _number(field: Field) -> str:
    low, high = steps(field)
    one, other = sorted(first_steps(field))
    start, stop = (other + 1, high) if high - other >= DISTINCT else (low, one - 1)
    drawn = f"randint({start}, {stop})"
    every = f"range({start}, {stop + 1})"
    if field.kind == "decimal":
        shift = f"scaleb(-{field.arguments[1]})"
        drawn = f"Decimal({drawn}).{shift}"
        every = f"Decimal(n).{shift} for n in {every}"
    return f"lambda: {drawn}" if stop - start > _MANY else f"cycle({every}).__next__"


def has_enough_values(field: Field) -> bool:
    """Whether a unique field has them."""
    match field.kind:
        case "str" if field.pattern is not None:
            return len(matching_texts(field)) >= DISTINCT + 2
        case "str":
            return bounds(field)[1] >= 4
        case "int" | "bigint" | "decimal":
            low, high = steps(field)
            return high - low > 2 * DISTINCT + 2
    return True
