"""A module from a git repository, at one commit and then at another."""

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from fastgen.cli.main import run

QUIET = ("--no-install", "--quiet")
LETTER = """\
from fastapi import APIRouter

router = APIRouter(prefix="/letters")


@router.get("")
async def list_letters(limit: int = 10) -> list[str]:
    return ["a"][:limit]


@router.get("/last")
async def last_letter() -> str:
    return "z"
"""
MODULE = """\
summary = "Letters"

[options.size]
summary = "How large they are"
default = "small"
choices = ["small", "large"]

[facts]
dependencies = ["anyio>=4"]

[[facts.routers]]
name = "letters"
module = "myapi.letters"
"""
TABLE = """
[[facts.tables]]
name = "{}"
module = "myapi.letters"
table = "{}"
"""
LETTERS = "src/myapi/letters.py"


class Repository:
    """A git repository with the module `letters`, whose commits are tagged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.module = folder / "modules" / "letters"
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *command: str) -> str:
        person = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        done = subprocess.run(
            ["git", *person, *command],
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        place = self.module / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def commit(self, tag: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", tag)
        self.git("tag", tag)
        return self.git("rev-parse", "HEAD")

    def source(self, ref: str) -> str:
        return f"git+file://{self.folder}@{ref}#modules/letters"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTGEN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CI", "1")
    made = Repository(tmp_path / "repository")
    made.write("module.toml", MODULE)
    made.write(f"files/{LETTERS}", LETTER)
    made.write("files/docs/old.txt", "goes with v2\n")
    made.commit("v1")
    made.write("module.toml", MODULE.replace("anyio>=4", "anyio>=4.2"))
    made.write(f"files/{LETTERS}", LETTER.replace("limit: int = 10", "limit: int = 20"))
    (made.module / "files/docs/old.txt").unlink()
    made.write("files/docs/new.txt", "comes with v2\n")
    made.commit("v2")
    return made


@pytest.fixture
def project(repository, tmp_path, monkeypatch):
    """A project with the module at v1, whose router the user has edited."""
    monkeypatch.chdir(tmp_path)
    assert run(["new", "myapi", "--no-git", *QUIET]) == 0
    monkeypatch.chdir(tmp_path / "myapi")
    root = tmp_path / "myapi"
    assert run(["add", repository.source("v1"), *QUIET]) == 0
    assert run(["set", "letters.size=large", *QUIET]) == 0
    edit(root / LETTERS, 'return "z"', 'return "omega"')
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def recorded(project: Path) -> dict[str, str]:
    return tomllib.loads((project / "fastgen.toml").read_text())["modules"]["letters"]


def states(capsys) -> dict[str, str]:
    capsys.readouterr()
    assert run(["status", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    return {file["path"]: file["state"] for file in files}


def test_a_newer_commit_is_merged_into_what_the_user_edited(
    repository, project, capsys
):
    assert run(["add", repository.source("v2"), "--no-install"]) == 0
    commit = repository.git("rev-parse", "v2")
    assert f"takes letters from {commit[:12]}" in capsys.readouterr().out.lower()
    text = (project / LETTERS).read_text()
    assert "limit: int = 20" in text
    assert 'return "omega"' in text
    assert "anyio>=4.2" in (project / "pyproject.toml").read_text()
    assert (project / "docs/new.txt").read_text() == "comes with v2\n"
    assert not (project / "docs/old.txt").exists()
    assert recorded(project) == {"size": "large", "source": repository.source(commit)}

    found = states(capsys)
    assert {path for path, state in found.items() if state != "pristine"} == {LETTERS}
    before = (project / "fastgen.toml").read_bytes()
    assert run(["add", repository.source("v2"), *QUIET]) == 0
    assert (project / "fastgen.toml").read_bytes() == before
    capsys.readouterr()
    assert run(["undo", "--no-install"]) == 0
    undone = f"Takes back `add letters (commit {commit[:12]})`\n"
    assert capsys.readouterr().out.startswith(undone)
    assert "limit: int = 10" in (project / LETTERS).read_text()
    assert (project / "docs/old.txt").exists()


def test_where_both_changed_the_same_line_nothing_is_written(repository, project):
    edit(project / LETTERS, "limit: int = 10", "limit: int = 5")
    before = {p: p.read_bytes() for p in project.rglob("*.*") if p.is_file()}
    assert run(["add", repository.source("v2"), *QUIET]) == 4
    assert all(path.read_bytes() == text for path, text in before.items())


def test_an_option_that_the_newer_commit_has_no_more_is_gone(
    repository, project, capsys
):
    without_size = (
        MODULE[: MODULE.index("[options")] + MODULE[MODULE.index("[facts]") :]
    )
    repository.write("module.toml", without_size)
    repository.commit("v3")
    assert run(["add", repository.source("v3"), *QUIET]) == 2
    assert "the option letters.size" in capsys.readouterr().err
    assert run(["add", repository.source("v3"), "--yes", *QUIET]) == 0
    assert recorded(project).keys() == {"source"}


def test_tables_of_another_commit_are_never_forgotten(repository, project, capsys):
    classes = "".join(
        f"\n\nclass {name}:\n    pass\n" for name in ("Letter", "Envelope")
    )
    repository.write(f"files/{LETTERS}", LETTER + classes)
    module = MODULE + TABLE.format("Letter", "letters")
    assert run(["add", "database", *QUIET]) == 0
    repository.write("module.toml", module + TABLE.format("Envelope", "envelopes"))
    repository.commit("v3")
    repository.write("module.toml", module)
    repository.commit("v4")
    assert run(["add", repository.source("v3"), *QUIET]) == 0
    capsys.readouterr()
    assert run(["add", repository.source("v4"), "--no-install", "--yes"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "envelopes stays in the database" in printed
    assert "write a migration of your own" in printed
    run(["remove", "letters", "--drop-tables", *QUIET])
    spec = tomllib.loads((project / "fastgen.toml").read_text())
    assert spec["kept"]["envelopes"] == "letters"


MIGRATION = """\
\"\"\"Makes letters.\"\"\"

