import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from fastgen.catalog import sources
from tests.kit import EXAMPLES

# A change is judged by the same examples each time; whoever runs the tests explores.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """fastgen's cache is empty when a run begins; the workers of a run share it."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        folder = tempfile.mkdtemp(prefix="fastgen-cache-")
        os.environ["FASTGEN_CACHE_DIR"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="Write what the cases print and change, to be read as a diff.",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take minutes begin, and others run beside them."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture
def test_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules of tests/packaged, found as an installed package's are."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "packaged")


@pytest.fixture
def example_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules of examples/ beside those of installed packages."""
    installed = sources.package_folders

    def with_examples() -> Iterator[tuple[Path, str]]:
        yield from installed()
        yield EXAMPLES, "package:examples"

    monkeypatch.setattr(sources, "package_folders", with_examples)
