"""The documents name everything that there is, and nothing else."""

import inspect
import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
import typer

from fastgen import errors
from fastgen.catalog.facts import RECORDS, Facts
from fastgen.catalog.load import load_module
from fastgen.cli.main import BUG, COMMANDS, application
from fastgen.errors import INTERRUPTED, TERMINATED
from tests.docs.documents import ROOT, blocks

OF_ALL = {"--help", "-h"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_command_has_its_section() -> None:
    sections = re.findall(r"^## (\w+)$", read("docs/commands.md"), re.M)
    assert sections == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_flag_of_a_command_is_described(name: str) -> None:
    group = typer.main.get_group(application(name))
    command = group.commands[name]
    flags = {flag for parameter in command.params for flag in parameter.opts}
    flags = {flag for flag in flags if flag.startswith("-")} - OF_ALL
    text = read("docs/commands.md")
    described = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
    assert not flags - described


def codes() -> set[int]:
    refusals = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.Refusal)
    ]
    return {0, BUG, INTERRUPTED, TERMINATED} | {
        refusal.exit_code for refusal in refusals
    }


@pytest.mark.parametrize("name", ["README.md", "docs/exit-codes.md"])
def test_the_exit_codes_are_those_that_there_are(name: str) -> None:
    listed = re.findall(r"^\| (\d+) \|", read(name), re.M)
    assert [int(code) for code in listed] == sorted(codes())


def test_every_kind_of_fact_is_described_with_its_keys() -> None:
    """Keys with a default are in brackets."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", read("docs/modules.md"), re.M)
    described = {kind: cell for kind, cell in rows if kind in Facts.__annotations__}
    assert sorted(described) == sorted(kind.name for kind in fields(Facts))
    for kind, record in RECORDS.items():
        optional = set(re.findall(r"\[`(\w+)`", described[kind]))
        required = set(re.findall(r"(?<!\[)(?<!= )`(\w+)`", described[kind]))
        defaults = {
            column.name
            for column in fields(record)
            if (column.default, column.default_factory) != (MISSING, MISSING)
        }
        assert optional == defaults
        assert required == {column.name for column in fields(record)} - defaults


def test_the_example_of_a_module_is_one(tmp_path: Path) -> None:
    (example,) = [
        block
        for block in blocks(read("docs/modules.md"))
        if block.language == "toml" and any("[options" in row for row in block.lines)
    ]
    (tmp_path / "module.toml").write_text("\n".join(example.lines))
    module = load_module(tmp_path)
    assert set(module.options) == {"provider", "verbose", "region"}
    assert len(module.variants) == 2