from alembic import op

revision = "letters"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE letters (id UUID)")


def downgrade() -> None:
    op.execute("DROP TABLE letters")
"""


def test_tables_of_a_removed_module_are_dropped_after_it_is_added_again(
    repository, project, capsys
):
    versions = "src/myapi/db/migrations/versions"
    policies = f'[policies]\n"{versions}/*" = "journal"\n\n[facts]'
    module = MODULE.replace("[facts]", policies) + TABLE.format("Letter", "letters")
    repository.write("module.toml", module)
    repository.write(f"files/{LETTERS}", f"{LETTER}\n\nclass Letter:\n    pass\n")
    repository.write(f"files/{versions}/letters.py", MIGRATION)
    repository.commit("v3")
    assert run(["add", "database", *QUIET]) == 0
    assert run(["add", repository.source("v3"), *QUIET]) == 0
    capsys.readouterr()

    assert run(["remove", "letters", "--delete-edited", "--no-install"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    again = said.partition("to drop them, run `fastgen ")[2].partition("`")[0]
    drop = ["remove", "letters", "--drop-tables", *QUIET]
    assert run(drop) == 3
    assert "is not available any more" in capsys.readouterr().err

    assert run([*again.split(), *QUIET]) == 0
    assert run(drop) == 0
    dropping = (project / versions / "letters_drop.py").read_text()
    upgrade = dropping.partition("def downgrade")[0]
    assert "DROP TABLE letters" in upgrade
    spec = tomllib.loads((project / "fastgen.toml").read_text())
    assert "kept" not in spec


def test_a_commit_without_a_model_that_a_resource_refers_to_is_refused(
    repository, project, capsys
):
    repository.write(f"files/{LETTERS}", LETTER + "\n\nclass Letter:\n    pass\n")
    assert run(["add", "database", *QUIET]) == 0
    repository.write("module.toml", MODULE + TABLE.format("Letter", "letters"))
    repository.commit("v3")
    repository.write("module.toml", MODULE)
    repository.commit("v4")
    assert run(["add", repository.source("v3"), *QUIET]) == 0
    answer = ["generate", "resource", "Answer", "letter:ref:Letter:optional"]
    assert run([*answer, *QUIET]) == 0
    before = (project / "fastgen.toml").read_bytes()
    capsys.readouterr()
    assert run(["add", repository.source("v4"), *QUIET]) == 2
    assert "`fastgen remove field Answer letter`" in capsys.readouterr().err
    assert (project / "fastgen.toml").read_bytes() == before
    assert run(["remove", "field", "Answer", "letter", *QUIET]) == 0
    assert run(["add", repository.source("v4"), "--yes", *QUIET]) == 0


def test_one_module_from_two_commits_at_once_is_refused(repository, project, capsys):
    both = [repository.source("v1"), repository.source("v2")]
    assert run(["add", *both, *QUIET]) == 2
    assert "choose one of them" in capsys.readouterr().err


def test_an_older_commit_is_taken_the_same_way(repository, project):
    assert run(["add", repository.source("v2"), *QUIET]) == 0
    assert run(["add", repository.source("v1"), *QUIET]) == 0
    text = (project / LETTERS).read_text()
    assert "limit: int = 10" in text
    assert 'return "omega"' in text
    assert (project / "docs/old.txt").exists()


GENERATOR = """
[[generators]]
kind = "stamp"
summary = "A stamp"

