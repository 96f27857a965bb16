"""Values of a field for tests and examples, as Python expressions of what JSON has."""

import re
from dataclasses import dataclass
from decimal import Decimal

from fastgen.resources.resource import Field
from fastgen.resources.types import BIGINT, EMAIL, INT, TYPES, URL

_TRIES = 100


@dataclass(frozen=True)
class Samples:
    """Two values that are accepted, those at the limits, and some that are refused."""

    create: str
    update: str
    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def samples_of(field: Field) -> Samples:
    """Those of any field but a reference, whose value is the id of a row."""
    match field.kind:
        case "str" | "text":
            return _texts(field)
        case "int" | "bigint":
            return _integers(field)
        case "float":
            return _floats(field)
        case "decimal":
            return _decimals(field)
        case "list":
            return _lists(field)
        case "bytes":
            return _bytes(field)
        case "enum":
            first, *others = field.arguments
            return Samples(repr(first), repr(others[0]), (), ("'no such value'", "7"))
    return _FIXED[field.kind]


_FIXED = {
    "bool": Samples("True", "False", (), ("'maybe'", "7")),
    "date": Samples("'2030-01-31'", "'2031-02-28'", (), ("'2030-02-30'", "'x'")),
    "datetime": Samples(
        "'2030-01-31T12:00:00Z'",
        "'2031-02-28T18:30:00Z'",
        (),
        ("'2030-01-31T12:00:00'", "'x'"),
    ),
    "time": Samples("'12:30:00'", "'18:45:00'", (), ("'25:00:00'", "'x'")),
    "uuid": Samples(
        "'019aa3f0-6c00-7000-8000-000000000001'",
        "'019aa3f0-6c00-7000-8000-000000000002'",
        (),
        ("'x'", "7"),
    ),
    "json": Samples('{"key": "value"}', '{"key": ["other", 1]}', (), ("'x'", "[]")),
    "email": Samples(
        "'ada@example.com'",
        "'grace@example.com'",
        (),
        ("'ada'", f"'a' * {EMAIL} + '@example.com'", "7"),
    ),
    "url": Samples(
        "'https://example.com/first'",
        "'https://example.com/second'",
        (),
        ("'example'", "'javascript:alert(1)'", f"'https://example.com/' + 'x' * {URL}"),
    ),
}


def bounds(field: Field) -> tuple[int, int]:
    """The least and the greatest length of a text, a list or bytes."""
    kind = TYPES[field.kind]
    assert kind.longest is not None
    most = int(field.max) if field.max else kind.longest
    least = 1 if field.kind == "str" and field.default != "" else 0
    return (int(field.min) if field.min else min(least, most)), most


def number_bounds(field: Field) -> tuple[Decimal | None, Decimal | None]:
    least, most = {
        "int": (Decimal(-INT), Decimal(INT)),
        "bigint": (Decimal(-BIGINT), Decimal(BIGINT)),
    }.get(field.kind, (None, None))
    return (
        Decimal(field.min) if field.min else least,
        Decimal(field.max) if field.max else most,
    )


def text_samples(field: Field) -> tuple[str, str] | None:
    """Two texts; None where none was found that match the pattern."""
    least, most = bounds(field)
    if field.pattern is None:
        words = field.name.replace("_", " ")
        texts = [f"{which} {words}" for which in ("first", "second")]
        one, two = (text[:most].ljust(least, "x") for text in texts)
        return one, two
    import random

    import rstr

    found: list[str] = []
    for seed in range(_TRIES):
        text = rstr.Rstr(random.Random(seed)).xeger(field.pattern)  # noqa: S311
        fits = least <= len(text) <= most and text.isascii() and text.isprintable()
        if fits and re.search(field.pattern, text) and text not in found:
            found.append(text)
    found.sort(key=lambda text: (len(text), text))
    return (found[0], found[min(1, len(found) - 1)]) if found else None


