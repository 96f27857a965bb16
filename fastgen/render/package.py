"""Replacement of `myapi`, the package name in templates, by the project's package."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

PLACEHOLDER = "myapi"

_WORD = re.compile(rf"{PLACEHOLDER}(?<!\w{PLACEHOLDER})(?!\w)")
"""The pattern starts with plain letters, which `re` finds many times faster than
`\\b`."""

T = TypeVar("T")


def with_package(text: str, package: str) -> str:
    return _WORD.sub(package, text)


def facts_with_package(value: T, package: str) -> T:
    """`value` (facts, or a part of them) with the package name in all texts."""
    if package == PLACEHOLDER:
        return value
    return with_texts(value, lambda text: with_package(text, package))


def with_texts(value: T, change: Callable[[str], str]) -> T:
    """`value` with `change` applied to all texts in tuples, dataclasses and values of
    mappings."""
    return _changed(value, change)  # type: ignore[no-any-return]


def _changed(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if isinstance(value, Mapping):
        return {key: _changed(item, change) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            f.name: _changed(getattr(value, f.name), change) for f in fields(value)
        }
        return replace(value, **parts)
    return value
