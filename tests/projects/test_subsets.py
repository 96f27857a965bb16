"""Every choice of modules is a project that works."""

from itertools import product

import pytest
import yaml

from .conftest import Make
from .generated import CORE_TESTS, Generated, ask

OK = {"status": "ok"}

SUBSETS = [
    (*precommit, *docker, *ci)
    for precommit, docker, ci in product(
        [(), ("precommit",)],
        [(), ("docker",)],
        [(), ("ci", "github"), ("ci", "gitlab")],
    )
]


def chosen(subset: tuple[str, ...]) -> list[str]:
    """The arguments of `fastgen new` for a subset."""
    names = [name for name in subset if name not in ("github", "gitlab")]
    arguments = ["--with", ",".join(names)] if names else []
    return arguments + (
        ["--set", f"ci.provider={subset[-1]}"] if "ci" in subset else []
    )


@pytest.mark.parametrize("subset", SUBSETS, ids=lambda s: "+".join(("core", *s)))
def test_a_project_of_any_modules_works(make: Make, subset: tuple[str, ...]) -> None:
    """It is formatted, linted, typed, tested, served and asked, and its hooks agree."""
    project = make("my-api", *chosen(subset))
    project.lint()
    project.check_types()
    assert len(project.passed()) == CORE_TESTS
    with project.serving() as address:
        check_answers(address)
    assert project.git("status", "--porcelain") == ""
    if "precommit" in subset:
        check_hooks(project)


def check_answers(address: str) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = ask(address + path)
        assert (answer.status, answer.document) == (200, OK)

    document = ask(f"{address}/openapi.json").document
    assert document["info"]["title"] == "my-api"
    assert {"/health/live", "/health/ready"} <= document["paths"].keys()

    unknown = ask(f"{address}/nowhere")
    assert (unknown.status, unknown.kind) == (404, "application/problem+json")
    assert unknown.document["title"] == "Not Found"


def check_hooks(project: Generated) -> None:
    """The project's own hooks pass over all of its files, and change none."""
    report = project.tool("prek", "run", "--all-files")
    configuration = (project.root / ".pre-commit-config.yaml").read_text()
    (repository,) = yaml.safe_load(configuration)["repos"]
    assert report.count("Passed") == len(repository["hooks"]), report
    assert project.git("status", "--porcelain") == ""
