"""The modules of examples/, as docs/modules.md shows them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fastgen import __version__
from fastgen.catalog.catalog import Catalog
from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.cli.main import run
from fastgen.migrations.kept_tables import with_kept
from fastgen.migrations.of_resources import AccessGone, with_resource_migration
from fastgen.resources.grammar import parse_fields
from fastgen.spec.edits import with_modules
from fastgen.spec.resource_edits import with_resource
from fastgen.spec.resource_removal import without_resources
from fastgen.spec.side import Side
from fastgen.spec.spec import first_spec
from tests.docs.documents import ROOT, blocks
from tests.kit import EXAMPLES

MANUAL = (ROOT / "docs" / "modules.md").read_text()
TEAMS = EXAMPLES / "teams"


def built_in() -> Catalog:
    return catalog_of(module_folders(templates_folder()))


def with_examples() -> Catalog:
    return catalog_of([*module_folders(templates_folder()), *module_folders(EXAMPLES)])


def shown_files() -> Iterator[tuple[str, str]]:
    """The blocks of the manual that are said to be in a file of the example, with its
    path."""
    lines = MANUAL.splitlines()
    for block in blocks(MANUAL):
        found = re.findall(r"`(examples/[\w/.-]+)`", lines[block.start - 3])
        for path in found[-1:]:
            yield path, "\n".join(block.lines)


def test_what_the_manual_shows_of_an_example_is_in_its_file() -> None:
    shown = list(shown_files())
    assert len(shown) >= 4
    for path, text in shown:
        for part in re.split(r"\n\.\.\.\n", text):
            assert part in (ROOT / path).read_text(), path


def test_a_table_whose_access_no_module_declares_is_neither_used_nor_dropped() -> None:
    """The module of its scope is gone, with its source."""
    spec = first_spec("shop", "", "3.11", __version__)
    made = with_modules(Side(spec, with_examples()), ["teams"])
    made = with_resource(made, "Memo", parse_fields(["text:str"]), access="team")
    removed = with_kept(made, without_resources(made, ["Memo"]), ())
    assert removed.spec.kept == {"memos": "Memo access=team text:str"}
    there = with_modules(Side(spec, built_in()), ["auth"])
    there = there.with_spec(replace(there.spec, kept=removed.spec.kept))
    again = with_resource(there, "Memo", parse_fields(["text:str"]))
    for after in (with_kept(there, again, ()), with_kept(there, there, ["Memo"])):
        assert not after.spec.kept
        with pytest.raises(AccessGone, match="memos was made with the access 'team'"):
            with_resource_migration({}, {}, there, after)
    other = with_resource(there, "Note", parse_fields(["text:str"]))
    kept = with_kept(there, other, ())
    assert kept.spec.kept == there.spec.kept


@pytest.mark.usefixtures("example_modules")
def test_the_help_of_a_resource_lists_scopes_and_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    assert run(["generate", "resource", "--help"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "--owned-by SCOPE" in printed
    assert "team: The members of each team read and write its rows." in printed
    assert "user: Each user reads and writes their own." in printed
    assert "--counted The number of its rows is served" in printed
