"""The suite of a project depends neither on its order nor on who runs beside it."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from .conftest import Make
from .generated import Generated


@pytest.mark.matrix
def test_the_suite_passes_again_shuffled_and_beside_itself(make: Make) -> None:
    project = make("my-api", "--preset", "api")
    usual = project.passed()
    tests = collected(project)
    orders = [Random(seed).sample(tests, len(tests)) for seed in (1, 2)]  # noqa: S311
    with ThreadPoolExecutor() as both:
        reports = both.map(lambda o: project.passed(*o, report=f"{id(o)}"), orders)
        for report in reports:
            assert sorted(report) == sorted(usual)
            assert report != usual
    assert project.git("status", "--porcelain") == ""


def collected(project: Generated) -> list[str]:
    lines = project.tool("pytest", "--collect-only", "-q").splitlines()
    return [line for line in lines if "::" in line]
