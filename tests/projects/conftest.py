"""What the tests of generated projects share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .commands import fastgen
from .environment import Environment, shared_environment
from .generated import Generated
from .postgres import new_database


@pytest.fixture(scope="session")
def environment() -> Environment:
    return shared_environment()


Make = Callable[..., Generated]


def maker(environment: Environment, default: Path) -> Make:
    """`fastgen new` in a folder, `default` if none is given, with a `.venv` lent from
    the shared environment."""

    def make(name: str, *arguments: str, folder: Path = default) -> Generated:
        folder.mkdir(parents=True, exist_ok=True)
        fastgen("new", name, "--no-install", *arguments, folder=folder)
        environment.lend_to(folder / name)
        return Generated(folder / name)

    return make


@pytest.fixture
def make(environment: Environment, tmp_path: Path) -> Make:
    """A maker of projects for one test."""
    return maker(environment, tmp_path)


@pytest.fixture
def postgres() -> Iterator[str]:
    """The URL of an empty database of the test's own, on a real PostgreSQL."""
    with new_database() as url:
        yield url
