"""Names of tags and images never become part of a shell command."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.modules.rendered import Texts, rendered_rows

GITHUB = ".github/workflows/ci.yml"
GITLAB = ".gitlab-ci.yml"

VERSIONS = ["v1", "v1.2.3", "v2.0.0-rc.1", "v10.0"]
OTHERS = [
    *("v", "vx", "1.2.3", "v1;touch${IFS}made", "v1$(touch${IFS}made)", "v1`touch`"),
    *("v1/2", "v1'x", 'v1"x', "v1&x", "v1|x", "v1 x", "v1\nx", "v1$x", "v1:2", "v1é"),
]

RECORDER = """#!/bin/sh
printf '%s\\n' "$@" >> arguments
"""


def first_with(*paths: str) -> Texts:
    return next(t for t in rendered_rows() if all(path in t for path in paths))


def publish(folder: Path, *variables: str) -> subprocess.CompletedProcess[str]:
    """The result of `make publish`, with a `docker` that writes down its arguments."""
    (folder / "Makefile").write_text(first_with("Dockerfile")["Makefile"])
    program = folder / "bin" / "docker"
    program.parent.mkdir(exist_ok=True)
    program.write_text(RECORDER)
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["make", "publish", *variables],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def arguments(folder: Path) -> list[str]:
    return (folder / "arguments").read_text().splitlines()


@pytest.mark.parametrize("tag", [*VERSIONS, *OTHERS])
def test_github_refuses_other_tags_before_anything_else(
    tmp_path: Path, tag: str
) -> None:
    workflow = yaml.safe_load(first_with(GITHUB, "Dockerfile")[GITHUB])
    check, *_ = workflow["jobs"]["publish"]["steps"]
    environment = {**os.environ, "GITHUB_REF_NAME": tag, "LC_ALL": "C.UTF-8"}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", check["run"]]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False)
    assert (done.returncode == 0) == (tag in VERSIONS)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("tag", [*VERSIONS, *OTHERS])
def test_gitlab_makes_no_pipeline_for_other_tags(tag: str) -> None:
    pipeline = yaml.safe_load(first_with(GITLAB, "Dockerfile")[GITLAB])
    rules = [*pipeline["workflow"]["rules"], *pipeline["publish-image"]["rules"]]
    found = [re.search(r"\$CI_COMMIT_TAG =~ /\^(.*)\$/$", rule["if"]) for rule in rules]
    patterns = [match[1] for match in found if match]
    assert len(patterns) == 2
    for pattern in patterns:
        assert bool(re.fullmatch(pattern, tag)) == (tag in VERSIONS)


@pytest.mark.parametrize(
    "name",
    [
        *("1;touch made", "1$$(touch made)", "1`touch made`", "1'; touch made; '"),
        *('1"; touch made; "', "1 && touch made", "1 | touch made", "1 --load"),
    ],
)
def test_a_hostile_name_of_an_image_is_one_argument(tmp_path: Path, name: str) -> None:
    image = f"ghcr.io/o/r:{name}"
    done = publish(tmp_path, f"IMAGE={image}", f"SOURCE={name}")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "made").exists()
    name, image = name.replace("$$", "$"), image.replace("$$", "$")
    given = arguments(tmp_path)
    assert given[given.index("--tag") + 1] == image
    assert f"org.opencontainers.image.version={name}" in given
    assert f"org.opencontainers.image.source={name}" in given


@pytest.mark.parametrize(
    "variables", [(), ("IMAGE=",), ("IMAGE=r",), ("IMAGE=localhost:5000/x",)]
)
def test_an_image_without_a_version_is_refused(
    tmp_path: Path, variables: tuple[str, ...]
) -> None:
    done = publish(tmp_path, *variables)
    assert done.returncode != 0
    assert "Set IMAGE with a version: make publish IMAGE=" in done.stderr
    assert not (tmp_path / "arguments").exists()


def test_the_version_is_behind_the_name_and_the_pushed_image_is_scanned(
    tmp_path: Path,
) -> None:
    image = "localhost:5000/x:1.2.3"
    assert publish(tmp_path, f"IMAGE={image}").returncode == 0
    given = arguments(tmp_path)
    assert "org.opencontainers.image.version=1.2.3" in given
    assert not [each for each in given if "image.source" in each]
    push, pull = given.index("--push"), given.index("pull")
    scan = given.index("docker-archive:/build/image.tar")
    assert push < pull < given.index("save") < scan
    assert given[pull + 2] == image
