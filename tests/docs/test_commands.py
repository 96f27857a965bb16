"""Everything that README.md and docs/ tell people to type is typed here.

`pytest tests/docs --update` writes what the commands print into the documents, except
where a part of it is left out.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.documents import (
    DOCUMENTS,
    ROOT,
    Command,
    agrees,
    blocks,
    commands,
    run,
)

GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}

NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What documents use of a clone of this repository: the examples, committed."""
    folder = tmp_path_factory.mktemp("fastgen")
    shutil.copytree(ROOT / "examples", folder / "examples")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "Examples")):
        subprocess.run(
            ["git", *arguments], cwd=folder, env={**os.environ, **GIT}, check=True
        )
    return folder


@pytest.fixture
def environment(tmp_path: Path, clone: Path) -> dict[str, str]:
    """A shell as a person would have it, with this fastgen in it."""
    programs = Path(sys.executable).parent
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "PYTHONPATH") and not name.startswith("GIT_")
    }
    return clean | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "LC_ALL": "C",
        "FASTGEN_CACHE_DIR": str(tmp_path / "cache"),
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")),
        "FASTGEN": str(clone),
        **GIT,
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_commands_of_a_document_do_what_it_says(
    name: str, tmp_path: Path, environment: dict[str, str], request
) -> None:
    document = ROOT / name
    script = commands(document.read_text())
    folder = tmp_path / "work"
    folder.mkdir()
    results = list(zip(script, run(script, folder, environment), strict=True))
    if request.config.getoption("--update"):
        _update(document, [(c, r.output) for c, r in results if c.expected is not None])
        return
    for command, ran in results:
        printed = "\n".join(ran.output)
        assert ran.code == 0 or command.code_follows, f"$ {command.text}\n{printed}"
        if command.expected is not None:
            said = "\n".join(command.expected)
            assert agrees(command.expected, ran.output), (
                f"{name}:{command.first}: $ {command.text}\nsaid:\n{said}\n"
                f"prints:\n{printed}"
            )


def _update(document: Path, printed: list[tuple[Command, tuple[str, ...]]]) -> None:
    lines = document.read_text().splitlines()
    for command, output in reversed(printed):
        assert command.expected is not None
        if any("..." in line for line in command.expected):
            continue
        lines[command.first : command.last] = output
    document.write_text("\n".join(lines) + "\n")


def test_only_what_needs_more_than_a_shell_is_not_run() -> None:
    """A reason for each such block, and never a plain fastgen command in it."""
    for document in DOCUMENTS:
        for block in blocks(document.read_text()):
            if block.not_run:
                for line in block.lines:
                    assert not line.removeprefix("$ ").startswith("fastgen "), line


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    document = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", found.read_text(), re.MULTILINE)
            slugs = {
                re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
                for heading in headings
            }
            assert anchor in slugs, target