def _texts(field: Field) -> Samples:
    least, most = bounds(field)
    found = text_samples(field)
    assert found is not None
    refused = ["7", repr("a\0")] if most > 1 else ["7"]
    refused.append(f"'x' * {most + 1}")
    accepted: list[str] = []
    if field.pattern is None:
        accepted.append(f"'x' * {most}")
        accepted += [f"'x' * {least}"] if least != most else []
    else:
        tries = ("?", "", " ", "0", "a", "A", "~" * least)
        wrong = (t for t in tries if not re.search(field.pattern, t))
        refused += [repr(text) for text in [next(wrong, None)] if text is not None]
    if least:
        refused.append(f"'x' * {least - 1}" if least > 1 else "''")
    return Samples(repr(found[0]), repr(found[1]), tuple(accepted), _once(refused))


def _integers(field: Field) -> Samples:
    least, most = number_bounds(field)
    assert least is not None
    assert most is not None
    low, high = int(least), int(most)
    create = min(max(1, low), high)
    update = create + 1 if create < high else max(low, create - 1)
    accepted = (str(low), str(high))
    refused = (str(low - 1), str(high + 1), "'x'", "1.5")
    return Samples(str(create), str(update), _once(accepted), refused)


def _floats(field: Field) -> Samples:
    least, most = (float(b) if b is not None else None for b in number_bounds(field))
    create = 1.5
    if least is not None:
        create = max(create, least)
    if most is not None:
        create = min(create, most)
    update = create + 1
    if most is not None and update > most:
        update = most if create != most else (least if least is not None else most - 1)
    accepted = [repr(bound) for bound in (least, most) if bound is not None]
    refused = ["'x'"]
    refused += [repr(least - 1)] if least is not None else []
    refused += [repr(most + 1)] if most is not None else []
    return Samples(repr(create), repr(update), tuple(accepted), tuple(refused))


def _decimals(field: Field) -> Samples:
    digits, places = map(int, field.arguments)
    step = Decimal(1).scaleb(-places)
    top = Decimal(10) ** (digits - places) - step
    least, most = number_bounds(field)
    low = -top if least is None else least.quantize(step)
    high = top if most is None else most.quantize(step)
    create = min(max(step, low), high)
    update = create + step if create + step <= high else max(low, create - step)
    outside = [high + step if most is not None else Decimal(10) ** (digits - places)]
    outside += [low - step] if least is not None else []
    refused = [_decimal(value) for value in outside]
    refused += [repr(f"{create:f}" + ("" if places else ".") + "1"), "'x'"]
    accepted = _once([_decimal(low), _decimal(high)])
    return Samples(_decimal(create), _decimal(update), accepted, tuple(refused))


def _decimal(value: Decimal) -> str:
    return repr(f"{value:f}")


def _lists(field: Field) -> Samples:
    item = field.arguments[0]
    first, second, wrong = {
        "str": ("'first'", "'second'", "7"),
        "int": ("1", "2", "'x'"),
        "float": ("1.5", "2.5", "'x'"),
        "bool": ("True", "False", "'maybe'"),
    }[item]
    least, most = bounds(field)
    create = f"[{', '.join([first] * max(1, least))}]"
    update = f"[{', '.join([second] * max(1, least))}]"
    refused = [f"[{wrong}]" if not least else f"[{wrong}] * {least}", "'x'"]
    refused.append(f"[{first}] * {most + 1}")
    if least:
        refused.append(f"[{first}] * {least - 1}")
    accepted = [f"[{first}] * {most}"] + ([] if least else ["[]"])
    return Samples(create, update, tuple(accepted), tuple(refused))


def _bytes(field: Field) -> Samples:
    from base64 import b64encode

    least, most = bounds(field)
    one, two = (
        b64encode(word[:most].ljust(least, b"x")).decode()
        for word in (b"first", b"second")
    )
    refused = ["'?'", "7", f"b64encode(bytes({most + 1})).decode()"]
    accepted = [f"b64encode(bytes({most})).decode()"]
    return Samples(repr(one), repr(two), tuple(accepted), tuple(refused))


def _once(texts: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
