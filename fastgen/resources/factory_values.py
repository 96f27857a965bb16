"""Generated values of unique fields in a factory: distinct from each other and from the
values in the tests."""

from collections.abc import Iterator

from fastgen.resources.resource import Field
from fastgen.resources.samples import bounds, first_steps, matching_texts, steps

DISTINCT = 40
"""The required number of values: more than a test has rows."""

_HEX = 32
"""The number of hexadecimal digits of a UUID."""

_MANY = 1_000_000
"""The number of values from which random values count as distinct."""


def distinct_values(field: Field, *, hidden: bool) -> Iterator[str]:
    """The line of the factory for `field`; none if the factory's own values suffice.
    `hidden` tells whether the file has a model called Use."""
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
    """Whether a unique field has enough possible values."""
    match field.kind:
        case "str" if field.pattern is not None:
            return len(matching_texts(field)) >= DISTINCT + 2
        case "str":
            return bounds(field)[1] >= 4
        case "int" | "bigint" | "decimal":
            low, high = steps(field)
            return high - low > 2 * DISTINCT + 2
    return True
