"""The user's cache: what is in it saves time, and never changes a result."""

import os
import time
from pathlib import Path

import pytest

from fastgen.render import jinja
from fastgen.render.jinja import BrokenTemplate, rendered_text
from fastgen.tools.cache import TextCache, cache_folder


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTGEN_CACHE_DIR", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache"
    forget()


def forget() -> None:
    """As a new process begins."""
    functions = (jinja._cached, jinja._compiled, jinja._compiler, jinja._environment)
    for kept in (*functions, jinja._RENDERED):
        kept.clear() if isinstance(kept, dict) else kept.cache_clear()


def rendered(source: str, **context: object) -> str:
    forget()
    return rendered_text(source, context, "a.txt")


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".gitignore"}


def test_a_text_is_there_for_the_next_process(cache):
    TextCache("texts").put("one", "first\r\n")
    assert TextCache("texts").get("one") == "first\r\n"
    assert TextCache("texts").get("two") is None
    assert names(cache / "texts") == {"one"}


@pytest.mark.parametrize("kept", [0, 1, 10, 64, 65, 66, 70])
def test_a_text_that_was_cut_off_is_not_there(cache, kept):
    TextCache("texts").put("one", "first\nsecond\n")
    file = cache / "texts" / "one"
    file.write_bytes(file.read_bytes()[:kept])
    assert TextCache("texts").get("one") is None


def test_a_text_that_is_not_needed_any_more_is_deleted(cache):
    texts = TextCache("texts")
    for name in ("old", "new"):
        texts.put(name, name)
    long_ago = time.time() - 91 * 24 * 60 * 60
    os.utime(cache / "texts" / "old", (long_ago, long_ago))
    assert TextCache("texts").get("new") == "new"
    assert names(cache / "texts") == {"new"}


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755])
def test_a_folder_that_others_can_open_is_not_used(cache, mode):
    texts = cache / "texts"
    TextCache("texts").put("one", "from somebody else")
    texts.chmod(mode)
    assert TextCache("texts").get("one") is None
    TextCache("texts").put("two", "2")
    assert names(texts) == {"one"}


def test_a_linked_folder_is_not_used(cache):
    TextCache("elsewhere").put("one", "from somebody else")
    (cache / "texts").symlink_to(cache / "elsewhere")
    assert TextCache("texts").get("one") is None


def test_without_a_folder_everything_works(cache):
    cache.write_text("a file is in the way")
    TextCache("texts").put("one", "1")
    assert TextCache("texts").get("one") is None
    assert rendered("{{ name }}!", name="x") == "x!"


def test_a_template_is_compiled_once_for_all_processes(cache, monkeypatch):
    source = "{% for i in range(n) %}{{ i }} {% endfor %}"
    assert rendered(source, n=3) == "0 1 2 "
    monkeypatch.setattr(jinja, "_as_python", None)  # it would fail
    assert rendered(source, n=4) == "0 1 2 3 "
    assert len(names(cache / "compiled")) == 1


def test_another_syntax_of_templates_compiles_them_again(cache, tmp_path, monkeypatch):
    """A cached template without marked lines is never used with them."""
    beside = tmp_path / "jinja.py"
    beside.write_text(Path(jinja.__file__).read_text())
    monkeypatch.setattr(jinja, "__file__", str(beside))
    source = "# % if true\nx\n# % endif\n"
    assert rendered(source) == "x\n"
    monkeypatch.setattr(jinja, "MARK", "// %")
    beside.write_text(beside.read_text().replace('MARK = "# %"', 'MARK = "// %"'))
    assert rendered(source) == source
    assert len(names(cache / "compiled")) == 2


@pytest.mark.parametrize("lines", [0, 1, 5, -1])
def test_a_damaged_template_is_compiled_again(cache, lines):
    source = "{% for i in range(n) %}{{ i }} {% endfor %}"
    assert rendered(source, n=3) == "0 1 2 "
    (name,) = names(cache / "compiled")
    file = cache / "compiled" / name
    whole = file.read_text()
    file.write_text("".join(whole.splitlines(keepends=True)[:lines]))
    assert rendered(source, n=4) == "0 1 2 3 "
    assert file.read_text() == whole


def test_what_the_sandbox_refuses_is_refused_from_the_cache_too():
    source = "{{ text.__class__.__mro__ }}"
    for _ in range(2):
        with pytest.raises(BrokenTemplate):
            rendered(source, text="x")


def test_a_user_without_a_home_folder_has_no_cache(monkeypatch):
    def no_home() -> None:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("FASTGEN_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("pathlib.Path.home", no_home)
    assert rendered("{{ name }}!", name="x") == "x!"
    with pytest.raises(OSError, match="home directory"):
        cache_folder()


def test_the_folder_is_that_of_the_xdg_standard(monkeypatch, tmp_path):
    monkeypatch.delenv("FASTGEN_CACHE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == tmp_path / ".cache" / "fastgen"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "fastgen"
