"""The test files of each module pass in the smallest project that has it, with every
value of its options."""

import pytest

from fastgen.catalog.sources import load_catalog, templates_folder

from .conftest import Make
from .own_tests import OwnTests, own_tests

RUNS = own_tests(load_catalog())


@pytest.mark.matrix
@pytest.mark.parametrize("own", RUNS, ids=str)
def test_the_tests_of_a_module_pass(make: Make, postgres: str, own: OwnTests) -> None:
    project = make("my-api", *own.row.arguments)
    if own.row.is_on_postgres:
        project = project.with_variables(TEST_DATABASE_URL=postgres)
    project.passed(files=own.files)


def test_every_test_file_of_a_module_is_run() -> None:
    """Those of resources run where resources are, and those of what is generated in
    test_generators.py."""
    written = {
        file.relative_to(templates_folder()).as_posix().removesuffix(".jinja")
        for file in templates_folder().glob("**/test_*.py*")
    }
    apart = ("/resource/", "/generators/")
    of_modules = {path for path in written if not any(part in path for part in apart)}
    run = {(own.module, file) for own in RUNS for file in own.files}
    left = {
        path
        for path in of_modules
        if (path.split("/")[0], path[path.index("/tests/") + 1 :]) not in run
    }
    assert of_modules
    assert left == set()
