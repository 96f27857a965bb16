"""compose.yaml is what the compose specification asks for, and holds the services that
the chosen modules need, and no more."""

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .commands import CHECKOUT, fastgen, run
from .matrix import Row, rows

WITH_DOCKER = [pytest.param(r, id=str(r)) for r in rows() if "docker" in r.modules]


@pytest.mark.parametrize("row", WITH_DOCKER)
def test_it_is_valid_and_has_the_services_that_are_needed(
    tmp_path: Path, row: Row
) -> None:
    silent = ("--no-install", "--no-git", "--quiet")
    fastgen("new", "my-api", *row.arguments, *silent, folder=tmp_path)
    file = tmp_path / "my-api" / "compose.yaml"
    # Its schema comes with check-jsonschema.
    validate = ("-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec")
    run([sys.executable, *validate, file], CHECKOUT)
    compose = yaml.safe_load(file.read_text())
    assert {*compose["services"]} == needed(row)
    app = compose["services"]["app"]
    port = app["environment"]["PORT"]
    assert app["ports"] == [f"127.0.0.1:${{PORT:-{port}}}:{port}"]
    for name, service in compose["services"].items():
        check_service(name, service, compose)


def needed(row: Row) -> set[str]:
    engine = row.modules.get("database", {}).get("engine")
    return {
        "app",
        *(["migrate"] if engine else []),
        *(["postgres"] if engine == "postgres" else []),
        *(["mailpit"] if "mail" in row.modules else []),
    }


def check_service(name: str, service: dict[str, Any], compose: dict[str, Any]) -> None:
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:"), f"{name} is open to the network"
    if "build" in service:
        assert service["read_only"], name
    else:
        _, _, version = service["image"].partition(":")
        assert version not in ("", "latest"), f"{name} is of any version"
        assert "healthcheck" in service, name
    for volume in service.get("volumes", []):
        assert volume.partition(":")[0] in compose["volumes"], volume
    for other, how in service.get("depends_on", {}).items():
        healthy = "healthcheck" in compose["services"][other]
        wanted = "service_healthy" if healthy else "service_completed_successfully"
        assert how["condition"] == wanted, (name, other)
