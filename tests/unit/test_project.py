"""What is read of a project."""

import json
from pathlib import Path

import pytest

from fastgen.cli.main import run
from fastgen.project.reading import walk


def test_copies_in_what_was_built_are_not_read(tmp_path):
    for path in ("src/shop/build/a.py", "build/lib/shop/a.py", "dist/shop/a.py"):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.touch()
    assert [*walk(tmp_path)] == ["src/shop/build/a.py"]
    assert [*walk(tmp_path, "src")] == ["src/shop/build/a.py"]


def written(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")


def test_other_repositories_projects_and_the_cache_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTGEN_CACHE_DIR", str(tmp_path / ".cache" / "fastgen"))
    written(tmp_path, "fastgen.toml", ".git/HEAD", "src/shop/a.py")
    written(tmp_path, ".worktrees/feature/.git", ".worktrees/feature/a.py")
    written(tmp_path, "vendor/other/.git/HEAD", "vendor/other/a.py", "vendor/b.py")
    written(tmp_path, "services/mail/fastgen.toml", "services/mail/src/mail/a.py")
    written(tmp_path, ".cache/fastgen/sources/1/a.py", ".cache/b.py")
    found = [*walk(tmp_path)]
    assert found == ["fastgen.toml", ".cache/b.py", "src/shop/a.py", "vendor/b.py"]


@pytest.mark.parametrize("copy", ["tracked", "ignored", "worktree", "project"])
def test_a_deleted_file_has_not_moved_to_a_copy_that_is_not_the_projects(
    copy, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "1")
    assert run(["new", "shop", "--with", "docker", "--no-install", "--quiet"]) == 0
    root = tmp_path / "shop"
    monkeypatch.chdir(root)
    place = root / "copy"
    place.mkdir()
    (root / "compose.yaml").rename(place / "compose.yaml")
    (root / "src/shop/health.py").rename(place / "health.py")
    if copy == "ignored":
        (root / ".git/info/exclude").write_text("/copy/\n")
    elif copy == "worktree":
        (place / ".git").write_text("gitdir: ../.git/worktrees/copy\n")
    elif copy == "project":
        (place / "fastgen.toml").write_text("")
    capsys.readouterr()
    assert run(["status", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    states = {file["path"]: file["state"] for file in files}
    expected = "moved" if copy == "tracked" else "deleted"
    for path in ("compose.yaml", "src/shop/health.py"):
        assert states[path] == expected
