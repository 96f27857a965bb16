from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="Write what the cases print and change, to be read as a diff.",
    )


@pytest.fixture
def test_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules of tests/packaged, found as an installed package's are."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "packaged")
