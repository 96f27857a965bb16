"""The development container is valid, pinned, and has the services of the project."""

import json
import re
from pathlib import Path

import yaml

from tests.modules.rendered import check_schemas, rendered_rows

CONTAINER = ".devcontainer/devcontainer.json"
COMPOSE = ".devcontainer/compose.yaml"


def test_its_compose_file_follows_the_published_schema(tmp_path: Path) -> None:
    check_schemas({COMPOSE: "compose-spec"}, tmp_path)


def test_it_is_pinned_and_has_the_services_of_the_project() -> None:
    found = [texts for texts in rendered_rows() if CONTAINER in texts]
    assert found
    for texts in found:
        container = json.loads(texts[CONTAINER])
        versions = [name.rpartition(":")[2] for name in container["features"]]
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
        assert container["remoteUser"] != "root"
        if "dockerComposeFile" not in container:
            assert re.search(r":\d+\.\d+-python", container["image"])
            continue
        own = yaml.safe_load(texts[COMPOSE])["services"]
        services = yaml.safe_load(texts["compose.yaml"])["services"]
        assert own.keys() == {container["service"]}
        needed = {name for name, s in services.items() if "build" not in s}
        assert {*container["runServices"]} == needed
        assert own[container["service"]]["depends_on"].keys() == needed
