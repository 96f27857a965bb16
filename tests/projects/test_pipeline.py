"""Files that others read (GitHub, GitLab, Dependabot, Renovate, compose) are valid in
every project of the matrix, and what a pipeline runs works."""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from fastgen.catalog.sources import load_catalog
from fastgen.render.render import rendered_tree

from .commands import UV, clean_environment, fastgen, run
from .matrix import rows

GITHUB = ".github/workflows/ci.yml"
GITLAB = ".gitlab-ci.yml"
DEVCONTAINER = ".devcontainer"
CONTAINERS = (f"{DEVCONTAINER}/compose.yaml", f"{DEVCONTAINER}/devcontainer.json")

SCHEMAS = {
    GITHUB: "github-workflows",
    GITLAB: "gitlab-ci",
    ".github/dependabot.yml": "dependabot",
    "renovate.json": "renovate",
    "compose.yaml": "compose-spec",
    f"{DEVCONTAINER}/compose.yaml": "compose-spec",
}

ELSEWHERE = {"make audit", "make chart", "make image"}
"""What needs the internet, helm, and a container engine."""


@pytest.fixture(scope="module")
def projects() -> Sequence[Mapping[str, str]]:
    """The text of each file that others read, of each row."""
    catalog = load_catalog()
    trees = [rendered_tree(row.spec, catalog) for row in rows()]
    return [
        {path: tree[path].content.decode() for path in SCHEMAS if path in tree}
        for tree in trees
    ]


@pytest.fixture
def folder(projects: Sequence[Mapping[str, str]], tmp_path: Path) -> Path:
    """All of them, each row in a folder of its own."""
    for number, files in enumerate(projects):
        for path, text in files.items():
            file = tmp_path / str(number) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    return tmp_path


@pytest.mark.parametrize("path", SCHEMAS)
def test_they_follow_their_published_schema(folder: Path, path: str) -> None:
    files = sorted(folder.glob(f"*/{path}"))
    assert files
    schema = ("--builtin-schema", f"vendor.{SCHEMAS[path]}")
    run([program("check-jsonschema"), *schema, *files], folder)


def test_a_linter_of_security_finds_nothing_in_them(folder: Path) -> None:
    """Actions that are not pinned, permissions, credentials, updates without delay."""
    report = run([program("zizmor"), "--offline", "--no-progress", "."], folder)
    assert "No findings to report" in report
    for path in (GITHUB, ".github/dependabot.yml"):
        assert report.count(path) == len([*folder.glob(f"*/{path}")]) > 0


MANIFESTS = {
    ("uv", "/"): "pyproject.toml",
    ("github-actions", "/"): GITHUB,
    ("docker", "/"): "Dockerfile",
    ("docker-compose", "/"): "compose.yaml",
    ("devcontainers", "/"): f"{DEVCONTAINER}/devcontainer.json",
    ("npm", "/clients/typescript"): "clients/typescript/package.json",
}
WITH_IMAGES = re.compile(r'^(FROM |\s*-?\s*"?(image|name)"?: \S+:\d)', re.MULTILINE)


def test_updates_are_of_what_the_project_has() -> None:
    """Dependabot is told of each file; Renovate finds them, and pins images."""
    catalog = load_catalog()
    pinning = set()
    for tree in (rendered_tree(row.spec, catalog) for row in rows()):
        if ".github/dependabot.yml" in tree:
            found = yaml.safe_load(tree[".github/dependabot.yml"].content)["updates"]
            told = [(each["package-ecosystem"], each["directory"]) for each in found]
            assert told == [key for key, file in MANIFESTS.items() if file in tree]
        if "renovate.json" in tree:
            settings = json.loads(tree["renovate.json"].content)
            texts = [
                tree[path].content.decode()
                for path in ("Dockerfile", GITHUB, GITLAB, *CONTAINERS)
                if path in tree
            ]
            has_images = any(WITH_IMAGES.search(text) for text in texts)
            assert ("docker:pinDigests" in settings["extends"]) == has_images
            pinning.add(has_images)
    assert pinning == {True, False}


def test_a_development_container_is_pinned_and_has_the_services_of_the_project() -> (
    None
):
    catalog = load_catalog()
    trees = [rendered_tree(row.spec, catalog) for row in rows()]
    found = [tree for tree in trees if f"{DEVCONTAINER}/devcontainer.json" in tree]
    assert found
    for tree in found:
        container = json.loads(tree[f"{DEVCONTAINER}/devcontainer.json"].content)
        versions = [name.rpartition(":")[2] for name in container["features"]]
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
        assert container["remoteUser"] != "root"
        if "dockerComposeFile" not in container:
            assert re.search(r":\d+\.\d+-python", container["image"])
            continue
        own = yaml.safe_load(tree[f"{DEVCONTAINER}/compose.yaml"].content)["services"]
        services = yaml.safe_load(tree["compose.yaml"].content)["services"]
        assert own.keys() == {container["service"]}
        needed = {name for name, s in services.items() if "build" not in s}
        assert {*container["runServices"]} == needed
        assert own[container["service"]]["depends_on"].keys() == needed


def test_both_pipelines_run_the_same_commands_of_the_makefile(
    projects: Sequence[Mapping[str, str]],
) -> None:
    of_github = {c for files in projects for c in github_commands(files)}
    of_gitlab = {c for files in projects for c in gitlab_commands(files)}
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
    for command in sorted({*github_commands(files)} - ELSEWHERE):
        run(command.split(), project, {**environment, "UV_LOCKED": "1"})
    audit = run(["make", "--dry-run", "audit"], project, environment).split()
    refused = run([*audit, "--service-url", NOWHERE], project, environment, code=2)
    assert NOWHERE in refused, "it asks, and does not pass when nobody answers"


def program(name: str) -> Path:
    """One of fastgen's own environment."""
    return Path(sys.executable).with_name(name)


NOWHERE = "http://127.0.0.1:9"


def github_commands(files: Mapping[str, str]) -> Iterator[str]:
    if GITHUB not in files:
        return
    for job in yaml.safe_load(files[GITHUB])["jobs"].values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


def gitlab_commands(files: Mapping[str, str]) -> Iterator[str]:
    """Without the variables before a command, and without what sets a job up."""
    if GITLAB not in files:
        return
    jobs: Mapping[str, Any] = yaml.safe_load(files[GITLAB])
    for job in jobs.values():
        for line in job.get("script", ()) if isinstance(job, dict) else ():
            if found := re.search(r"make \w+$", line.strip()):
                yield found[0]
