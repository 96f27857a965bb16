"""Requests that an OpenAPI document allows, with values that its schemas describe."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import rstr

Schema = Mapping[str, Any]

OF_FORMAT = {
    "date": "2026-11-29",
    "date-time": "2026-11-29T12:00:00Z",
    "duration": "P1D",
    "email": "somebody@example.com",
    "time": "12:00:00",
    "uri": "https://example.com/",
    "uuid": "0190a0c5-7b1c-7c3e-8b1a-2f1d3c4b5a69",
}

BOUNDARY = "boundary-of-parts"

_TRIES = 1000


@dataclass(frozen=True)
class Operation:
    """A method of a path, as the OpenAPI document describes it."""

    method: str
    path: str
    described: Schema
    document: Schema

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def needs_login(self) -> bool:
        return bool(self.described.get("security"))

    def allows(self, status: int, kind: str) -> bool:
        """Whether the document has such an answer; `kind` is its content type."""
        responses = self.described["responses"]
        if str(status) not in responses and "default" not in responses:
            return False
        response = responses.get(str(status)) or responses["default"]
        content = self._found(response).get("content", {})
        return kind in content if content else kind in ("", "application/json")

    @property
    def target(self) -> str:
        """The path and the query, with a value for each required parameter."""
        path = self.path
        for name, value in self._parameters("path").items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        query = urlencode(self._parameters("query"))
        return f"{path}?{query}" if query else path

    @property
    def headers(self) -> dict[str, str]:
        return self._parameters("header")

    def _parameters(self, place: str) -> dict[str, str]:
        found = map(self._found, self.described.get("parameters", ()))
        return {
            each["name"]: _text(self.value(each["schema"]))
            for each in found
            if each["in"] == place and each.get("required")
        }

    @property
    def body(self) -> tuple[str, bytes] | None:
        """The content type and the content; None if the operation takes no body."""
        content = self._found(self.described.get("requestBody", {})).get("content")
        if not content:
            return None
        kind, described = next(iter(content.items()))
        value = self.value(described.get("schema", {}))
        match kind:
            case "application/x-www-form-urlencoded":
                return kind, urlencode(value).encode()
            case "multipart/form-data":
                return f"{kind}; boundary={BOUNDARY}", _parts(value)
            case _ if kind.endswith("json"):
                return kind, json.dumps(value).encode()
            case _:
                return kind, _text(value).encode()

    def _found(self, described: Schema) -> Schema:
        """What `$ref` leads to."""
        while "$ref" in described:
            found: Any = self.document
            for name in described["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            described = found
        return described

    def value(self, schema: Schema) -> Any:
        """A value of `schema`; of an object, the required properties."""
        schema = self._found(schema)
        for one in ("const", "default"):
            if one in schema:
                return schema[one]
        for several in ("enum", "examples"):
            if several in schema:
                return schema[several][0]
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.value(schema[several][0])
        if "allOf" in schema:
            values = [self.value(part) for part in schema["allOf"]]
            return {k: v for value in values for k, v in value.items()}
        return self._of_type(schema)

    def _of_type(self, schema: Schema) -> Any:
        kind = schema.get("type")
        match kind[0] if isinstance(kind, list) else kind:
            case "string":
                return _string(schema)
            case "integer" | "number":
                return _number(schema)
            case "boolean":
                return True
            case "array":
                return [self.value(schema["items"])] * schema.get("minItems", 0)
            case "null":
                return None
            case _:
                of = schema.get("properties", {})
                return {
                    name: self.value(of[name]) for name in schema.get("required", ())
                }


def _number(schema: Schema) -> Any:
    """The least number that is allowed, or else the greatest, or else 1."""
    if "minimum" in schema:
        return schema["minimum"]
    if "exclusiveMinimum" in schema:
        return schema["exclusiveMinimum"] + _step(schema)
    if "maximum" in schema:
        return schema["maximum"]
    if "exclusiveMaximum" in schema:
        return schema["exclusiveMaximum"] - _step(schema)
    return 1


def _step(schema: Schema) -> float:
    return 1 if schema.get("type") == "integer" else 1e-3


def _string(schema: Schema) -> str:
    if "pattern" in schema:
        return _of_pattern(schema)
    value = OF_FORMAT.get(schema.get("format", ""), "text")
    return value.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]


def _of_pattern(schema: Schema) -> str:
    """The first text that fits, of some that are always the same."""
    texts = rstr.Rstr(Random(0))  # noqa: S311 (of examples)
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", inf)
    for _ in range(_TRIES):
        text = str(texts.xeger(schema["pattern"]))
        if shortest <= len(text) <= longest:
            return text
    raise ValueError(f"no text of {schema} was found")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _parts(values: Mapping[str, Any]) -> bytes:
    """A form with a file for each text, named as its field."""
    lines = []
    for name, value in values.items():
        file = f'; filename="{name}.txt"' if isinstance(value, str) else ""
        lines += [
            f"--{BOUNDARY}",
            f'Content-Disposition: form-data; name="{name}"{file}',
        ]
        lines += ["", _text(value)]
    return "\r\n".join([*lines, f"--{BOUNDARY}--", ""]).encode()


def operations(document: Schema) -> Iterator[Operation]:
    methods = ("get", "post", "put", "patch", "delete")
    for path, item in document["paths"].items():
        for method in methods:
            if method in item:
                yield Operation(method.upper(), path, item[method], document)
