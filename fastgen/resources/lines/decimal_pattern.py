"""The JSON Schema pattern of decimals, whose texts cannot have numeric limits."""

from collections.abc import Iterator
from decimal import Decimal

from fastgen.resources.resource import Field
from fastgen.resources.samples import number_bounds


def decimal_pattern(field: Field) -> str:
    """The pattern of valid texts; exact if the bounds are whole numbers."""
    digits, places = map(int, field.arguments)
    top = Decimal(10) ** (digits - places)
    least, most = number_bounds(field)
    low = -top + 1 if least is None else least
    high = top - 1 if most is None else most
    cut = {low: least is not None, high: most is not None}
    texts: list[str] = []
    if high >= 0:
        texts += _magnitudes(max(low, Decimal(0)), high, places, cut)
    if low < 0 or (least is None and places):
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
    """Patterns of texts from `low` to `high`, both non-negative.

    `cut` tells whether a bound is the last value itself. Otherwise it is the last whole
    number, and decimals beyond it are valid.
    """
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
    lengths: list[int] = []  # lengths with all numbers in range
    for stop in _stops(low, high):
        digits = len(str(start)) - 1
        if (start, stop) == (10**digits, 10 ** (digits + 1) - 1):
            lengths.append(digits)
        else:
            yield _range(str(start), str(stop))
        start = stop + 1
    if lengths:
        yield f"[1-9]{_free(lengths[0], lengths[-1])}"


def _range(start: str, stop: str) -> str:
    pairs = list(zip(start, stop, strict=True))
    free = sum(pair == ("0", "9") for pair in pairs)
    fixed = pairs[: len(pairs) - free]
    return "".join(a if a == b else f"[{a}-{b}]" for a, b in fixed) + _free(free, free)


def _free(least: int, most: int) -> str:
    """A pattern of `least` to `most` digits."""
    if least == most:
        return ("", r"\d")[most] if most < 2 else rf"\d{{{most}}}"
    return rf"\d{{{least},{most}}}"


def _stops(low: int, high: int) -> list[int]:
    """The ends of ranges in which the digits are independent of each other."""
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
