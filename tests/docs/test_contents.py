"""The documents name everything that there is, and nothing else."""

import inspect
import re

import pytest
import typer

from fastgen import errors
from fastgen.cli.main import BUG, COMMANDS, INTERRUPTED, application
from tests.docs.documents import ROOT

OF_ALL = {"--help", "-h"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_command_has_its_section() -> None:
    sections = re.findall(r"^## (\w+)$", read("docs/commands.md"), re.M)
    assert sections == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_flag_of_a_command_is_described(name: str) -> None:
    command = typer.main.get_command(application(name)).commands[name]
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
    return {0, BUG, INTERRUPTED} | {refusal.exit_code for refusal in refusals}


@pytest.mark.parametrize("name", ["README.md", "docs/exit-codes.md"])
def test_the_exit_codes_are_those_that_there_are(name: str) -> None:
    listed = re.findall(r"^\| (\d+) \|", read(name), re.M)
    assert [int(code) for code in listed] == sorted(codes())
