"""A folder a case: what users met with, as a project, commands, and what must come out.

`case.toml` says how the project came to be (modules, the commands of `setup`, then
edits, those of the file `edits_of` first), which commands run, and in `[must]` what has
to be true then, see truths.py. With `examples = true` the modules of examples/ are
installed. `rewritten` are lines of the user's that get new names. `after.diff` is what
the commands changed, `output.txt` what they printed, with each exit code. To write both
anew: `pytest tests/cases --update`, and read the difference. Nothing is written of a
case whose truths do not hold.
"""

import hashlib
import json
import os
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

from fastgen.cli.main import run
from fastgen.tree import ENVIRONMENT
from tests.cases.edits import edit, user_lines
from tests.cases.snapshot import Snapshot, difference, masked, snapshot, unparsable
from tests.cases.truths import Outcome, check

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/case.toml"))
QUIET = ("--no-install", "--no-git", "--quiet")
KEYS = {
    *("situation", "examples", "modules", "setup", "edits_of", "edits"),
    *("commands", "must", "wrong", "unparsable", "rewritten"),
}


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unedited projects, one a set of modules and commands, made once."""
    return tmp_path_factory.mktemp("originals")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("CI", "1")
    programs = tmp_path / "programs"  # git alone, whatever else this machine has
    programs.mkdir()
    (programs / "git").symlink_to(shutil.which("git"))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def project(case: dict[str, object], originals: Path, home: Path) -> Path:
    modules = case.get("modules", [])
    assert isinstance(modules, list)
    setup = case.get("setup", [])
    assert isinstance(setup, list)
    key = hashlib.sha256(repr((modules, setup)).encode()).hexdigest()[:16]
    original = originals / key / "myapi"
    if not original.exists():
        original.parent.mkdir()
        os.chdir(original.parent)
        chosen = ["--with", ",".join(modules)] if modules else []
        assert run(["new", "myapi", "--python", "3.11", *chosen, *QUIET]) == 0
        os.chdir(original)
        for command in setup:
            assert run([*shlex.split(command), *QUIET[::2]]) == 0
        shutil.rmtree(original / ".fastgen")
    shutil.copytree(original, home / "myapi", symlinks=True)
    os.chdir(home / "myapi")
    return home / "myapi"


def _is_in(line: str, files: Snapshot) -> bool:
    return any(line in text for lines in files.values() for text in lines)


def previewed(command: str, capsys: pytest.CaptureFixture[str]) -> set[tuple[str, str]]:
    """What `--dry-run --json` says that the command would do, by path."""
    capsys.readouterr()
    run([*shlex.split(command), "--dry-run", "--json"])
    files = json.loads(capsys.readouterr().out).get("files", [])
    done = ("create", "update", "delete")
    return {(f["path"], f["action"]) for f in files if f.get("action") in done}


def changes(before: Snapshot, after: Snapshot) -> set[tuple[str, str]]:
    """What really happened between two snapshots."""
    both = before.keys() & after.keys()
    return {
        *((path, "create") for path in after.keys() - before.keys()),
        *((path, "delete") for path in before.keys() - after.keys()),
        *((path, "update") for path in both if before[path] != after[path]),
    }


def recorded(commands: list[str], codes: list[int], printed: list[str]) -> str:
    """The text of output.txt."""
    runs = zip(commands, printed, codes, strict=True)
    return "\n".join(
        f"$ fastgen {command}\n{text}[exit {code}]\n" for command, text, code in runs
    )


@pytest.mark.usefixtures("test_modules")
@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_case(folder, originals, home, capsys, request):
    case = tomllib.loads((folder / "case.toml").read_text())
    assert case.keys() <= KEYS
    if case.get("examples"):
        request.getfixturevalue("example_modules")
    if "edits_of" in case:
        shared = tomllib.loads((HERE / case["edits_of"]).read_text())
        case["edits"] = [*shared["edits"], *case.get("edits", [])]
    root = project(case, originals, home)
    for change in case.get("edits", []):
        edit(root, change)
    before = snapshot(root)
    preview = previewed(case["commands"][0], capsys)
    assert snapshot(root) == before, "a preview writes nothing"

    codes, printed = [], []
    for command in case["commands"]:
        os.chdir(root)
        codes.append(run(shlex.split(command)))
        captured = capsys.readouterr()
        printed.append(f"{captured.out}{captured.err}")
    after = snapshot(root)
    found = {
        "after.diff": difference(before, after),
        "output.txt": masked(recorded(case["commands"], codes, printed), home),
    }

    check(case, Outcome(before, after, codes, printed))
    lines = user_lines(case) - {*case.get("rewritten", [])}
    lost = [line for line in lines if not _is_in(line, after)]
    assert lost == [], "lines of the user's"
    assert unparsable(after) == case.get("unparsable", [])
    if codes == [0] and before != after:
        assert preview == changes(before, after), "the preview is what was done"
        os.chdir(root)
        assert run(shlex.split(case["commands"][0])) == 0
        assert snapshot(root) == after, "the second run changes nothing"
        assert run(["undo", "--yes"]) == 0
        kept = {ENVIRONMENT: after[ENVIRONMENT]} if ENVIRONMENT in after else {}
        assert snapshot(root) == before | kept, "undo brings every byte back"

    for name, text in found.items():
        if request.config.getoption("--update"):
            (folder / name).write_bytes(text.encode())
        assert text == (folder / name).read_bytes().decode(), name
