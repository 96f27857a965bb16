"""Models of modules that resources refer to: there with the options, or refused."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from fastgen.cli.main import run
from fastgen.render.render import project_facts, rendered_tree
from fastgen.resources.grammar import BadField, parse_field
from fastgen.spec.edits import with_modules, with_options, without_modules
from fastgen.spec.models import ModelGone, check_models
from fastgen.spec.resource_edits import (
    with_fields,
    with_resource,
    with_served_resources,
)
from fastgen.spec.resource_removal import StillServed, check_modules
from fastgen.spec.side import Side
from fastgen.spec.specfile import BrokenSpec, parse_spec, read_table, spec_text
from tests.kit import catalog, side_with

QUIET = ("--no-install", "--quiet")
KEY = "key:ref:APIKey:optional"


def with_keys(side: Side) -> Side:
    return with_options(side, ["auth.api_keys=true"])


def with_key(side: Side) -> Side:
    return with_resource(side, "Use", [parse_field(KEY)])


@pytest.mark.parametrize(
    ("modules", "command"),
    [
        (["database"], "fastgen add auth --set auth.api_keys=true"),
        (["database", "auth"], "fastgen set auth.api_keys=true"),
    ],
)
def test_a_reference_to_a_model_of_another_option_names_the_command_for_it(
    modules, command
):
    side = side_with(*modules)
    with pytest.raises(
        BadField, match=f"column 9: APIKey does not.* `{command}` first"
    ):
        with_key(side)
    empty = with_resource(side, "Use", [])
    with pytest.raises(BadField, match=command):
        with_fields(empty, "Use", [parse_field(KEY)])
    there = with_key(with_keys(with_modules(side, ["auth"])))
    assert "src/myapi/uses/models.py" in rendered_tree(there)


def test_an_option_whose_model_a_resource_refers_to_stays_on():
    side = with_key(with_keys(side_with("database", "auth")))
    check_models(side)
    with pytest.raises(ModelGone, match="`fastgen remove field Use key`"):
        check_models(with_options(side, ["auth.api_keys=false"]))
    with pytest.raises(StillServed, match=r"auth cannot be removed.* needed by Use"):
        check_modules(without_modules(side, ["auth"]), ["auth"])


def test_a_recorded_reference_to_a_model_of_another_option_is_refused_with_its_line():
    text = spec_text(with_key(with_keys(side_with("database", "auth"))).spec)
    broken = text.replace("api_keys = true", "api_keys = false")
    (line,) = [n for n, t in enumerate(text.splitlines(), 1) if t.startswith("Use.f")]
    with pytest.raises(BrokenSpec, match=f"^fastgen.toml:{line}: APIKey needs auth"):
        parse_spec(broken, read_table(broken), catalog(), "0.1.0")


def test_a_recorded_owner_that_no_module_has_is_refused():
    side = with_resource(side_with("database", "auth"), "Note", [])
    note = side.spec.resources["Note"]
    assert note.scope is not None
    other = replace(note, scope=replace(note.scope, target="Tenant"))
    side = side.with_spec(replace(side.spec, resources={"Note": other}))
    with pytest.raises(ModelGone, match="`fastgen remove resource Note`"):
        check_models(side)


@pytest.mark.parametrize("module", ["auth", "database", "core", "admin", "mail"])
def test_a_module_shows_what_it_adds_where_resources_need_it(
    module, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    run(["new", "shop", "--with", "auth", "--no-git", *QUIET])
    monkeypatch.chdir(tmp_path / "shop")
    monkeypatch.setenv("CI", "1")
    run(["set", "auth.api_keys=true", *QUIET])
    assert run(["generate", "resource", "Use", KEY, "--owned-by", "user", *QUIET]) == 0
    assert run(["generate", "resource", "Visit", "use:ref:Use", *QUIET]) == 0
    capsys.readouterr()
    assert run(["show", module, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["files"] or module == "mail"
    assert not any("/uses/" in path or "/visits/" in path for path in shown["files"])


def test_resources_that_only_seem_to_need_a_module_stay_where_it_is_shown():
    side = with_resource(side_with("database", "mail"), "Note", [])
    assert with_served_resources(side) == side
    owned = with_resource(with_modules(side, ["auth"]), "Draft", [])
    further = with_resource(owned, "Page1", [parse_field("draft:ref:Draft")])
    without = further.with_spec(replace(further.spec, modules=side.spec.modules))
    left = with_served_resources(without)
    assert [*left.spec.resources] == ["Note"]
    assert project_facts(left)


def test_no_command_with_a_model_of_another_option_is_a_bug(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "1")
    run(["new", "shop", "--with", "auth", "--no-git", *QUIET])
    project = tmp_path / "shop"
    monkeypatch.chdir(project)
    generate = ["generate", "resource", "Use", KEY, *QUIET]
    assert run(generate) == 2
    assert "fastgen set auth.api_keys=true" in capsys.readouterr().err
    run(["set", "auth.api_keys=true", *QUIET])
    assert run(generate) == 0
    before = files(project)
    for command in (
        ["set", "auth.api_keys=false", *QUIET],
        ["remove", "auth", *QUIET],
        ["set", "auth.api_keys=false", "--dry-run"],
        ["new", "other", "--from", "fastgen.toml", "--set", "auth.api_keys=false"],
    ):
        capsys.readouterr()
        assert run(command) == 2, command
        assert capsys.readouterr().err.count("\n") == 1
    assert files(project) == before
    run(["remove", "field", "Use", "key", *QUIET])
    assert run(["set", "auth.api_keys=false", "--yes", *QUIET]) == 0
    spec = tomllib.loads((project / "fastgen.toml").read_text())
    assert spec["modules"]["auth"]["api_keys"] is False


def files(project: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in project.rglob("*") if p.is_file()}
