"""The user's cache: what is in it saves time, and never changes a result."""

import pytest

from fastgen.render import jinja
from fastgen.render.jinja import BrokenTemplate, rendered_text
from fastgen.tools.cache import TextCache, cache_folder


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache" / "fastgen"
    forget()


def forget() -> None:
    """As a new process begins."""
    for kept in (jinja._cached, jinja._compiled, jinja._RENDERED):
        kept.clear() if isinstance(kept, dict) else kept.cache_clear()


def rendered(source: str, **context: object) -> str:
    forget()
    return rendered_text(source, context, "a.txt")


def test_a_text_is_there_for_the_next_process(cache):
    TextCache("texts").put("one", "first\n")
    assert TextCache("texts").get("one") == "first\n"
    assert TextCache("texts").get("two") is None
    names = {path.name for path in (cache / "texts").iterdir()}
    assert names == {"one", ".gitignore"}


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755])
def test_a_folder_that_others_can_open_is_not_used(cache, mode):
    texts = cache / "texts"
    texts.mkdir(parents=True)
    (texts / "one").write_text("from somebody else")
    texts.chmod(mode)
    assert TextCache("texts").get("one") is None
    TextCache("texts").put("two", "2")
    assert [path.name for path in texts.iterdir()] == ["one"]


def test_a_linked_folder_is_not_used(cache, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (elsewhere / "one").write_text("from somebody else")
    cache.mkdir(parents=True)
    (cache / "texts").symlink_to(elsewhere)
    assert TextCache("texts").get("one") is None


def test_without_a_folder_everything_works(cache):
    cache.parent.mkdir()
    cache.write_text("a file is in the way")
    assert cache_folder().is_file()
    TextCache("texts").put("one", "1")
    assert TextCache("texts").get("one") is None
    assert rendered("{{ name }}!", name="x") == "x!"


def test_a_template_is_compiled_once_for_all_processes(cache, monkeypatch):
    source = "{% for i in range(n) %}{{ i }} {% endfor %}"
    assert rendered(source, n=3) == "0 1 2 "
    monkeypatch.setattr(jinja, "_as_python", None)  # it would fail
    assert rendered(source, n=4) == "0 1 2 3 "
    assert len([*(cache / "compiled").glob("[!.]*")]) == 1


@pytest.mark.parametrize("damaged", ["", "a b", "a b\n\0", "a b\n)"])
def test_a_text_that_is_damaged_is_made_again(cache, damaged):
    assert rendered("{{ a }}-{{ b }}", a=1, b=2) == "1-2"
    (kept,) = (cache / "compiled").glob("[!.]*")
    kept.write_text(damaged)
    assert rendered("{{ a }}-{{ b }}", a=1, b=2) == "1-2"
    assert len(kept.read_text()) > len(damaged)


def test_a_user_without_a_home_folder_has_no_cache(monkeypatch):
    def no_home() -> None:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("pathlib.Path.home", no_home)
    assert rendered("{{ name }}!", name="x") == "x!"
    with pytest.raises(OSError, match="home directory"):
        cache_folder()


def test_a_relative_folder_does_not_count(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "fastgen"


def test_what_the_sandbox_refuses_is_refused_from_the_cache_too():
    source = "{{ text.__class__.__mro__ }}"
    for _ in range(2):
        with pytest.raises(BrokenTemplate):
            rendered(source, text="x")
