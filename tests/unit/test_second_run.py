"""Every command that is run twice does nothing the second time, and removes nothing
that it does not name unless that is confirmed."""

import os
import pty
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from fastgen.cli.main import run
from tests.apply_trees import snapshot

QUIET = ("--no-install", "--no-git", "--quiet")
SETUP = (
    "generate resource Product title:str price:int:optional",
    "generate resource Note text:str",
    "generate endpoint Report",
    "generate widget Lamp",
)
PACKAGED = Path(__file__).parents[1] / "packaged"
FILE = """
[modules.docker]
[modules.beta]
[resources.Product]
access = "open"
fields.title = "str:max=300"
[generated.endpoint.Sales]
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("original")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PACKAGED)
        patch.chdir(folder)
        assert run(["new", "plain", "--with", "alpha,ci", *QUIET]) == 0
        assert run(["new", "shop", "--with", "database,ci,beta", *QUIET]) == 0
        patch.chdir("shop")
        for command in SETUP:
            assert run([*shlex.split(command), "--no-install", "--quiet"]) == 0
    return folder


@pytest.fixture
def project(original, tmp_path, monkeypatch, test_modules):
    monkeypatch.setenv("CI", "1")
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    (tmp_path / "shop.toml").write_text(FILE)
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture
def plain(project, monkeypatch):
    """A project with the module alpha, and without a database."""
    monkeypatch.chdir(project.with_name("plain"))
    return Path.cwd()


def everything(root: Path) -> dict[str, bytes]:
    """All bytes below `root`, those of fastgen's own records too."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("add docker", ""),
        ("add docker,ci --set ci.provider=gitlab", ""),
        ("set ci.provider=gitlab", ""),
        ("set ci.provider=gitlab ci.provider=gitlab", ""),
        ("generate resource Order number:int:optional", ""),
        ("generate field Product weight:float:optional", ""),
        ("generate field Product title:str:max=300", ""),
        ("generate endpoint Sales --method post", ""),
        ("generate widget Rug", ""),
        ("generate --from ../shop.toml --yes", ""),
        ("rename field Product title name", ": Product has the field name, and no"),
        ("rename field Product title titles", ": Product has the field titles, and"),
        ("rename resource Product Article", ": there is the resource Article, and no"),
        ("remove ci", ": ci is not in this project."),
        ("remove ci docker", ": ci is not in this project; docker is not in"),
        ("remove resource Product", ": there is no resource Product; --drop-tables"),
        ("remove resource Product --drop-tables", ": there is no resource Product."),
        ("remove resource Product Note --drop-tables", ": there is no resource"),
        ("remove field Product price", ": Product has no field price."),
        ("remove field Product price title", ": Product has no field price; Product"),
        ("remove endpoint Report", ": the project has no endpoint Report."),
        ("remove widget Lamp", ": the project has no widget Lamp."),
    ],
)
def test_a_command_does_nothing_the_second_time(project, capsys, command, said):
    run_twice(command, said, capsys)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("set alpha.flag=true alpha.flag=TRUE", ""),
        ("remove alpha", ": alpha is not in this project."),
        ("remove alpha --drop-tables", ": alpha is not in this project."),
    ],
)
def test_a_command_about_a_module_does_nothing_the_second_time(
    plain, capsys, command, said
):
    run_twice(command, said, capsys)


def run_twice(command, said, capsys):
    words = [*shlex.split(command), "--no-install"]
    project = Path.cwd()
    assert run(words) == 0
    before = everything(project)
    for further in ([], ["--dry-run"], ["--yes"]):
        capsys.readouterr()
        assert run([*words, *further]) == 0
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith(f"Nothing to do{said or '.'}")
    assert everything(project) == before


