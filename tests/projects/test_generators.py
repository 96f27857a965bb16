"""Endpoints that fastgen generates, in projects without logins and with them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from .commands import fastgen
from .conftest import Make
from .generated import Generated

ENDPOINTS = {"OrderItem": "get", "Reprint": "post", "L" + "o" * 36 + "ng": "post"}
SUITES = ["tests/test_order_item.py", "tests/test_reprint.py", "tests/test_openapi.py"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "modules",
    [
        "",
        pytest.param("auth", marks=pytest.mark.matrix),
        pytest.param("auth,admin", marks=pytest.mark.matrix),
    ],
)
def test_generated_endpoints_are_linted_typed_and_pass_their_tests(
    make: Make, modules: str
) -> None:
    """With logins too, whether these are there before the endpoints or come later."""
    project = make("shop")
    add = ("add", modules, "--no-install")
    if modules:
        fastgen(*add, folder=project.root)
    generate(project.root)
    project.lint()
    project.check_types()
    contract = f"tests/test_contract{'_logged_in' if modules else ''}.py"
    project.passed(files=[*SUITES, contract])
    if modules:
        later = make("shop", folder=project.root.parent / "later")
        generate(later.root)
        fastgen(*add, folder=later.root)
        assert written(later) == written(project)


def generate(root: Path) -> None:
    for name, method in ENDPOINTS.items():
        command = ("generate", "endpoint", name, "--method", method, "--no-install")
        fastgen(*command, folder=root)


def written(project: Generated) -> Mapping[str, bytes]:
    """Its files; without secrets, which differ from project to project."""
    return {path: text for path, text in project.files().items() if path != ".env"}
