"""Every write is proven inside the project, before the first one."""

import os
import sys

import pytest

from fastgen.apply import paths
from fastgen.apply.transaction import apply
from fastgen.apply.undo import undo_history
from fastgen.plan import Action, Change, Plan
from fastgen.tree import File
from tests.apply_trees import lay

FILE = File(b"x\n")


def creating(*names):
    return Plan(tuple(Change(n, Action.CREATE, "m", None, FILE) for n in names))


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("../out", paths.LeavesProject),
        ("a/../../out", paths.LeavesProject),
        ("/etc/passwd", paths.NotRelative),
        ("//server/share", paths.NotRelative),
        ("C:/out", paths.HasDrive),
        ("C:out", paths.HasDrive),
        ("a.txt:stream", paths.HasDrive),
        ("a\\..\\out", paths.HasBackslash),
        ("a\nb", paths.HasControlCharacter),
        ("a\0b", paths.HasControlCharacter),
        ("a\x7f", paths.HasControlCharacter),
        ("a\u202egnp.py", paths.HasControlCharacter),
        ("a\udcff", paths.HasControlCharacter),
        ("con", paths.DeviceName),
        ("app/NUL.txt", paths.DeviceName),
        ("aux /x", paths.EndsInDotOrSpace),
        ("aux .py", paths.DeviceName),
        ("COM1.tar.gz", paths.DeviceName),
        ("lpt³", paths.DeviceName),
        ("a.", paths.EndsInDotOrSpace),
        ("a /b", paths.EndsInDotOrSpace),
        ("", paths.NotPlain),
        ("a//b", paths.NotPlain),
        ("./a", paths.NotPlain),
        ("a/", paths.NotPlain),
        (".git/hooks/pre-commit", paths.Protected),
        ("sub/.GIT/config", paths.Protected),
        ("git~1/config", paths.Protected),
        (".fastgen/lock", paths.Protected),
        ("a" * 256, paths.FileNameTooLong),
        ("é" * 128, paths.FileNameTooLong),
    ],
)
def test_a_hostile_path_is_refused_by_its_own_rule(tmp_path, path, rule):
    with pytest.raises(rule) as caught:
        apply(tmp_path, creating("good.py", path), "add")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    ["console.py", "a.b.c", ".gitignore", ".github/x", "naïve/ünï.py", "com10", "a b"],
)
def test_a_plain_path_is_written(tmp_path, path):
    apply(tmp_path, creating(path), "add")
    assert (tmp_path / path).read_bytes() == FILE.content


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("readme.md", "README.md"),
        ("App/a.py", "app/b.py"),
        ("caf\u00e9.py", "cafe\u0301.py"),
        ("stra\u00dfe", "STRASSE"),
    ],
)
def test_two_paths_that_are_one_elsewhere_are_refused(tmp_path, one, other):
    with pytest.raises(paths.SameButForCase):
        apply(tmp_path, creating(one, other), "add")


def test_a_path_that_differs_in_case_from_a_kept_file_is_refused(tmp_path):
    lay(tmp_path, {"README.md": FILE})
    kept = Change("README.md", Action.KEEP, "m", FILE, FILE)
    with pytest.raises(paths.SameButForCase):
        apply(tmp_path, Plan((*creating("readme.md").changes, kept)), "add")


def test_a_path_written_twice_is_refused(tmp_path):
    with pytest.raises(paths.WrittenTwice):
        apply(tmp_path, creating("a", "a"), "add")


def test_a_file_that_another_path_needs_as_a_folder_is_refused(tmp_path):
    with pytest.raises(paths.FileNotFolder):
        apply(tmp_path, creating("a", "a/b"), "add")


def test_a_disk_blind_to_case_is_asked_for_the_spelling():
    assert paths.other_spelling(["a.py", "ReadMe.md"], "README.md") == "ReadMe.md"
    assert paths.other_spelling(["README.md"], "README.md") is None
    assert paths.other_spelling(["cafe\u0301"], "caf\u00e9") is None


def test_a_case_alone_can_be_renamed(tmp_path):
    lay(tmp_path, {"Readme.md": FILE})
    move = Change("README.md", Action.MOVE, "m", FILE, FILE, source="Readme.md")
    apply(tmp_path, Plan((move,)), "upgrade")
    assert sorted(os.listdir(tmp_path)) == [".fastgen", "README.md"]  # noqa: PTH208


@pytest.mark.skipif(sys.platform == "win32", reason="symlinks need a privilege there")
@pytest.mark.parametrize("link", ["app", "app/a.py"])
def test_nothing_is_written_through_a_symlink(tmp_path, link):
    outside = lay(tmp_path / "outside", {"a.py": FILE})
    root = tmp_path / "root"
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside / "a.py" if "." in link else outside)
    changed = Change("app/a.py", Action.UPDATE, "m", FILE, File(b"evil\n"))
    with pytest.raises(paths.Symlink, match=link):
        apply(root, Plan((changed,)), "add")
    assert (outside / "a.py").read_bytes() == FILE.content


@pytest.mark.skipif(sys.platform == "win32", reason="symlinks need a privilege there")
@pytest.mark.parametrize("link", [".fastgen", ".fastgen/history"])
def test_records_are_not_written_through_a_symlink(tmp_path, link):
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "root"
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside)
    with pytest.raises(paths.Symlink):
        apply(root, creating("a"), "add")
    assert list(outside.iterdir()) == []
    assert not (root / "a").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="symlinks need a privilege there")
def test_a_project_may_itself_be_reached_through_a_symlink(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    apply(tmp_path / "link", creating("a"), "add")
    assert (tmp_path / "real/a").exists()
    assert len(undo_history(tmp_path / "link")) == 1


def test_a_folder_where_a_file_should_be_is_refused(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(paths.FolderInTheWay):
        apply(tmp_path, creating("a"), "add")


def test_a_file_where_a_folder_should_be_is_refused(tmp_path):
    lay(tmp_path, {"a": FILE})
    with pytest.raises(paths.FileNotFolder):
        apply(tmp_path, creating("a/b"), "add")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_a_pipe_where_a_file_should_be_is_refused(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(paths.NotAFile):
        apply(tmp_path, creating("a"), "add")
