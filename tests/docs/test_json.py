"""docs/json.md, the schemas beside it, and what the commands print are the same."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fastgen.cli.main import run
from tests.docs.documents import ROOT

SCHEMAS = {
    path.stem: json.loads(path.read_text())
    for path in sorted((ROOT / "docs" / "schemas").glob("*.json"))
}
NEW = "new shop --with docker --no-install --no-git"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    made = [*NEW.split(), "--with", "ci", "--quiet", "--output", str(folder)]
    assert run(made) == 0
    return folder / "shop"


@pytest.fixture
def project(original: Path, tmp_path: Path, monkeypatch, capsys) -> Path:
    """A project with an edited, a moved and a deleted file, and a conflict to come."""
    root = tmp_path / "shop"
    shutil.copytree(original, root)
    readme = (root / "README.md").read_text()
    (root / "README.md").write_text(re.sub(r"`\.github.*", "Ours.", readme))
    (root / "tests/test_errors.py").rename(root / "tests/test_problems.py")
    (root / "AGENTS.md").unlink()
    monkeypatch.chdir(root)
    capsys.readouterr()
    return root


def printed(capsys, arguments: str) -> tuple[int, dict[str, Any]]:
    code = run([*arguments.split(), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ("status", "status"),
        ("diff", "diff"),
        ("diff src", "diff"),
        ("explain .", "explain"),
        ("list", "list"),
        ("show ci", "show"),
        ("show core", "show"),
        ("show precommit", "show"),
        ("graph", "graph"),
        ("graph modules", "graph"),
        ("graph resources", "report"),
        ("undo --list", "history"),
        ("doctor", "report"),
        ("add precommit", "report"),
        ("add docker", "report"),
        ("generate endpoint Report", "report"),
        ("generate endpoint Health", "report"),
        ("generate nothing Health", "report"),
        ("add precommit --dry-run", "report"),
        ("remove docker", "report"),
        ("set ci.provider=gitlab", "report"),
        ("set ci.provider=gitlab --write-conflicts", "report"),
        ("set ci.provider=jenkins", "report"),
        ("remove core", "report"),
        ("diff nowhere", "report"),
        ("show nothing", "report"),
        ("nothing", "report"),
        ("add --nothing", "report"),
    ],
)
def test_a_command_prints_the_shape_that_is_documented(
    arguments: str, shape: str, project: Path, capsys
) -> None:
    code, value = printed(capsys, arguments)
    Draft202012Validator(SCHEMAS[shape]).validate(value)
    assert value["exit_code"] == code


def test_new_and_undo_print_a_report(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    check = Draft202012Validator(SCHEMAS["report"]).validate
    _, made = printed(capsys, NEW)
    check(made)
    assert made["again"].startswith("fastgen new shop --with docker")
    monkeypatch.chdir("shop")
    _, undone = printed(capsys, "undo")
    check(undone)
    assert {file["action"] for file in undone["files"]} == {"delete"}


def test_a_moved_file_says_where_it_was(tmp_path: Path, monkeypatch, capsys) -> None:
    """An option that decides on a file's place moves the user's edits along."""
    monkeypatch.setenv("FASTGEN_CACHE_DIR", str(tmp_path / "cache"))
    source = module_that_moves_a_file(tmp_path / "modules")
    monkeypatch.chdir(tmp_path)
    assert run([*NEW.split(), "--with", source, "--quiet"]) == 0
    monkeypatch.chdir("shop")
    with Path("guide.md").open("a") as guide:
        guide.write("Ours.\n")
    _, value = printed(capsys, "set guide.place=docs")
    Draft202012Validator(SCHEMAS["report"]).validate(value)
    (moved,) = [file for file in value["files"] if file["action"] == "move"]
    assert (moved["source"], moved["path"]) == ("guide.md", "docs/guide.md")


def module_that_moves_a_file(repository: Path) -> str:
    """A git repository with the module `guide`; its source."""
    module = repository / "guide"
    for value, path in (("root", "guide.md"), ("docs", "docs/guide.md")):
        file = module / "variants" / f"place={value}" / path
        file.parent.mkdir(parents=True)
        file.write_text("".join(f"Line {n}.\n" for n in range(20)))
    (module / "module.toml").write_text(
        'summary = "A guide"\n[options.place]\nsummary = "Where it lies"\n'
        'choices = ["root", "docs"]\ndefault = "root"\n'
    )
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "Guide")):
        subprocess.run(["git", *command], cwd=repository, check=True)
    return f"git+file://{repository}#guide"


def test_a_conflict_is_in_the_report(project: Path, capsys) -> None:
    code, value = printed(capsys, "set ci.provider=gitlab")
    assert code == 4
    assert [conflict["path"] for conflict in value["conflicts"]] == ["README.md"]
    assert "conflict" in {file["action"] for file in value["files"]}


@pytest.mark.parametrize("shape", SCHEMAS)
def test_every_key_of_a_schema_is_described(shape: str) -> None:
    text = (ROOT / "docs" / "json.md").read_text()
    section = re.search(rf"^## {shape}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert section, f"docs/json.md has no section {shape}"
    described = re.findall(r"^\| `([^`]+)` \|", section[1], re.M)
    assert described == list(_keys(SCHEMAS[shape], ""))


def _keys(schema: dict[str, Any], prefix: str) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield prefix + name
        if part.get("type") == "array":
            yield from _keys(part["items"], f"{prefix}{name}[].")
        else:
            yield from _keys(part, f"{prefix}{name}.")


@pytest.mark.parametrize("shape", SCHEMAS)
def test_a_schema_is_strict(shape: str) -> None:
    """What is not described would not go unnoticed."""
    Draft202012Validator.check_schema(SCHEMAS[shape])
    value = dict.fromkeys(SCHEMAS[shape]["required"]) | {"unknown": 1}
    messages = [
        e.message for e in Draft202012Validator(SCHEMAS[shape]).iter_errors(value)
    ]
    assert any("'unknown' was unexpected" in message for message in messages)
