"""Sample values of a field for tests and examples, as Python expressions of JSON
values."""

import random
from base64 import b64encode
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from fastgen.resources.example_texts import example_texts
from fastgen.resources.literals import limit_value, text_of
from fastgen.resources.patterns import matches
from fastgen.resources.resource import Field
from fastgen.resources.types import BIGINT, EMAIL, INT, TYPES, URL

_TRIES = 300


@dataclass(frozen=True)
class Samples:
    """Two valid values, the extreme valid values and some invalid values."""

    create: str
    update: str
    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def samples_of(field: Field) -> Samples:
    """The samples of `field`, which must not be a reference."""
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
    "bool": Samples("True", "False", (), ("'true'", "1")),
    "date": Samples(
        "'2030-01-31'",
        "'2031-02-28'",
        (),
        ("'2030-02-30'", "'9999-12-31'", "0", "'0'"),
    ),
    "datetime": Samples(
        "'2030-01-31T12:00:00Z'",
        "'2031-02-28T18:30:00Z'",
        (),
        ("'2030-01-31T12:00:00'", "'9999-12-31T23:59:59.999999Z'", "0", "'0'"),
    ),
    "time": Samples("'12:30:00'", "'18:45:00'", (), ("'25:00:00'", "'12:30:00Z'", "0")),
    "uuid": Samples(
        "'019aa3f0-6c00-7000-8000-000000000001'",
        "'019aa3f0-6c00-7000-8000-000000000002'",
        (),
        ("'x'", "7"),
    ),
    "json": Samples('{"color": "black"}', '{"sizes": ["large", 1]}', (), ("'x'", "[]")),
    "email": Samples(
        "'ada@example.com'",
        "'grace@example.com'",
        (),
        ("'ada'", f"'a' * {EMAIL} + '@example.com'", "7"),
    ),
    "url": Samples(
        "'https://example.com/espresso'",
        "'https://example.com/coffee'",
        (),
        ("'example'", "'javascript:alert(1)'", f"'https://example.com/' + 'x' * {URL}"),
    ),
}


def bounds(field: Field) -> tuple[int, int]:
    """The minimum and maximum length of a text, a list or bytes."""
    kind = TYPES[field.kind]
    assert kind.longest is not None
    most = limit_value(field, field.max) if field.max else kind.longest
    least = 1 if field.kind == "str" and field.default != "" else 0
    return (limit_value(field, field.min) if field.min else min(least, most)), most


def number_bounds(field: Field) -> tuple[Decimal | None, Decimal | None]:
    least, most = {
        "int": (Decimal(-INT), Decimal(INT)),
        "bigint": (Decimal(-BIGINT), Decimal(BIGINT)),
    }.get(field.kind, (None, None))
    return (
        Decimal(text_of(limit_value(field, field.min))) if field.min else least,
        Decimal(text_of(limit_value(field, field.max))) if field.max else most,
    )


def steps(field: Field) -> tuple[int, int]:
    """The minimum and maximum number, in units of a decimal's last place."""
    places = int(field.arguments[1]) if field.kind == "decimal" else 0
    top = Decimal(10) ** int(field.arguments[0]) - 1 if field.kind == "decimal" else 0
    low, high = number_bounds(field)
    return (
        int(-top if low is None else low.scaleb(places)),
        int(top if high is None else high.scaleb(places)),
    )


def first_steps(field: Field) -> tuple[int, int]:
    """Two adjacent numbers near zero in the units of `steps`; equal if only one number
    is valid."""
    low, high = steps(field)
    places = int(field.arguments[1]) if field.kind == "decimal" else 0
    wanted = 499 * 10 ** (places - 1) if places else 1  # such as 49.90
    create = min(max(wanted, low), high)
    return create, create + 1 if create < high else max(low, create - 1)


@cache
def matching_texts(field: Field) -> tuple[str, ...]:
    """Texts that match the pattern. May be empty or incomplete, because the number of
    attempts is limited."""
    import rstr

    assert field.pattern is not None
    least, most = bounds(field)
    found: set[str] = set()
    for seed in range(_TRIES):
        text = rstr.Rstr(random.Random(seed)).xeger(field.pattern)  # noqa: S311
        fits = least <= len(text) <= most and text.isascii() and text.isprintable()
        if fits and matches(field.pattern, text):
            found.add(text)
    return tuple(sorted(found, key=lambda text: (len(text), text)))


def text_samples(field: Field) -> tuple[str, str]:
    if field.pattern is not None:
        one, two, *_ = matching_texts(field)
        return one, two
    least, most = bounds(field)
    return example_texts(field.name, least, most)


def _texts(field: Field) -> Samples:
    least, most = bounds(field)
    found = text_samples(field)
    refused = ["7", repr("a\0")] if most > 1 else ["7"]
    refused.append(f"'x' * {most + 1}")
    accepted: list[str] = []
    if field.pattern is None:
        accepted.append(f"'x' * {most}")
        accepted += [f"'x' * {least}"] if least != most else []
    else:
        tries = ("?", "", " ", "0", "a", "A", "~" * least)
        wrong = (t for t in tries if not matches(field.pattern, t))
        refused += [repr(text) for text in [next(wrong, None)] if text is not None]
    if least:
        refused.append(f"'x' * {least - 1}" if least > 1 else "''")
    if least and field.pattern is None:
        refused.append(f"'\\u200b' * {least}" if least > 1 else "'\\u200b'")
    return Samples(repr(found[0]), repr(found[1]), tuple(accepted), _once(refused))


def _integers(field: Field) -> Samples:
    low, high = steps(field)
    create, update = map(str, first_steps(field))
    refused = (str(low - 1), str(high + 1), f"'{create}'", f"{create}.0")
    return Samples(create, update, _once([str(low), str(high)]), refused)


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
    refused = [f"'{create}'"]
    refused += [repr(least - 1)] if least is not None else []
    refused += [repr(most + 1)] if most is not None else []
    return Samples(repr(create), repr(update), tuple(accepted), tuple(refused))


def _decimals(field: Field) -> Samples:
    places = int(field.arguments[1])

    def text(step: int) -> str:
        return repr(f"{Decimal(step).scaleb(-places):f}")

    low, high = steps(field)
    create, update = map(text, first_steps(field))
    finer = create[:-1] + ("" if places else ".") + "1'"
    refused = (*map(text, [low - 1, high + 1]), finer, "True")
    return Samples(create, update, _once([text(low), text(high)]), refused)


def _lists(field: Field) -> Samples:
    item = field.arguments[0]
    first, second, wrong = {
        "str": ("'new'", "'sale'", "7"),
        "int": ("1", "2", "'1'"),
        "float": ("1.5", "2.5", "'1.5'"),
        "bool": ("True", "False", "'true'"),
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
