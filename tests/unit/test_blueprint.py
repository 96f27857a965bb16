"""Projects and resources from a file."""

from pathlib import Path

import pytest

from fastgen.cli.main import run
from fastgen.project.reading import load_project
from tests.apply_trees import snapshot

QUIET = ("--no-install", "--no-git", "--quiet")

LIBRARY = """
[modules.database]
engine = "postgres"

[resources.Author]
fields.name = "str:max=80"

[resources.Book]
fields.title = "str:max=200"
fields.author = "ref:Author:cascade"
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "1")
    path = tmp_path / "library.toml"
    path.write_text(LIBRARY)
    return path


@pytest.fixture
def project(file, monkeypatch):
    assert run(["new", "library", "--from", str(file), *QUIET]) == 0
    monkeypatch.chdir("library")
    return Path.cwd()


def fields(project: Path, resource: str) -> list[str]:
    return [f.text for f in load_project(project).spec.resources[resource].fields]


def test_a_project_is_made_of_it(project):
    spec = load_project(project).spec
    assert spec.modules["database"]["engine"] == "postgres"
    assert fields(project, "Book") == ["title:str:max=200", "author:ref:Author:cascade"]
    versions = project / "src/library/db/migrations/versions"
    assert [path.name for path in versions.glob("*.py")] == ["authors_books.py"]


def test_it_may_need_a_module_that_the_command_line_names(file):
    file.write_text('[resources.Note]\naccess = "owner"\nfields.title = "str"\n')
    arguments = ["new", "diary", "--from", str(file), "--with", "auth", *QUIET]
    assert run(arguments) == 0
    assert "auth" in load_project(Path("diary")).spec.modules


def test_the_same_file_again_changes_nothing(project, file, capsys):
    before = snapshot(project)
    assert run(["generate", "--from", str(file)]) == 0
    assert capsys.readouterr().out == "Nothing to do.\n"
    assert snapshot(project) == before


def test_a_field_that_the_file_no_longer_has_is_removed_once_that_is_confirmed(
    project, file, capsys
):
    file.write_text(
        '[resources.Book]\nfields.title = "text"\nfields.pages = "int:optional"\n'
    )
    command = ["generate", "--from", str(file)]
    before = snapshot(project)
    for further in ([], ["--quiet"], ["--dry-run"], ["--json"]):
        assert run([*command, *further]) == 2
        printed = "".join(capsys.readouterr())
        assert "This removes the field Book.author." in printed
        assert "`--yes`" in printed
    assert snapshot(project) == before
    assert run([*command, "--yes"]) == 0
    assert "removes Book.author" in capsys.readouterr().out
    assert fields(project, "Book") == ["title:text", "pages:int:optional"]
    assert fields(project, "Author") == ["name:str:max=80"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[resources.Book]\n",
        '[resources.Book]\naccess = "open"\n',
        '[resources.Book]\nplural = "books"\n',
        "[resources.Book]\nflags = {}\n",
        "[modules.database]\n",
        "[resources.Author]\n[resources.Book]\n[modules.core]\n",
    ],
)
def test_what_the_file_does_not_mention_stays(project, file, capsys, text):
    file.write_text(text)
    before = snapshot(project)
    assert run(["generate", "--from", str(file)]) == 0
    assert capsys.readouterr().out == "Nothing to do.\n"
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[resource.Book]\n", "'resource'"),
        ('resources = "Book"\n', "[resources]"),
        ('[resources.Book]\ncolour = "red"\n', "'colour' in [resources.Book]"),
        ('[resources.Book]\nfields = "title"\n', "fields that are no table"),
        ("[resources.Book]\nfields.title = 5\n", "fields that are no table of texts"),
        ("[resources.Book]\nplural = 5\n", "a value of 'plural' that is not text"),
        ("[resources.Book]\nflags.audited = 1\n", "flags that are not true or false"),
        ("[resources.Book]\nflags.audited = false\n", "flag 'audited'"),
        ('[resources.Book]\naccess = "all"\n', "public-read"),
        ('[resources.Book]\nplural = "tomes"\n', "The plural of Book is books"),
        ('[resources.Book]\nfields.title = "int"\n', "column 7"),
        ('[resources.Book]\nfields.id = "int"\n', "column 1"),
        ('[resources.Author]\nfields.best = "ref:Poem:optional"\n', "column 10"),
        (
            '[modules.auth]\n[resources.Author]\naccess = "owner"\n',
            "have no user as owner",
        ),
        ('[modules.database]\nengine = "access"\n', "database.engine"),
        ("[modules.databases]\n", "databases"),
    ],
)
def test_a_file_with_a_mistake_changes_nothing(project, file, capsys, text, reason):
    file.write_text(text)
    before = snapshot(project)
    assert run(["generate", "--from", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert reason in line
    assert snapshot(project) == before


@pytest.mark.parametrize("name", ["nowhere.toml", "broken.toml"])
@pytest.mark.parametrize("command", [["generate"], ["new", "other"]])
def test_a_file_that_cannot_be_read_is_named(project, capsys, command, name):
    Path("broken.toml").write_text("[resources")
    assert run([*command, "--from", name]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert name in line


def test_a_whole_fastgen_toml_with_a_mistake_is_named_with_its_line(project, capsys):
    text = Path("fastgen.toml").read_text().replace('"postgres"', '"oracle"')
    Path("old.toml").write_text(text)
    assert run(["new", "other", "--from", "old.toml"]) == 3
    line = text.splitlines().index('engine = "oracle"') + 1
    assert f"old.toml:{line}: " in capsys.readouterr().err
