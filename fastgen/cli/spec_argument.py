"""The file of `--from`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastgen.errors import NeedsPerson
from fastgen.spec.specfile import BrokenSpec, read_table


class SpecUnreadable(NeedsPerson):
    """{path} cannot be read ({reason}). `--from` takes a TOML file with [modules],
    [resources] and [generated], such as the fastgen.toml of a project."""


class SpecNotValid(NeedsPerson):
    """{path}:{line}: {reason}. Fix that line."""


@dataclass(frozen=True)
class SpecArgument:
    """A file in the form of fastgen.toml, as text and as a table."""

    path: Path
    text: str
    table: Mapping[str, Any]


def read_spec_argument(path: Path) -> SpecArgument:
    """The file at `path`. Raises SpecUnreadable, and SpecNotValid for invalid TOML."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SpecUnreadable(path=path, reason=reason) from None
    with naming(path):
        return SpecArgument(path, text, read_table(text))


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Convert a BrokenSpec inside the block to a SpecNotValid, which names `path`."""
    try:
        yield
    except BrokenSpec as error:
        raise SpecNotValid(path=path, **error.facts) from None
