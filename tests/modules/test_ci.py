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
from tests.projects.conftest import Make

GITHUB = ".github/workflows/ci.yml"
GITLAB = ".gitlab-ci.yml"

CHECKS = {f"make {name}" for name in ("install", "lint", "types")}
TESTS = {"make test-unit", "make test-contract"}
CONTAINERS = {f"make {name}" for name in ("image", "smoke", "scan", "publish")}
CLIENTS = {"make client-python", "make client-typescript"}
ELSEWHERE = {"make audit", "make chart", "make secrets", *CONTAINERS, *CLIENTS}
"""What needs the internet, helm, npm, and a container engine."""

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
    assert of_github == CHECKS | TESTS | ELSEWHERE


def test_a_pipeline_runs_targets_that_the_makefile_has() -> None:
    for texts in rendered_rows():
        for command in (*github_commands(texts), *gitlab_commands(texts)):
            target = command.removeprefix("make ")
            assert f"\n{target}:" in texts["Makefile"]


def test_an_image_is_started_and_scanned_and_the_clients_are_made() -> None:
    for texts in rendered_rows():
        commands = {*github_commands(texts), *gitlab_commands(texts)}
        if not commands:
            continue
        assert (commands >= CONTAINERS) == ("Dockerfile" in texts)
        assert (commands >= CLIENTS) == ("clients/openapi.py" in texts)


def test_the_two_jobs_of_tests_run_all_of_them(make: Make) -> None:
    project = make("shop", "--with", "ci,auth")
    collect = ("--collect-only", "-q", "-p", "no:cacheprovider")
    everything = collected(project.run(".venv/bin/pytest", *collect))
    texts = {"Makefile": (project.root / "Makefile").read_text()}
    parts: list[str] = []
    for name in ("test-unit", "test-contract"):
        (line,) = re.findall(rf"^{name}:.*\n\t(.*)", texts["Makefile"], re.MULTILINE)
        command = line.replace("$(BIN)", ".venv/bin")
        options = " ".join(collect)
        parts += collected(project.run("sh", "-c", f"{command} {options}"))
    assert sorted(parts) == sorted(everything)
    assert len({*everything}) > 100


def collected(output: str) -> list[str]:
    return [line for line in output.splitlines() if "::" in line]


def test_published_images_have_attestations_and_say_what_they_are_made_of() -> None:
    (texts, *_) = [t for t in rendered_rows() if GITHUB in t and "Dockerfile" in t]
    (publish,) = re.findall(r"^publish:.*\n((?:\t.*\n)+)", texts["Makefile"], re.M)
    for option in ("--sbom=true", "--provenance=mode=max", "image.revision", "--push"):
        assert option in publish
    job = yaml.safe_load(texts[GITHUB])["jobs"]["publish"]
    assert job["permissions"] == {"contents": "read", "packages": "write"}
    assert {"check", "contract", "secrets", "image"} <= {*job["needs"]}
    others = [j for j in yaml.safe_load(texts[GITHUB])["jobs"].values() if j != job]
    granted = [value for j in others for value in j.get("permissions", {}).items()]
    assert {("contents", "read"), ("security-events", "write")} == {*granted}


def test_actions_and_scanners_are_pinned_by_digest() -> None:
    for texts in rendered_rows():
        for used in re.findall(r"uses: (\S+)", texts.get(GITHUB, "")):
            assert re.fullmatch(r"[\w/.-]+@[0-9a-f]{40}", used), used
        for image in re.findall(r"^[A-Z]+ = (\S+/\S+)", texts["Makefile"], re.M):
            assert re.fullmatch(r"[\w/.-]+:v[\d.]+@sha256:[0-9a-f]{64}", image), image


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
        for step in job["steps"]:
            yield from re.findall(r"^make [\w-]+", step.get("run", ""))


def gitlab_commands(texts: Texts) -> Iterator[str]:
    if GITLAB not in texts:
        return
    jobs: dict[str, Any] = yaml.safe_load(texts[GITLAB])
    for job in jobs.values():
        for line in job.get("script", ()) if isinstance(job, dict) else ():
            yield from re.findall(r"^make [\w-]+", line)
