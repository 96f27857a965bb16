"""What is shipped: the wheel, installed by pipx, works like the checkout."""

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from .commands import CHECKOUT, clean_environment, fastgen, run
from .generated import Generated

# What work in a checkout leaves there.
LITTER = (
    ".cache/projects/environment/pyvenv.cfg",
    ".mypy_cache/3.11/cache.db",
    "build/lib/fastgen/old.py",
    "demo/my-api/fastgen.toml",
    "fastgen/__pycache__/plan.cpython-311.pyc",
    "templates/core/files/src/myapi/.ruff_cache/CACHEDIR.TAG",
    "templates/core/files/src/myapi/__pycache__/errors.cpython-311.pyc",
)


def tracked(folder: str = ".") -> list[str]:
    """The files of the checkout that are, or are about to be, under version control."""
    listed = run(["git", "ls-files", "-coz", "--exclude-standard", folder], CHECKOUT)
    return [path for path in listed.split("\0") if path and (CHECKOUT / path).exists()]


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The wheel of a copy of this checkout, in which work has left its litter."""
    copy = tmp_path / "checkout"
    for path in tracked():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / path, copy / path)
    for path in LITTER:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text("")
    out = tmp_path / "dist"
    run([sys.executable, "-m", "build", "--wheel", "--outdir", out], copy)
    (built,) = out.iterdir()
    return built


@pytest.mark.slow
def test_the_wheel_of_this_checkout_makes_the_same_projects(
    wheel: Path, tmp_path: Path
) -> None:
    check_contents(wheel)

    home = tmp_path / "home"
    environment = clean_environment() | {
        "HOME": str(home),
        "PIPX_HOME": str(home / "pipx"),
        "PIPX_BIN_DIR": str(home / "bin"),
        "PIPX_MAN_DIR": str(home / "man"),
    }
    home.mkdir()
    pipx = (sys.executable, "-m", "pipx", "install", "--python")
    run([*pipx, os.path.realpath(sys.executable), wheel], tmp_path, environment)

    new = ("new", "my-api", "--preset", "api", "--no-install")
    projects = []
    for folder in (tmp_path / "installed", tmp_path / "checked-out"):
        folder.mkdir()
        projects.append(Generated(folder / "my-api"))
    bare = {"HOME": str(home), "PATH": os.environ["PATH"]}
    run([home / "bin" / "fastgen", *new], projects[0].root.parent, bare)
    fastgen(*new, folder=projects[1].root.parent)
    assert projects[0].files() == projects[1].files()


def check_contents(wheel: Path) -> None:
    """The package and all templates; nothing else of the checkout."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    metadata = {name for name in names if ".dist-info/" in name}
    assert {Path(name).name for name in metadata} >= {"METADATA", "entry_points.txt"}
    templates = {f"fastgen/{path}" for path in tracked("templates")}
    assert len(templates) > 40
    assert names - metadata == templates | {*tracked("fastgen")}
