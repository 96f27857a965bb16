"""The pipelines are valid in every project of the matrix, and what they run works."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.modules.rendered import (
    Texts,
    check_schemas,
    check_security,
    rendered_rows,
)
from tests.projects.commands import UV, clean_environment, fastgen, run

GITHUB = ".github/workflows/ci.yml"
GITLAB = ".gitlab-ci.yml"

ELSEWHERE = {"make audit", "make chart", "make image"}
"""What needs the internet, helm, and a container engine."""

NOWHERE = "http://127.0.0.1:9"


def test_pipelines_follow_their_published_schemas(tmp_path: Path) -> None:
    check_schemas({GITHUB: "github-workflows", GITLAB: "gitlab-ci"}, tmp_path)


def test_a_linter_of_security_finds_nothing_in_workflows(tmp_path: Path) -> None:
    check_security(GITHUB, tmp_path)


def test_both_pipelines_run_the_same_commands_of_the_makefile() -> None:
    projects = rendered_rows()
    of_github = {c for texts in projects for c in github_commands(texts)}
    of_gitlab = {c for texts in projects for c in gitlab_commands(texts)}
    assert of_github == of_gitlab
    checks = {"make install", "make lint", "make types", "make test"}
    assert of_github == checks | ELSEWHERE


@pytest.mark.slow
def test_the_commands_of_the_pipeline_work(tmp_path: Path) -> None:
    """In a new clone, with the versions that were committed."""
    fastgen("new", "shop", "--with", "ci,precommit", "--no-install", folder=tmp_path)
    project = tmp_path / "shop"
    path = f"{Path(UV).parent}:{clean_environment()['PATH']}"
    environment = {**clean_environment(), "PATH": path}
    run([UV, "lock", "--quiet"], project, environment)
    files = {GITHUB: (project / GITHUB).read_text()}
    # test_installation.py runs the whole suite, by the same `make test`.
    one_file = {"UV_LOCKED": "1", "PYTEST_ADDOPTS": "tests/test_health.py"}
    for command in sorted({*github_commands(files)} - ELSEWHERE):
        run(command.split(), project, {**environment, **one_file})
    audit = run(["make", "--dry-run", "audit"], project, environment).split()
    refused = run([*audit, "--service-url", NOWHERE], project, environment, code=2)
    assert NOWHERE in refused, "it asks, and does not pass when nobody answers"


def github_commands(texts: Texts) -> Iterator[str]:
    if GITHUB not in texts:
        return
    for job in yaml.safe_load(texts[GITHUB])["jobs"].values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


def gitlab_commands(texts: Texts) -> Iterator[str]:
    """Without the variables before a command, and without what sets a job up."""
    if GITLAB not in texts:
        return
    jobs: dict[str, Any] = yaml.safe_load(texts[GITLAB])
    for job in jobs.values():
        for line in job.get("script", ()) if isinstance(job, dict) else ():
            if found := re.search(r"make \w+$", line.strip()):
                yield found[0]
