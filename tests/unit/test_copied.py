"""`fastgen new --template`, with real Copier templates in git repositories."""

import json
import subprocess
from pathlib import Path

import pytest

from fastgen.cli.main import run

FILES = {
    "copier.yml": "who:\n  type: str\n  default: world\n",
    "hello.txt.jinja": "hello {{ who }}\n",
    "{{_copier_conf.answers_file}}.jinja": "{{ _copier_answers|to_nice_yaml }}",
}


def git(folder: Path, *command: str) -> None:
    person = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *person, *command], cwd=folder, check=True)


@pytest.fixture
def template(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "template"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    git(folder, "init", "--quiet")
    release(folder, "v1.0.0")
    return folder


def release(folder: Path, tag: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", tag)
    git(folder, "tag", tag)


def new(template: Path, *options: str) -> int:
    return run(["new", "shop", "--template", str(template), "--no-git", *options])


def test_a_project_is_made_of_the_newest_tag_with_the_given_answers(template):
    (template / "hello.txt.jinja").write_text("not released, {{ who }}\n")
    assert new(template, "--set", "who=Ada") == 0
    assert Path("shop/hello.txt").read_text() == "hello Ada\n"
    assert "_commit: v1.0.0" in Path("shop/.copier-answers.yml").read_text()


def test_a_dry_run_of_a_template_writes_nothing(template, capsys):
    assert new(template, "--dry-run", "--json") == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [file["path"] for file in files] == [".copier-answers.yml", "hello.txt"]
    assert not Path("shop").exists()


def test_a_template_that_runs_code_is_refused(template, tmp_path, capsys):
    task = f"_tasks:\n  - touch {tmp_path}/was-run\n"
    (template / "copier.yml").write_text(FILES["copier.yml"] + task)
    release(template, "v2.0.0")
    assert new(template) == 3
    assert "wants to run code" in capsys.readouterr().err
    assert not Path("shop").exists()
    assert not (tmp_path / "was-run").exists()


def test_a_template_that_makes_a_link_is_refused(template):
    (template / "passwd").symlink_to("/etc/passwd")
    (template / "copier.yml").write_text("_preserve_symlinks: true\n")
    release(template, "v2.0.0")
    assert new(template) == 3
    assert not Path("shop").exists()


@pytest.mark.parametrize("options", [["--with", "docker"], ["--set", "who"]])
def test_options_that_a_template_cannot_have_are_refused(template, options):
    assert new(template, *options) == 2


def test_a_template_that_is_not_there_is_refused(template, tmp_path):
    assert new(tmp_path / "nothing") == 3
