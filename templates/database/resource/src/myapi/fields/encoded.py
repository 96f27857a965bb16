from base64 import b64decode, b64encode
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

PATTERN = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


def decoded(value: object) -> object:
    return b64decode(value, validate=True) if isinstance(value, str) else value


def encoded(value: bytes) -> str:
    return b64encode(value).decode()


Base64 = Annotated[
    bytes,
    BeforeValidator(decoded),
    PlainSerializer(encoded, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": PATTERN}),
]