def test_new_does_nothing_the_second_time_and_refuses_another_project(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    command = ["new", "diary", "--with", "docker", "--no-install", "--no-git"]
    assert run(command) == 0
    before = everything(tmp_path)
    capsys.readouterr()
    assert run(command) == 0
    assert capsys.readouterr().out == "Nothing to do.\n"
    assert run(["new", "diary", "--with", "ci"]) == 2
    assert "is a fastgen project already" in capsys.readouterr().err
    assert everything(tmp_path) == before


def test_undo_does_nothing_once_all_is_undone(project, capsys):
    while run(["undo", "--yes", "--no-install"]) == 0:
        if capsys.readouterr().out == "Nothing to do.\n":
            break
    assert not (project / "fastgen.toml").exists()
    before = everything(project)
    assert run(["undo"]) == 0
    assert run(["undo", "--list"]) == 0
    assert capsys.readouterr().out == "Nothing to do.\nNothing to undo.\n"
    assert everything(project) == before


@pytest.mark.parametrize(
    ("command", "near"),
    [
        ("remove dokcer", "did you mean docker"),
        ("remove resource product", "Unknown resource 'product'"),
        ("remove field Product Price", "did you mean price"),
        ("rename field Product pirce title", "did you mean price"),
        ("remove field product price", "Unknown resource 'product'"),
        ("remove endpoint report", "did you mean Report"),
        ("remove endpiont Report", "did you mean endpoint"),
    ],
)
def test_a_word_that_cannot_be_a_name_is_refused(project, capsys, command, near):
    before = everything(project)
    assert run(shlex.split(command)) == 2
    assert near in capsys.readouterr().err
    assert everything(project) == before


def test_of_several_names_those_that_are_there_are_removed(project, capsys):
    assert run(["remove", "field", "Product", "price", "colour", "--no-install"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Removes Product.price\n")
    assert "notice: Product has no field colour" in printed


@pytest.mark.parametrize(
    "settings",
    [
        ("ci.provider=gitlab", "ci.provider=github"),
        ("alpha.flag=true", "alpha.flag=false"),
        ("alpha.flag=true", "alpha . flag = FALSE"),
    ],
)
def test_one_option_cannot_have_two_values(plain, capsys, settings):
    before = everything(plain)
    assert run(["set", *settings]) == 2
    assert "at once; choose one of them" in capsys.readouterr().err
    assert everything(plain) == before


def test_an_option_that_is_switched_off_by_name_needs_no_confirmation(plain, capsys):
    assert run(["set", "alpha.flag=true", "--no-install", "--quiet"]) == 0
    capsys.readouterr()
    assert run(["set", "alpha.flag=false", "--no-install"]) == 0
    assert "Sets alpha.flag=false" in capsys.readouterr().out


def test_another_choice_of_an_option_is_no_removal(project, capsys):
    assert run(["set", "ci.provider=gitlab", "--no-install"]) == 0
    assert "- .github/workflows/ci.yml" in capsys.readouterr().out


def answered(command: str, answer: str, folder: Path) -> tuple[int, str]:
    """The exit code and the output of a command in a terminal, where somebody types
    `answer`."""
    leader, follower = pty.openpty()
    os.write(leader, f"{answer}\n".encode())
    environment = {k: v for k, v in os.environ.items() if k != "CI"}
    with subprocess.Popen(
        [sys.executable, "-m", "fastgen", *shlex.split(command)],
        cwd=folder,
        env={**environment, "NO_COLOR": "1", "PYTHONPATH": str(PACKAGED)},
        stdin=follower,
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        text = b""
        with suppress(OSError):  # what Linux says at the end
            while part := os.read(leader, 65536):
                text += part
    os.close(leader)
    return process.returncode, text.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize(
    ("command", "question"),
    [
        (
            "generate --from ../shop.toml",
            "removes the field Product.price. Go on?",
        ),
        ("undo", "This deletes the project shop: "),
    ],
)
def test_in_a_terminal_it_is_asked(project, capsys, command, question):
    if command == "undo":
        for _ in SETUP:
            assert run(["undo", "--yes", "--no-install", "--quiet"]) == 0
    before = snapshot(project)
    code, printed = answered(f"{command} --no-install", "n", project)
    assert (code, question in printed) == (2, True), printed
    assert "Not confirmed; nothing was written." in printed
    assert snapshot(project) == before
    code, printed = answered(f"{command} --no-install", "y", project)
    assert (code, question in printed) == (0, True), printed
    assert snapshot(project) != before
