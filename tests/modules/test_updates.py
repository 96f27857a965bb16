"""The service that brings updates is told of all that a project has."""

import json
import re
from pathlib import Path

import yaml

from tests.modules.rendered import check_schemas, check_security, rendered_rows

DEPENDABOT = ".github/dependabot.yml"
RENOVATE = "renovate.json"

MANIFESTS = {
    ("uv", "/"): "pyproject.toml",
    ("github-actions", "/"): ".github/workflows/ci.yml",
    ("docker", "/"): "Dockerfile",
    ("docker-compose", "/"): "compose.yaml",
    ("devcontainers", "/"): ".devcontainer/devcontainer.json",
    ("npm", "/clients/typescript"): "clients/typescript/package.json",
}
HAVE_IMAGES = (
    "Dockerfile",
    ".github/workflows/ci.yml",
    ".gitlab-ci.yml",
    ".devcontainer/compose.yaml",
    ".devcontainer/devcontainer.json",
)
IMAGE = re.compile(r'^(FROM |\s*-?\s*"?(image|name)"?: \S+:\d)', re.MULTILINE)


def test_both_files_follow_their_published_schemas(tmp_path: Path) -> None:
    check_schemas({DEPENDABOT: "dependabot", RENOVATE: "renovate"}, tmp_path)


def test_a_linter_of_security_finds_nothing_in_dependabots(tmp_path: Path) -> None:
    check_security(DEPENDABOT, tmp_path)


def test_dependabot_is_told_of_each_file() -> None:
    found = [texts for texts in rendered_rows() if DEPENDABOT in texts]
    assert found
    for texts in found:
        updates = yaml.safe_load(texts[DEPENDABOT])["updates"]
        told = [(each["package-ecosystem"], each["directory"]) for each in updates]
        assert told == [key for key, file in MANIFESTS.items() if file in texts]


def test_renovate_pins_images_where_there_are_some() -> None:
    """It finds files by itself."""
    pinning = set()
    for texts in rendered_rows():
        if RENOVATE in texts:
            settings = json.loads(texts[RENOVATE])
            has_images = any(
                IMAGE.search(texts[path]) for path in HAVE_IMAGES if path in texts
            )
            assert ("docker:pinDigests" in settings["extends"]) == has_images
            pinning.add(has_images)
    assert pinning == {True, False}
