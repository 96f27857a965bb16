"""`myapi`, the package's name in templates, becomes the project's package."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

PLACEHOLDER = "myapi"

_WORD = re.compile(rf"{PLACEHOLDER}(?<!\w{PLACEHOLDER})(?!\w)")
"""It begins with plain letters, which `re` finds many times faster than `\\b`."""

T = TypeVar("T")


def with_package(text: str, package: str) -> str:
    return _WORD.sub(package, text)


def facts_with_package(value: T, package: str) -> T:
    """`value` (facts, or any part of them) with the name replaced in all its texts."""
    if package == PLACEHOLDER:
        return value
    return _replaced(value, package)  # type: ignore[no-any-return]


def _replaced(value: Any, package: str) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return with_package(value, package)
    if isinstance(value, tuple):
        return tuple(_replaced(item, package) for item in value)
    if isinstance(value, Mapping):
        return {key: _replaced(item, package) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            f.name: _replaced(getattr(value, f.name), package) for f in fields(value)
        }
        return replace(value, **parts)
    return value
