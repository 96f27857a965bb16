"""The laws of the random runs find what they are there for: with a command that is
sabotaged, each of them fails."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fastgen.apply.transaction
from fastgen.merge.moves import Followed
from fastgen.merge.structure.threeway import TAKEN_AWAY
from fastgen.plan import Action, Plan
from fastgen.tree import Entry, File

from .laws import (
    Broken,
    completed,
    of_a_change,
    of_any_command,
    same_plan,
    taken_back,
    words,
)
from .running import Done, Merge, Runner
from .snapshot import snapshot
from .speed import replace_everywhere
from .taken_away import takes_away

MAIN = "src/shop/main.py"
README = "README.md"
OWN = "# mine101q was here"

Sabotage = Callable[[str, bytes], bytes]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an endpoint, in which somebody wrote a comment and deleted a
    line."""
    runner = Runner()
    flags = ("--no-install", "--no-git", "--json")
    assert runner(tmp_path, "new", "shop", "--with", "ci", *flags).code == 0
    runner.recorder.close()
    root = tmp_path / "shop"
    text = (root / MAIN).read_text()
    assert "    add_error_handlers(app)\n" in text
    text = text.replace("    add_error_handlers(app)\n", "")
    (root / MAIN).write_text(f"{text}\n{OWN}\n")
    with (root / README).open("a") as readme:
        readme.write("\n## Ours\n\nAsk mine102q.\n")
    return root


@pytest.fixture
def sabotaged() -> Iterator[Callable[[Sabotage], None]]:
    """Has each file that a command updates pass through a function, behind the gate."""
    real = fastgen.apply.transaction.apply
    put: list[object] = []

    def sabotage(function: Sabotage) -> None:
        def apply(root: Path, plan: Plan, command: str) -> None:
            real(root, plan, command)
            for change in plan.writes:
                if change.action is Action.UPDATE:
                    place = root / change.path
                    place.write_bytes(function(change.path, place.read_bytes()))

        put.append(apply)
        replace_everywhere(real, apply)

    yield sabotage
    for apply in put:
        replace_everywhere(apply, real)


def endpoint(root: Path) -> list[Broken]:
    """What is wrong after `generate endpoint Report`."""
    runner = Runner()
    before = snapshot(root)
    try:
        done = runner(root, "generate", "endpoint", "Report", "--no-install", "--json")
    finally:
        runner.recorder.close()
    assert done.code == 0, done.said
    return [*of_a_change(before, snapshot(root), done)]


def in_main(old: str, new: str) -> Sabotage:
    def function(path: str, content: bytes) -> bytes:
        return content.replace(old.encode(), new.encode()) if path == MAIN else content

    return function


SABOTAGED = {
    "nothing of the user is lost": in_main(f"{OWN}\n", ""),
    "nothing of the user is doubled": in_main(f"{OWN}\n", f"{OWN}\n{OWN}\n"),
    "words of the user stay": in_main(f"{OWN}\n", ""),
    "words as in a merge": in_main(
        "    return app\n", "    add_error_handlers(app)\n    return app\n"
    ),
    "lines of fastgen's are written or reported": in_main(
        "    api.include_router(report)\n", ""
    ),
    "files parse": in_main(OWN, "(  # mine101q"),
    "imports are found": in_main(OWN, f"{OWN}\nfrom shop.health import nothing"),
    "ruff finds nothing new": in_main(OWN, f"{OWN}\nprint(undefined_name)"),
}


def test_an_honest_merge_breaks_no_law(project: Path) -> None:
    assert endpoint(project) == []


@pytest.mark.parametrize("law", SABOTAGED)
def test_a_law_finds_its_sabotage(
    law: str, project: Path, sabotaged: Callable[[Sabotage], None]
) -> None:
    sabotaged(SABOTAGED[law])
    assert law in {broken.law for broken in endpoint(project)}


def test_a_law_finds_an_import_from_elsewhere(
    project: Path, sabotaged: Callable[[Sabotage], None]
) -> None:
    sabotaged(in_main("from shop.errors import", "from shop.others import"))
    assert "words as in a merge" in {broken.law for broken in endpoint(project)}


def test_imports_in_one_statement_or_in_two_have_the_same_words() -> None:
    one = b"from a import (\n    b,\n    c,  # mine1q (d)\n)\n"
    assert words(one) == words(b"from a import b\nfrom a import c # mine1q (d)\n")
    assert words(one) != words(b"from x import b\nfrom a import c # mine1q (d)\n")


CLASS = "class A:\n    def one(self): ...\n\n    def two(self): ...\n"
ONE_LESS = "class A:\n    def two(self): ...\n"
TWO = "line 4: class A > def two: {}"


@pytest.mark.parametrize(
    ("next_", "user", "reason", "is_right"),
    [
        ("", CLASS.replace("...", "f()"), "line 1: class A: {}", True),
        ("", CLASS, "line 1: class A: {}", False),
        (CLASS, CLASS.replace("...", "f()"), "line 1: class A: {}", False),
        (ONE_LESS, CLASS.replace("two(self): ...", "two(self): f()"), TWO, False),
        ("", CLASS, "imports shop.a.A, which this removes", True),
        ("", CLASS, "uses A from shop.a, which this removes", True),
        (CLASS, CLASS, "imports shop.a.A, which this removes", False),
        ("", CLASS, "imports shop.b.A, which this removes", False),
    ],
)
def test_a_refusal_has_to_be_about_what_the_command_takes_away(
    next_: str, user: str, reason: str, *, is_right: bool
) -> None:
    path = "src/shop/a.py"
    base, new = ({path: Entry(text.encode(), "core")} for text in (CLASS, next_))
    merge = Merge(base, new, {path: File(user.encode())}, Followed(), Plan())
    text = reason.format(TAKEN_AWAY)
    assert takes_away(Done((), 4, "", merge=merge), path, text) is is_right


def test_a_deleted_file_may_come_again_and_a_moved_one_may_not(tmp_path: Path) -> None:
    base = {name: Entry(b"a\n", "core") for name in ("gone.py", "old.py")}
    moved = Followed({"old.py": "new.py"})
    (tmp_path / "new.py").write_text("a\n")
    here = snapshot(tmp_path)
    done = Done((), 0, "", merge=Merge(base, {}, {}, moved, Plan()))
    assert [*completed(done, here, here)] == [r"^gone\.py$"]


def test_a_refused_command_that_writes_is_found(tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    (tmp_path / "a.txt").write_text("a")
    done = Done(("add", "docker"), 4, "")
    found = [*of_any_command(before, snapshot(tmp_path), done)]
    assert [broken.detail for broken in found] == ["a.txt"]


def test_a_traceback_is_found() -> None:
    found = [
        *of_any_command({}, {}, Done(("add", "docker"), 1, "Traceback ...\nError: x"))
    ]
    assert found == [Broken("exit code", "1: Error: x")]


def test_a_dry_run_that_says_something_else_is_found() -> None:
    dry = Done(("add", "docker"), 0, "", {"files": [], "findings": []})
    real = Done(("add", "docker"), 0, "", {"files": [{"path": "a"}], "findings": []})
    assert [broken.detail for broken in same_plan(dry, real)] == ["files differ"]


def test_an_undo_that_leaves_a_file_is_found(tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    (tmp_path / "a.txt").write_text("a")
    found = [*taken_back(before, snapshot(tmp_path), Done(("undo",), 0, ""), "undo")]
    assert found == [Broken("undo", "a.txt")]
