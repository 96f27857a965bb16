"""The render that is kept for commands that only read: it is never another one than
would be made now."""

import ast
import json
import sys
from pathlib import Path

import pytest

from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.change import renders
from fastgen.change.renders import LIBRARIES, whole_render
from fastgen.cli.main import run
from fastgen.render.render import rendered_tree
from fastgen.spec.edits import with_modules, with_options
from fastgen.spec.side import Side
from fastgen.tools.ruff import formatted
from tests.kit import spec_with

PIXEL = b"\x89PNG\r\n\x1a\n\xff\x00"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTGEN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "renders"


@pytest.fixture
def module(tmp_path):
    folder = tmp_path / "modules" / "extra"
    (folder / "files" / "src" / "myapi").mkdir(parents=True)
    (folder / "module.toml").write_text('summary = "x"\n')
    (folder / "files" / "src" / "myapi" / "extra.py").write_text("value =  1\n")
    (folder / "files" / "pixel.png").write_bytes(PIXEL)
    script = folder / "files" / "run.sh"
    script.write_text("#!/bin/sh\n")
    return folder


def side_of(module) -> Side:
    folders = [*module_folders(templates_folder()), (module, "")]
    return with_modules(Side(spec_with(), catalog_of(folders)), ["extra", "ci"])


def made_now(side):
    (tree,) = formatted([rendered_tree(side)])
    return tree


def only_kept(monkeypatch) -> None:
    """From here on nothing can be rendered."""
    monkeypatch.setattr(renders, "_rendered", None)


def test_it_is_the_same_from_the_cache(module, tmp_path, monkeypatch):
    expected = made_now(side_of(module))
    assert whole_render(side_of(module), tmp_path) == expected
    only_kept(monkeypatch)
    kept = whole_render(side_of(module), tmp_path)
    assert kept == expected
    assert kept["pixel.png"].content == PIXEL
    assert kept["run.sh"].mode == 0o755


@pytest.mark.parametrize("path", ["files/src/myapi/extra.py", "files/new.txt"])
def test_a_changed_template_is_rendered_again(module, tmp_path, path):
    whole_render(side_of(module), tmp_path)
    (module / path).write_text("value = 22\n")
    assert whole_render(side_of(module), tmp_path) == made_now(side_of(module))


def test_a_template_that_is_gone_is_gone(module, tmp_path):
    whole_render(side_of(module), tmp_path)
    (module / "files" / "run.sh").unlink()
    assert "run.sh" not in whole_render(side_of(module), tmp_path)


def test_another_spec_is_rendered_again(module, tmp_path, cache):
    whole_render(side_of(module), tmp_path)
    other = with_options(side_of(module), ["ci.provider=gitlab"])
    assert whole_render(other, tmp_path) == made_now(other)
    assert len([*cache.glob("[!.]*")]) == 1, "one for each project"


def test_a_damaged_one_is_made_again(module, tmp_path, cache):
    expected = whole_render(side_of(module), tmp_path)
    (kept,) = cache.glob("[!.]*")
    kept.write_bytes(kept.read_bytes()[:-100])
    assert whole_render(side_of(module), tmp_path) == expected


@pytest.mark.parametrize("target", ["nowhere", ".", "/usr"])
def test_a_link_beside_the_templates_is_not_followed(module, tmp_path, target):
    (module / "link").symlink_to(target)
    expected = made_now(side_of(module))
    for _ in range(2):
        assert whole_render(side_of(module), tmp_path) == expected


def test_every_library_that_a_render_uses_is_in_its_key():
    rendering = ("catalog", "render", "resources", "spec", "tools/ruff.py")
    used = set()
    for place in rendering:
        path = Path(renders.__file__).parents[1] / place
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Import):
                    used |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    used.add(node.module.split(".")[0])
    others = used - sys.stdlib_module_names - {"fastgen", "ruff"}
    assert others <= {*LIBRARIES}
    assert {"jinja2", "rstr"} <= others


def test_status_sees_edits_and_options_whatever_was_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "myapi", "--no-install", "--no-git", "--quiet"]) == 0
    monkeypatch.chdir(tmp_path / "myapi")

    def changed() -> set[str]:
        capsys.readouterr()
        assert run(["status", "--json"]) == 0
        files = json.loads(capsys.readouterr().out)["files"]
        return {file["path"] for file in files if file["state"] != "pristine"}

    assert changed() == set()
    main = tmp_path / "myapi" / "src" / "myapi" / "main.py"
    main.write_text(main.read_text() + "\n# mine\n")
    assert changed() == {"src/myapi/main.py"}
    assert run(["set", "core.server=granian", "--no-install", "--quiet"]) == 0
    assert changed() == {"src/myapi/main.py"}
    assert run(["undo", "--no-install", "--quiet"]) == 0
    assert changed() == {"src/myapi/main.py"}
