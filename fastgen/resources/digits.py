"""The pattern of a decimal's text, which JSON Schema cannot say in numbers."""

from collections.abc import Iterator
from decimal import Decimal

from fastgen.resources.resource import Field
from fastgen.resources.samples import number_bounds


def decimal_pattern(field: Field) -> str:
    """What the text of a value matches; exact where the bounds are whole numbers."""
    digits, places = map(int, field.arguments)
    top = Decimal(10) ** (digits - places)
    least, most = number_bounds(field)
    low = -top + 1 if least is None else least
    high = top - 1 if most is None else most
    cut = {low: least is not None, high: most is not None}
    texts: list[str] = []
    if high >= 0:
        texts += _magnitudes(max(low, Decimal(0)), high, places, cut)
    if low < 0:
        span = (
            max(-high, Decimal(0)),
            -low,
            places,
            {-low: cut[low], -high: cut[high]},
        )
        texts += [f"-({'|'.join(_magnitudes(*span))})"]
    return f"^({'|'.join(texts)})$"


def _magnitudes(
    low: Decimal, high: Decimal, places: int, cut: dict[Decimal, bool]
) -> Iterator[str]:
    """Texts from `low` to `high`, neither negative; `cut` where a bound is the last
    value, and not just the last whole number."""
    rest = rf"(\.\d{{1,{places}}})?" if places else ""
    whole = int(high)
    if cut.get(high) and high == whole:
        yield rf"{whole}(\.0{{1,{places}}})?" if places else str(whole)
        whole -= 1
    first = int(low) if low == int(low) else int(low) + 1
    if first > low and places:
        yield rf"{int(low)}\.(?=\d*[1-9])\d{{1,{places}}}"
    if first <= whole:
        yield f"({'|'.join(_between(first, whole))}){rest}"


def _between(low: int, high: int) -> Iterator[str]:
    """Patterns of the whole numbers from `low` to `high`."""
    if low == 0 and {*str(high)} == {"9"}:
        yield rf"\d{{1,{len(str(high))}}}"
        return
    start = low
    for stop in _stops(low, high):
        yield "".join(
            a if a == b else r"\d" if (a, b) == ("0", "9") else f"[{a}-{b}]"
            for a, b in zip(str(start), str(stop), strict=True)
        )
        start = stop + 1


def _stops(low: int, high: int) -> list[int]:
    """Where ranges end within which each digit is free of the others."""
    stops = {high}
    power = 10
    while (stop := low - low % power + power - 1) < high:
        stops.add(stop)
        power *= 10
    power = 10
    while (stop := (high + 1) - (high + 1) % power - 1) > low:
        stops.add(stop)
        power *= 10
    return sorted(stops)
