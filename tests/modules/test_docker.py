"""The image that the Dockerfile of a project makes, as it runs: without root, on a file
system that is read-only, and with nothing in it that only a build needs. And
compose.yaml, with the services that the chosen modules need, and no more."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from fastgen.names import PYTHONS
from tests.modules.images import Container, Image, build, finished, running
from tests.modules.rendered import check_schemas, texts_of
from tests.projects.conftest import Make
from tests.projects.generated import START, STOP, ask, free_port, wait_for
from tests.projects.matrix import Row, rows

# Programs that a build needs, or that somebody who broke in would like.
TOOLS = ("uv", "uvx", "pip", "pip3", "gcc", "cc", "make", "git", "pytest", "mypy")
PROGRAMS = ("app/.venv/bin", "usr/local/bin", "usr/bin", "bin", "usr/sbin")
CACHES = ("root/.cache", "app/src", "app/uv.lock", "var/cache/uv")

USER = 10001

READY = """
from http.client import HTTPConnection
connection = HTTPConnection("127.0.0.1:{port}")
connection.request("GET", "/health/ready")
print(connection.getresponse().read().decode())
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "container.log"


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """An empty one, which belongs to the user of the image, as /data in it does."""
    folder = tmp_path / "volume"
    folder.mkdir()
    os.chown(folder, USER, USER)
    return folder


@pytest.mark.slow
def test_with_sqlite_and_logins(make: Make, volume: Path, log: Path) -> None:
    project = make("my-api", "--with", "auth,docker")
    image = build(project, "localhost/fastgen-sqlite")
    settings = {
        "AUTH_LINK_URL": "https://shop.example.org",
        "AUTH_SECRET_KEYS": "0123456789" * 4,
        "DATABASE_URL": "sqlite:////data/myapi.db",
        "MAIL_FROM": "api@example.org",
        "MAIL_URL": "smtp://mail.example.org",
    }
    check_contents(image)
    assert image.config["Labels"]["org.opencontainers.image.title"] == "my-api"

    without_secret = {**settings, "AUTH_SECRET_KEYS": ""}
    with running(image, log, volume=volume, **without_secret) as container:
        check_refusal(container, "Settings: AUTH_SECRET_KEYS")

    migrate = ("alembic", "upgrade", "head")
    with running(image, log, *migrate, volume=volume, **settings) as container:
        assert finished(container) == 0, container.text
    # Its own health is not asked for through a proxy.
    elsewhere = {"PORT": "9000", "http_proxy": "http://127.0.0.1:9"}
    with running(image, log, volume=volume, **settings, **elsewhere) as container:
        check_running(container, port=9000)

    source = project.root / "src" / "my_api" / "main.py"
    source.write_text(source.read_text() + "\n# changed\n")
    again = build(project, "localhost/fastgen-sqlite")
    changed = [a for a, b in zip(image.layers, again.layers, strict=True) if a != b]
    assert len(changed) == 1, "more than the application changed"


@pytest.mark.slow
@pytest.mark.matrix
def test_with_postgresql_on_granian(make: Make, postgres: str, log: Path) -> None:
    project = make(
        *("my-api", "--with", "database,docker"),
        *("--set", "database.engine=postgres", "--set", "core.server=granian"),
    )
    image = build(project, "localhost/fastgen-postgres")
    check_contents(image)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    serve = (*image.config["Cmd"], "--port", str(port))
    migrate = ("alembic", "upgrade", "head")

    absent = {"DATABASE_URL": f"postgresql://me@127.0.0.1:{free_port()}/shop"}
    with running(image, log, *migrate, network="host", **absent) as container:
        check_refusal(container, "database")
    with running(image, log, *serve, network="host", **absent) as container:
        wait_for(container.process, port, log)
        assert ask(f"{address}/health/live").status == 200
        assert ask(f"{address}/health/ready").status == 503
        assert container.stop() < STOP, container.text

    there = {"DATABASE_URL": postgres}
    with running(image, log, *migrate, network="host", **there) as container:
        assert finished(container) == 0, container.text
    with running(image, log, *serve, network="host", **there) as container:
        wait_for(container.process, port, log)
        assert ask(f"{address}/health/ready").status == 200
        assert container.stop() < STOP, container.text


@pytest.mark.slow
@pytest.mark.matrix
def test_with_nothing_else_on_hypercorn(make: Make, log: Path) -> None:
    project = make("my-api", "--with", "docker", "--set", "core.server=hypercorn")
    image = build(project, "localhost/fastgen-core")
    check_contents(image)
    with running(image, log) as container:
        check_running(container)


def check_contents(image: Image) -> None:
    with image.mounted() as root:
        for folder in PROGRAMS:
            for tool in TOOLS:
                assert not (root / folder / tool).exists(), f"{folder}/{tool}"
        for path in CACHES:
            assert not (root / path).exists(), path
        assert (root / "app/application/my_api/main.py").is_file()


def check_running(container: Container, port: int = 8000) -> None:
    """The image's own command, on a port of a network of its own."""
    healthcheck = container.image.config["Healthcheck"]["Test"]
    assert healthcheck[0] == "CMD"
    deadline = time.monotonic() + START
    while not container.succeeds(*healthcheck[1:]):
        assert time.monotonic() < deadline, container.text
        assert container.process.poll() is None, container.text
    assert '"status":"ok"' in container.run("python", "-c", READY.format(port=port))
    assert container.run("id", "-u").strip() == str(USER)
    refused = container.run("sh", "-c", "echo > /app/written", code=2)
    assert "Read-only file system" in refused
    assert container.stop() < STOP, container.text
    assert container.process.returncode == 0, container.text
    assert "Traceback" not in container.text


def check_refusal(container: Container, words: str) -> None:
    """It ends by itself, with one line that says why."""
    assert finished(container) != 0, container.text
    (line,) = container.text.splitlines()
    assert words in line


def test_compose_files_follow_the_compose_specification(tmp_path: Path) -> None:
    check_schemas({"compose.yaml": "compose-spec"}, tmp_path)


WITH_DOCKER = [row for row in rows() if "docker" in row.modules]


@pytest.mark.parametrize("row", WITH_DOCKER, ids=str)
def test_compose_has_the_services_that_are_needed(row: Row) -> None:
    compose = yaml.safe_load(texts_of(row)["compose.yaml"])
    assert {*compose["services"]} == needed(row)
    app = compose["services"]["app"]
    port = app["environment"]["PORT"]
    assert app["ports"] == [f"127.0.0.1:${{PORT:-{port}}}:{port}"]
    for name, service in compose["services"].items():
        check_service(name, service, compose)


@pytest.mark.parametrize("row", WITH_DOCKER, ids=str)
def test_an_image_has_the_newest_python_and_a_title(row: Row) -> None:
    """Whatever the Python of the machine is that the project is made on."""
    dockerfile = texts_of(row)["Dockerfile"]
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    python = f"python:{PYTHONS[-1]}-slim-trixie"
    assert bases == ["ghcr.io/astral-sh/uv:0.13", python, python]
    assert "org.opencontainers.image.title=" in dockerfile
    for path in (".github/workflows/ci.yml", ".gitlab-ci.yml"):
        if path in texts_of(row):
            assert PYTHONS[-1] in texts_of(row)[path]


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
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
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
