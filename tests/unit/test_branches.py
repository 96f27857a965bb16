"""Two people who each add a module on a branch of their own."""

import subprocess
from pathlib import Path

import pytest

from fastgen.cli.main import run


def git(*command: str) -> str:
    person = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    done = subprocess.run(
        ["git", *person, *command], capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.fixture
def project(tmp_path, monkeypatch, test_modules):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "myapi", "--no-install", "--no-git", "--quiet"]) == 0
    monkeypatch.chdir(tmp_path / "myapi")
    git("init", "--quiet", "--initial-branch=main")
    commit()
    return tmp_path / "myapi"


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "-m", "x")


def test_what_git_has_said_twice_in_the_spec_is_read_once(project):
    assert run(["add", "docker", "alpha", "--quiet"]) == 0
    spec = Path("fastgen.toml")
    core = '[modules.core]\nserver = "uvicorn"\n\n'
    # Where tables that both sides have stand between ones that they add.
    spec.write_text(spec.read_text().replace(core, core + "[modules.beta]\n" + core))
    assert run(["status"]) == 0
    before = Path("fastgen.toml").read_bytes()
    assert run(["remove", "alpha", "--quiet", "--write-conflicts"]) in (0, 4)
    assert Path("fastgen.toml").read_text().count("[modules.core]") == 1
    assert run(["undo", "--quiet"]) == 0
    assert Path("fastgen.toml").read_bytes() == before


def test_the_spec_merges_and_the_project_goes_on(project, capsys):
    for module in ("docker", "ci"):
        git("checkout", "--quiet", "-b", module, "main")
        assert run(["add", module, "--quiet"]) == 0
        commit()
    git("merge", "docker")
    conflicts = git("diff", "--name-only", "--diff-filter=U").split()
    assert "fastgen.toml" not in conflicts
    for path in conflicts:  # take both sides, as one does
        lines = Path(path).read_text().splitlines(keepends=True)
        marks = ("<<<<<<<", "=======", ">>>>>>>")
        Path(path).write_text("".join(x for x in lines if not x.startswith(marks)))
    commit()
    capsys.readouterr()
    assert run(["list"]) == 0
    printed = capsys.readouterr().out
    assert "* docker" in printed
    assert "* ci" in printed
    assert run(["doctor"]) == 0
    assert run(["add", "precommit", "--quiet"]) == 0
    assert run(["remove", "docker", "--quiet"]) == 0


def test_two_branches_that_each_generate_a_resource_merge(project):
    assert run(["generate", "resource", "Shop", "name:str", "--quiet"]) == 0
    commit()
    for name in ("Apple", "Zebra"):
        git("checkout", "--quiet", "-b", name, "main")
        fields = ["name:str", "shop:ref:Shop"]
        assert run(["generate", "resource", name, *fields, "--quiet"]) == 0
        commit()
    git("merge", "Apple")
    text = Path("fastgen.toml").read_text()
    for name in ("Apple", "Shop", "Zebra"):
        assert text.count(f'{name}.fields.name = "str"') == 1
    git("checkout", "--quiet", "--ours", "--", "src", "tests", "pyproject.toml")
    assert run(["status"]) == 0


def test_two_branches_that_each_generate_their_first_endpoint_merge(project):
    """Even where both have the table that was there on neither."""
    for name in ("Apple", "Zebra"):
        git("checkout", "--quiet", "-b", name, "main")
        assert run(["generate", "endpoint", name, "--quiet"]) == 0
        commit()
    git("merge", "Apple")
    text = Path("fastgen.toml").read_text()
    for name in ("Apple", "Zebra"):
        assert text.count(f'endpoint.{name}.method = "get"') == 1
    git("checkout", "--quiet", "--ours", "--", "src", "tests")
    assert run(["status"]) == 0
    assert run(["remove", "endpoint", "Apple", "--quiet", "--dry-run"]) in (0, 4)
