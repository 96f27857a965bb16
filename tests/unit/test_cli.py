"""What holds for every command: codes, one line of error, JSON alone on stdout."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from fastgen.apply.lock import AlreadyRunning
from fastgen.apply.preconditions import ChangedMeanwhile
from fastgen.change.pipeline import propose
from fastgen.change.request import change_of
from fastgen.cli.main import COMMANDS, run
from fastgen.project.reading import load_project
from fastgen.spec.edits import with_modules
from tests.apply_trees import snapshot

QUIET = ("--no-install", "--no-git", "--quiet")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "1")
    return tmp_path


@pytest.fixture
def project(home, monkeypatch):
    assert run(["new", "myapi", *QUIET]) == 0
    monkeypatch.chdir(home / "myapi")
    return home / "myapi"


@pytest.fixture
def programs(home, monkeypatch):
    """A PATH that has only what a test puts there."""
    folder = home / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(
        f"#!{shutil.which('sh', path='/bin:/usr/bin')}\n{script}\n"
    )
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_summary_in_the_help_is_that_of_the_command(command):
    function, summary = COMMANDS[command]
    module = import_module(f"fastgen.cli.{function}")
    assert getattr(module, function).__doc__.splitlines()[0] == summary


@pytest.mark.parametrize("found", [None, "echo git version 2.30.2", "exit 1"])
@pytest.mark.parametrize("command", [["add", "docker"], ["new", "other"]])
def test_without_a_git_that_can_merge_nothing_is_written(
    project, programs, found, command, capsys
):
    if found:
        program(programs, "git", found)
    before = snapshot(project)
    assert run(command) == 3
    error = capsys.readouterr().err
    assert error.startswith("error: fastgen merges with git 2.38 or newer")
    assert error.count("\n") == 1
    assert snapshot(project) == before


def test_doctor_says_that_there_is_no_git(project, programs, capsys):
    assert run(["doctor"]) == 3
    assert "there is no git here" in capsys.readouterr().out


def test_a_project_can_be_made_without_git_when_none_is_wanted(home, programs):
    assert run(["new", "myapi", *QUIET]) == 0


def test_a_bug_shows_a_traceback_and_leaves_the_project_alone(
    project, monkeypatch, capsys
):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("fastgen.change.pipeline.merged", broken)
    before = snapshot(project)
    assert run(["add", "docker", "--json"]) == 1
    printed = capsys.readouterr()
    assert "Traceback" in printed.err
    assert json.loads(printed.out)["exit_code"] == 1
    assert snapshot(project) == before


@pytest.mark.parametrize(
    "command",
    [
        ["add", "nothing", "--json"],
        ["add", "--json"],
        ["frob", "--json"],
        ["new", "class", "--json"],
        ["new", "--json"],
        ["undo", "--bad", "--json"],
    ],
    ids=" ".join,
)
def test_a_refusal_is_json_too(project, command, capsys):
    assert run(command) == 2
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert printed.err == ""
    assert answer["applied"] is False
    assert answer["exit_code"] == 2
    assert [f["severity"] for f in answer["findings"]] == ["issue"]


def test_a_task_that_fails_undoes_nothing_and_is_reported(
    home, programs, monkeypatch, capsys
):
    program(programs, "uv", "echo no network >&2; exit 1")
    assert run(["new", "myapi", "--no-git", "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["applied"] is True
    assert answer["next"][0] == "uv sync"
    assert "no network" in answer["findings"][0]["message"]
    assert (home / "myapi" / "fastgen.toml").is_file()


def test_dependencies_are_installed_again_where_they_were_before(project, programs):
    program(programs, "uv", "echo synced >> uv-was-here")
    (programs / "git").symlink_to("/usr/bin/git")
    assert run(["add", "precommit", "-q"]) == 0
    assert not (project / "uv-was-here").exists()
    (project / ".venv").mkdir()
    assert run(["remove", "precommit", "-q"]) == 0
    assert (project / "uv-was-here").read_text() == "synced\n"
    assert run(["undo", "-q"]) == 0
    assert (project / "uv-was-here").read_text() == "synced\n" * 2


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """fastgen, in a session of its own; it can be interrupted although the tests may
    run in the background, where SIGINT is ignored."""
    return subprocess.Popen(
        [sys.executable, "-m", "fastgen", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_an_interrupted_new_leaves_nothing_behind(home, programs, sent, code):
    program(programs, "uv", "sleep 20")
    (programs / "sleep").symlink_to("/bin/sleep")
    process = started("new", "myapi", "--no-git")
    while b"Installing" not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(0.1)
    os.killpg(process.pid, sent)
    process.communicate(timeout=10)
    assert process.returncode == code
    assert [path.name for path in home.iterdir()] == ["programs"]


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
@pytest.mark.parametrize("folder", ["new", "present"])
def test_an_interrupted_command_says_in_json_what_was_done(
    home, programs, sent, code, folder
):
    program(programs, "uv", "echo > ../begun; sleep 20")
    (programs / "sleep").symlink_to("/bin/sleep")
    arguments = ["new", "myapi", "--no-git", "--json"]
    if folder == "present":
        (home / "myapi").mkdir()
        (home / "myapi" / "LICENSE").touch()
    process = started(*arguments)
    while not (home / "begun").exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, sent)
    out, _ = process.communicate(timeout=10)
    report = json.loads(out)
    assert process.returncode == report["exit_code"] == code
    assert report["applied"] is (folder == "present")
    assert (home / "myapi" / "fastgen.toml").exists() is report["applied"]


def fastgen(command: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """`command` in a shell, with the word fastgen for the program."""
    program = shlex.join([sys.executable, "-m", "fastgen"])
    return subprocess.run(
        ["/bin/sh", "-c", command.replace("fastgen", program)],
        env=os.environ | variables,
        capture_output=True,
        check=True,
    )


@pytest.mark.parametrize(
    "command",
    [
        "fastgen add docker | true",
        "fastgen add docker --json | true",
        "fastgen add docker >&- 2>&-",
        "fastgen add docker <&-",
    ],
)
def test_a_change_does_not_depend_on_who_reads_what_it_prints(project, command):
    assert fastgen(command).stderr == b""
    assert (project / "fastgen.toml").read_text().count("[modules.docker]") == 1


def test_without_an_input_a_name_is_not_asked_for(home):
    assert b"A project needs a name" in fastgen("fastgen new <&- || true").stderr


def test_what_a_character_set_lacks_is_written_as_an_escape(project):
    with (project / "README.md").open("a") as readme:
        readme.write("Gr\u00f6\u00dfe\n")
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert rb"+Gr\xf6\xdfe" in fastgen("fastgen diff", **ascii_only).stdout
    answer = json.loads(fastgen("fastgen diff --json", **ascii_only).stdout)
    assert answer["files"][0]["diff"][-1] == "+Gr\u00f6\u00dfe"


def test_an_argument_that_is_not_text_is_refused(home, capsys):
    assert run(["new", "myapi", "--description", "Gr\udcf6\udcdfe"]) == 2
    assert "is not text" in capsys.readouterr().err


def test_a_file_is_named_as_a_shell_would_name_it(project, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(project)
    monkeypatch.chdir(project / "src" / "myapi")
    for path in ("../../README.md", "./main.py", tmp_path / "link" / "README.md"):
        assert run(["diff", str(path)]) == 0, path


@pytest.mark.parametrize("flags", [[], ["--dry-run"]])
def test_a_dry_run_is_refused_as_the_real_run_is(project, flags, capsys):
    (project / "Dockerfile").symlink_to("Makefile")
    before = snapshot(project)
    assert run(["add", "docker", "--quiet", *flags]) == 3
    assert "Dockerfile is a symlink" in capsys.readouterr().err
    assert snapshot(project) == before


def test_the_project_is_found_from_below_it(project, monkeypatch):
    monkeypatch.chdir(project / "src" / "myapi")
    assert run(["add", "docker", "-q"]) == 0
    assert (project / "Dockerfile").is_file()


def test_a_linked_env_file_is_left_alone_and_said(project, capsys, test_modules):
    (project / ".env").rename(project / "env.local")
    (project / ".env").symlink_to("env.local")
    before = (project / "env.local").read_bytes()
    assert run(["add", "alpha", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert "add ALPHA_SECRET, ALPHA_SIZE to it" in findings[0]["message"]
    assert (project / "env.local").read_bytes() == before


def test_secrets_are_in_the_env_file_alone(project, capsys, test_modules):
    assert run(["add", "alpha", "--json"]) == 0
    printed = capsys.readouterr()
    environment = project / ".env"
    lines = environment.read_text().splitlines()
    secret = next(line for line in lines if line.startswith("ALPHA_SECRET="))[13:]
    assert len(secret) >= 40
    assert environment.stat().st_mode & 0o777 == 0o600
    assert secret not in printed.out
    others = [p for p in project.rglob("*") if p.is_file() and p != environment]
    others = [p for p in others if ".fastgen" not in p.parts]
    assert not [p for p in others if secret.encode() in p.read_bytes()]


@pytest.mark.usefixtures("test_modules")
def test_every_kind_that_can_be_generated_is_listed(project, capsys):
    run(["generate", "--help"])
    printed = capsys.readouterr().out
    assert "endpoint  A router with one endpoint" in printed
    assert "widget    A widget" in printed
    run(["generate", "widget", "--help"])
    printed = capsys.readouterr().out
    assert "--size small|large" in printed
    assert "`fastgen generate widget OrderItem --greeting Hello --loud" in printed


@pytest.mark.parametrize("kind", ["endpoint", "widgit"])
def test_in_a_project_that_cannot_be_read_help_is_there_all_the_same(
    kind, project, capsys
):
    Path("fastgen.toml").write_text("version = 1\n")
    run(["generate", "--help"])
    assert "endpoint" in capsys.readouterr().out
    assert run(["generate", kind, "Report"]) == 3
    assert "fastgen.toml:1: " in capsys.readouterr().err


LINES = {
    "fastgen gen": ["generate"],
    "fastgen generate ": ["resource", "field", "endpoint"],
    "fastgen generate endpoint --me": ["--method"],
    "fastgen generate endpoint X --method ": ["get", "post"],
    "fastgen generate resource --pub": ["--public-read"],
    "fastgen generate field N": ["Note"],
    "fastgen remove ": ["resource", "field", "endpoint", "core", "database"],
    "fastgen remove endpoint ": ["Report"],
    "fastgen remove resource ": ["Note", "Shop"],
    "fastgen remove field Note ": ["text", "shop"],
    "fastgen add pre": ["precommit"],
    "fastgen add data": [],
    "fastgen graph ": ["resources", "modules"],
}


@pytest.mark.usefixtures("project")
def test_a_shell_completes_a_line():
    assert run(["generate", "resource", "Shop", *QUIET[::2]]) == 0
    fields = ["text:str", "shop:ref:Shop"]
    assert run(["generate", "resource", "Note", *fields, *QUIET[::2]]) == 0
    assert run(["generate", "endpoint", "Report", *QUIET[::2]]) == 0
    assert {line: completed(line) for line in LINES} == LINES


def completed(line: str) -> list[str]:
    """What bash is offered for the last word of `line`."""
    asked = {
        "_FASTGEN_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }
    done = subprocess.run(
        [sys.executable, "-m", "fastgen"],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_a_notice_does_not_hide_the_refusal_in_json(project, capsys):
    (project / "Makefile").unlink()  # which is a notice when docker is added
    (project / ".dockerignore").write_text("")
    (project / "README.md").write_bytes(b"\xff")
    capsys.readouterr()
    assert run(["add", "docker", "--json"]) == 4
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [f["path"] for f in findings if f["severity"] == "notice"] == ["Makefile"]
    (issue,) = [f["message"] for f in findings if f["severity"] == "issue"]
    assert issue.startswith("You and fastgen changed the same place")


@pytest.mark.parametrize("command", [["list"], ["show", "docker"], ["status"]])
def test_a_command_that_only_reads_takes_back_what_was_cut_off(
    project, command, capsys
):
    whole = snapshot(project)
    (project / ".fastgen" / "transaction").mkdir()
    assert run(command) == 0
    capsys.readouterr()
    assert not (project / ".fastgen" / "transaction").exists()
    assert snapshot(project) == whole


def test_a_change_by_another_command_is_said_as_that(project):
    project_before = load_project(project)
    request = change_of(project_before, with_modules(project_before.side, ["docker"]))
    assert run(["add", "ci", "-q"]) == 0
    with pytest.raises(ChangedMeanwhile, match="run the command again"):
        propose(request)
    (project / ".fastgen" / "transaction").mkdir()
    with pytest.raises(AlreadyRunning):
        propose(request)
