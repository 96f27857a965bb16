"""Diagrams are Mermaid, whatever things are called; its own parser was asked once."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from fastgen.catalog.module import Module
from fastgen.cli.main import run
from fastgen.render.diagrams import diagrams
from fastgen.resources.resource import ResourceSpec
from tests.kit import catalog, spec_with
from tests.resources import resource

ATTRIBUTE = re.compile(
    r"        [a-z]+(\[[a-z]+\])? \*?[a-z][a-z0-9_]*( [PFU]K(,UK)?)?"
    r"( \"[a-zA-Z0-9_, -]+\")?"
)
RELATIONSHIP = re.compile(
    r"    \"\w+\" (\|\||\|o|\}o)--(o\||o\{) \"\w+\" : \"[a-z][a-z0-9_]*\""
)


def drawn(*resources: ResourceSpec) -> list[str]:
    named = {resource.name: resource for resource in resources}
    return diagrams(named, ()).resources.splitlines()


def test_fields_have_their_types_and_what_there_is_to_know_of_them() -> None:
    kinds = ("title:str:unique", "tags:list:int", "state:enum:new:in-stock:optional")
    shop = resource("Shop", *kinds, "pk:int", "one:ref:Class:unique:optional")
    assert drawn(shop) == [
        "erDiagram",
        '    "Shop" {',
        "        uuid id PK",
        "        str title UK",
        "        list[int] tags",
        '        enum state "new, in-stock, optional"',
        "        int *pk",
        '        uuid one_id FK,UK "optional"',
        "    }",
        '    "Class" |o--o| "Shop" : "one"',
    ]


def test_many_go_with_many() -> None:
    *_, last = drawn(resource("Shop", "name:str", "tags:many:Tag"))
    assert last == '    "Shop" }o--o{ "Tag" : "tags"'
    assert RELATIONSHIP.fullmatch(last)


def test_whose_a_row_is_shows() -> None:
    (*_, last) = drawn(resource("Note", access="owner"))
    assert last == '    "User" ||--o{ "Note" : "owner"'


@pytest.mark.parametrize(("access", "many"), [("owner", "o|"), ("open", "o{")])
def test_what_is_unique_for_each_user_is_one_where_it_leads_to_their_own(
    access: str, many: str
) -> None:
    note = resource("Note", "shop:ref:Shop:unique", access="owner")
    lines = drawn(note, resource("Shop", access=access))
    assert f'    "Shop" ||--{many} "Note" : "shop"' in lines


@pytest.mark.parametrize("word", ["class", "style", "title", "direction", "to", "one"])
def test_a_word_of_mermaids_is_a_name_like_others(word: str) -> None:
    target = word.capitalize()
    fields = ["uk:uuid:unique", "fk:bool", f"sub:ref:{target}", f"{word}2:str"]
    lines = drawn(resource(target, *fields), resource("Other"))
    for line in lines[1:]:
        block = re.fullmatch(r'    ("\w+" \{|\})', line)
        assert block or ATTRIBUTE.fullmatch(line) or RELATIONSHIP.fullmatch(line), line


def test_modules_are_drawn_with_what_they_require() -> None:
    modules = catalog().active(spec_with("admin").modules)
    assert diagrams({}, modules).modules.splitlines() == [
        "flowchart LR",
        "    admin --> auth",
        "    admin --> database",
        "    auth --> database",
        "    auth --> mail",
        "    core",
        "    database --> core",
        "    mail --> core",
    ]


def test_a_module_may_be_called_like_a_word_of_flowcharts() -> None:
    module = catalog()["docker"]
    modules: list[Module] = [replace(module, name=name) for name in ("end", "a--b")]
    assert diagrams({}, modules).modules.splitlines()[1:] == [
        '    Module_aDashDashb["a--b"] --> core',
        '    Module_end["end"] --> core',
    ]


def test_the_readme_holds_what_the_command_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "shop", "--no-install", "--no-git", "--quiet"]) == 0
    monkeypatch.chdir("shop")
    for command in ("resource Shop name:str", "field Shop owner:ref:Shop:optional"):
        assert run(["generate", *command.split(), "--quiet"]) == 0
        capsys.readouterr()
        assert run(["graph"]) == 0
        for diagram in capsys.readouterr().out.split("\n\n"):
            assert diagram.strip() in Path("README.md").read_text()
    assert run(["remove", "resource", "Shop", "--quiet"]) == 0
    assert "mermaid" not in Path("README.md").read_text()