[generators.options.price]
summary = "What it costs"
pattern = "[0-9]+"
default = "1"
"""
STAMP = "generators/stamp/src/myapi/thing.py.jinja"


@pytest.fixture
def stamps(repository, project) -> Repository:
    """The project has two stamps, of the module at v3, and one of them is edited."""
    repository.write("module.toml", MODULE + GENERATOR)
    repository.write(STAMP, "PRICE = {{ options.price }}\n")
    repository.commit("v3")
    assert run(["add", repository.source("v3"), *QUIET]) == 0
    for name in ("Penny", "Pound"):
        assert run(["generate", "stamp", name, "--price", "240", *QUIET]) == 0
    edit(project / "src/myapi/pound.py", "240", "241")
    return repository


def test_a_newer_commit_changes_what_was_generated_unless_it_is_edited(stamps, project):
    stamps.write(STAMP, "PRICE = {{ options.price }}  # pence\n")
    stamps.commit("v4")
    assert run(["add", stamps.source("v4"), *QUIET]) == 0
    assert (project / "src/myapi/penny.py").read_text() == "PRICE = 240  # pence\n"
    assert (project / "src/myapi/pound.py").read_text() == "PRICE = 241\n"


def test_a_commit_without_a_generator_in_use_says_what_to_remove(stamps, capsys):
    stamps.write("module.toml", MODULE)
    (stamps.module / STAMP).unlink()
    stamps.commit("v4")
    assert run(["add", stamps.source("v4"), *QUIET]) == 2
    assert "`fastgen remove stamp Penny`" in capsys.readouterr().err
    assert run(["remove", "stamp", "Penny", "Pound", *QUIET]) == 0
    assert run(["add", stamps.source("v4"), *QUIET]) == 0


@pytest.mark.parametrize("command", ["new", "generate"])
def test_a_file_that_names_a_branch_pins_its_commit(
    command, repository, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    table = f'[modules.letters]\nsource = "{repository.source("main")}"\n'
    (tmp_path / "wanted.toml").write_text(table)
    if command == "new":
        run(["new", "myapi", "--no-git", "--from", "wanted.toml", *QUIET])
    else:
        run(["new", "myapi", "--no-git", *QUIET])
        monkeypatch.chdir(tmp_path / "myapi")
        run(["generate", "--from", "../wanted.toml", *QUIET])
    commit = repository.git("rev-parse", "v2")
    assert recorded(tmp_path / "myapi")["source"] == repository.source(commit)
