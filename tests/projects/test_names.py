"""Nothing that a person may type breaks the project that is made of it."""

import tomllib
from pathlib import Path

import pytest

from fastgen.names import LONGEST

from .commands import fastgen
from .conftest import Make
from .generated import ask

HOSTILE = "".join(
    [
        'It\'s "quoted", \\"escaped\\" and \'\'\'tripled\'\'\' """twice"""; ',
        "\\n \\x00 \\u{}\nthen a line\r\n\tand `code` $(id) ${HOME} %s ",
        "{{ project.name }} {% if %} {# no #} #hash <b>&amp;</b> ]]> -- ",
        "[link](x) | * _ ~ : - ! @ % 🦄 naïve 漢字 \u202e\u2028 ",
    ]
).ljust(300, "x")

ONE_LINE = " ".join(HOSTILE.replace("\u202e", " ").split())


def test_a_hostile_description_is_text_and_nothing_else(
    make: Make, tmp_path: Path
) -> None:
    """In a folder with spaces, under a name that has to be normalized."""
    assert len(HOSTILE) == 300
    folder = tmp_path / "my  projects' folder (new)"
    arguments = ("--preset", "api", "--description", HOSTILE)
    project = make("My.API", *arguments, folder=folder)
    assert project.package == "my_api"
    about = tomllib.loads((project.root / "pyproject.toml").read_text())["project"]
    assert about["description"] == ONE_LINE
    assert "No edits" in fastgen("diff", folder=project.root)

    project.lint()
    project.check_types()
    project.passed()
    project.tool("prek", "run", "--all-files")
    with project.serving() as address:
        info = ask(f"{address}/openapi.json").document["info"]
    assert (info["title"], info["summary"]) == ("My.API", ONE_LINE)


@pytest.mark.parametrize("name", ["My.API", "a", "api_2", "x" * LONGEST])
def test_a_project_of_an_unusual_name_is_linted_and_served(
    make: Make, name: str
) -> None:
    project = make(name, "--preset", "api")
    project.lint()
    with project.serving() as address:
        assert ask(f"{address}/openapi.json").document["info"]["title"] == name
