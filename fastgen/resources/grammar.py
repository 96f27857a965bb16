r"""`name:type[:argument...][:flag...]` -> Field. A colon within a part is `\:`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fastgen.errors import WrongUsage
from fastgen.phrases import hint
from fastgen.resources.factory_values import has_enough_values
from fastgen.resources.literals import canonical, default_value, limit_value
from fastgen.resources.names import SYSTEM_COLUMNS, field_problem
from fastgen.resources.patterns import matches, pattern_problem
from fastgen.resources.resource import Field, parted
from fastgen.resources.samples import matching_texts
from fastgen.resources.types import (
    DIGITS,
    ENUM,
    FLAGS,
    ITEM_TYPES,
    LIMITS,
    ON_DELETE,
    TYPES,
    FieldType,
    Limits,
)

_VALUE = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", re.IGNORECASE)

_LEAST = re.compile(r"(?<!\\)\{(\d+)[,}]")
"""The minimum of a repetition."""

_REPEATED = 100
"""The largest minimum for which matching texts are generated."""

_UNWRITABLE = re.compile("[\\0\ud800-\udfff]")

LONGEST_COLUMN = 10_000

_TEXTS = 2
"""Tests need one text to create a row and another to change it."""

KNOWN = (*FLAGS, *(f"{limit}=" for limit in LIMITS))


class BadField(WrongUsage):
    """{field}, column {column}: {problem}."""


@dataclass(frozen=True)
class Segment:
    text: str
    column: int


class _Mistake(Exception):
    """A problem in a segment, before the whole field is parsed."""

    def __init__(self, part: Segment, problem: str) -> None:
        super().__init__(problem)
        self.part = part
        self.problem = problem


@cache
def parse_field(text: str) -> Field:
    """The field that `text` describes. Raises BadField.

    Cached because a project is read more than once and resources share fields.
    """
    try:
        return _parsed([Segment(part, start + 1) for part, start in parted(text)])
    except _Mistake as mistake:
        raise BadField(
            field=text, column=mistake.part.column, problem=mistake.problem
        ) from None


def parse_fields(texts: Iterable[str]) -> tuple[Field, ...]:
    """The fields of one resource, with values in canonical form.

    Raises BadField, also for a repeated name.
    """
    fields: dict[str, Field] = {}
    for text in texts:
        field = canonical(parse_field(text))
        if field.name in fields:
            raise bad_field(field, f"{field.name!r} is there twice")
        if field.column in SYSTEM_COLUMNS:
            problem = f"PostgreSQL has a column {field.column} in each table already"
            raise bad_field(field, problem)
        fields[field.name] = field
    return tuple(fields.values())


def bad_field(field: Field, problem: str, part: str = "") -> BadField:
    """The error of a field that is valid alone but not in its context. `part` is the
    wrong part; by default, the name."""
    place = f":{field.definition}:".find(f":{part}:") if part else -1
    column = len(field.name) + 2 + place if place >= 0 else 1
    return BadField(field=field.text, column=column, problem=problem)


def _parsed(parts: list[Segment]) -> Field:
    for part in parts:
        if _UNWRITABLE.search(part.text):
            raise _Mistake(part, "it has a character that no file of text can have")
    name = parts[0]
    if problem := field_problem(name.text):
        raise _Mistake(name, problem)
    if len(parts) == 1:
        end = Segment("", name.column + len(name.text))
        raise _Mistake(end, f"a type has to follow, one of {', '.join(TYPES)}")
    kind = parts[1]
    if kind.text not in TYPES:
        raise _Mistake(kind, f"unknown type {kind.text!r}{hint(kind.text, TYPES)}")
    rest = parts[2:]
    count = next((n for n, part in enumerate(rest) if _is_flag(part.text)), len(rest))
    arguments, flags = rest[:count], rest[count:]
    if kind.text == "ref":  # `cascade` may be among the flags
        arguments += [part for part in flags if part.text in ON_DELETE]
        flags = [part for part in flags if part.text not in ON_DELETE]
    _check_arguments(TYPES[kind.text], kind, arguments)
    texts = (part.text for part in arguments)
    if kind.text == "decimal":  # the digits are written into the model
        texts = (str(int(text)) for text in texts)
    field = Field(name.text, kind.text, tuple(texts))
    where: dict[str, Segment] = {"": kind}
    for part in flags:
        key, equals, value = part.text.partition("=")
        if key in where:
            raise _Mistake(part, f"{key} is there twice")
        where[key] = part
        field = replace(field, **_flag_value(part, key, equals, value))
    for key, problem in _problems(field):
        raise _Mistake(where.get(key, kind), problem)
    return field


def _is_flag(text: str) -> bool:
    return text in FLAGS or ("=" in text and text.partition("=")[0] in LIMITS)


def _flag_value(part: Segment, key: str, equals: str, value: str) -> dict[str, Any]:
    if key in FLAGS and not equals:
        return {key: True}
    if key in LIMITS and equals:
        return {key: value}
    raise _Mistake(part, f"unknown flag {part.text!r}{hint(part.text, KNOWN)}")


def _check_arguments(kind: FieldType, place: Segment, arguments: list[Segment]) -> None:
    texts = [part.text for part in arguments]
    match kind.name, texts:
        case "decimal", [digits, places] if digits.isdecimal() and places.isdecimal():
            if not (1 <= int(digits) <= DIGITS and int(places) <= int(digits)):
                problem = f"it has 1 to {DIGITS} digits, and no more places than digits"
                raise _Mistake(arguments[0], problem)
        case "enum", [_, _, *_]:
            for number, part in enumerate(arguments):
                if not _VALUE.fullmatch(part.text) or len(part.text) > ENUM:
                    problem = f"{part.text!r} is no value such as draft or in-stock"
                    raise _Mistake(part, problem)
                if part.text in texts[:number]:
                    raise _Mistake(part, f"{part.text} is there twice")
        case "list", [item] if item in ITEM_TYPES:
            pass
        case "ref", [target] if target:
            pass
        case "ref", [target, action] if target:
            if action not in ON_DELETE:
                problem = f"unknown action {action!r}{hint(action, ON_DELETE)}"
                raise _Mistake(arguments[1], problem)
        case "many", [target] if target:
            pass
        case (("decimal" | "enum" | "list" | "ref" | "many"), _):
            wrong = arguments[0] if kind.name == "list" and arguments else place
            wrong = arguments[1] if kind.name == "many" and texts[1:] else wrong
            raise _Mistake(wrong, f"it is written {kind.form}")
        case _, [first, *_]:
            problem = f"unknown flag {first!r}{hint(first, KNOWN)}"
            raise _Mistake(arguments[0], problem)


def _problems(field: Field) -> Iterator[tuple[str, str]]:
    """Problems of flags and limits with the type or with each other, by flag."""
    kind = TYPES[field.kind]
    if field.kind == "many":
        given = (
            key for key in (*FLAGS, *LIMITS) if getattr(field, key) not in (None, False)
        )
        yield from ((key, f"{key} does not go with many") for key in given)
        return
    if field.unique and not kind.unique:
        yield "unique", f"{field.kind} cannot be unique"
    if field.index and not kind.index:
        yield "index", f"{field.kind} cannot have an index"
    if field.search and not kind.search:
        yield "search", f"{field.kind} cannot be searched; str, text, email and url can"
    if field.search and field.writeonly:
        yield "search", "a field that is writeonly cannot be searched"
    if field.pattern is not None:
        yield from (("pattern", p) for p in _pattern_problems(field, kind))
    yield from _limit_problems(field, kind)
    if field.unique and kind.unique and not _has_enough_values(field):
        yield "unique", "there are too few values that it could have to be unique"
    if field.readonly and field.writeonly:
        yield "writeonly", "a field that is readonly cannot be writeonly"
    if field.readonly and not field.optional and field.default is None:
        yield "readonly", "a readonly field is optional, or has a default"
    if field.on_delete == "setnull" and field.kind == "ref" and not field.optional:
        yield "", "setnull goes with optional alone"
    if field.default is not None:
        yield from (("default", p) for p in _default_problems(field, kind))


def _pattern_problems(field: Field, kind: FieldType) -> Iterator[str]:
    assert field.pattern is not None
    if not kind.pattern:
        yield f"{field.kind} has no pattern; str and text have"
        return
    if problem := pattern_problem(field.pattern):
        yield problem
        return
    if any(int(least) > _REPEATED for least in _LEAST.findall(field.pattern)):
        yield f"repetitions of more than {_REPEATED} times are not supported"
        return
    if len(matching_texts(field)) < _TEXTS:
        yield f"fewer than {_TEXTS} texts were found that match it, at that length"


def _has_enough_values(field: Field) -> bool:
    return has_enough_values(field)


def _limit_problems(field: Field, kind: FieldType) -> Iterator[tuple[str, str]]:
    values: dict[str, Any] = {}
    for key in ("min", "max"):
        text = getattr(field, key)
        if text is None:
            continue
        if kind.limits is Limits.NONE:
            yield key, f"{field.kind} has no {key}"
            return
        try:
            values[key] = limit_value(field, text)
        except ValueError:
            yield key, f"{text!r} is not of the type {field.kind}"
            return
        if kind.limits is Limits.LENGTH:
            top = {"str": LONGEST_COLUMN}.get(field.kind, 10_000_000)
            if not (0 <= values[key] <= top) or (key == "max" and values[key] == 0):
                yield key, f"a length is from {int(key == 'max')} to {top}"
                return
        elif field.kind == "decimal" and not fits(values[key], field):
            yield key, f"it does not fit into {':'.join(('decimal', *field.arguments))}"
            return
    least = values.get("min", 1 if field.kind == "str" else None)
    most = values.get("max", kind.longest)
    if least is not None and most is not None and least > most:
        yield ("min" if field.min else "max"), f"min {least} is above max {most}"
    elif kind.limits is Limits.NUMBER and least is not None and least == most:
        yield "max", "there is one value alone between min and max"


def _default_problems(field: Field, kind: FieldType) -> Iterator[str]:
    text = field.default
    assert text is not None
    if kind.read is None:
        yield f"{field.kind} has no default"
        return
    if field.unique:
        yield "a unique field has no default, which all rows would share"
        return
    try:
        value = default_value(field)
    except ValueError:
        yield f"{text!r} is not of the type {field.kind}"
        return
    if field.kind == "enum" and text not in field.arguments:
        yield f"{text!r} is none of {', '.join(field.arguments)}"
    if field.kind == "decimal" and not fits(value, field):
        yield f"{text} does not fit into {':'.join(('decimal', *field.arguments))}"
    if kind.limits is Limits.LENGTH:
        value = len(text)
        if not text.isprintable() and field.kind == "str":
            yield "a default is of one line"
    if kind.limits is not Limits.NONE:
        most = limit_value(field, field.max) if field.max else kind.longest
        if field.min is not None and value < limit_value(field, field.min):
            yield f"{text!r} is below min={field.min}"
        if most is not None and value > most:
            yield f"{text!r} is above max={field.max or kind.longest}"
    if field.pattern is not None and not matches(field.pattern, text):
        yield f"{text!r} does not match the pattern"


def fits(value: Any, field: Field) -> bool:  # noqa: ANN401
    """Whether a Decimal fits into the digits of the field's column."""
    digits, places = map(int, field.arguments)
    if not abs(value) < 10 ** (digits - places):
        return False
    # `normalize` would round values with more digits than the context.
    known, exponent = value.as_tuple().digits, value.as_tuple().exponent
    return not any(known[exponent + places :]) if exponent < -places else True
