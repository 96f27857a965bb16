"""The fixtures of generated projects, for tests of one module."""

import pytest

from tests.projects.conftest import Make, environment, make, maker, postgres
from tests.projects.environment import Environment

__all__ = ["environment", "make", "make_once", "postgres"]


@pytest.fixture(scope="module")
def make_once(
    environment: Environment, tmp_path_factory: pytest.TempPathFactory
) -> Make:
    """A maker of projects that the tests of a file share, and leave as they are."""
    return maker(environment, tmp_path_factory.mktemp("shared"))
