"""Words that people type for a module."""

from collections import Counter
from pathlib import Path

import pytest

from fastgen import __version__
from fastgen.catalog.catalog import AnotherWord, UnknownModule
from fastgen.catalog.load import BrokenModule, load_module
from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.cli.main import run
from fastgen.spec.edits import with_modules, with_options
from fastgen.spec.side import Side
from fastgen.spec.spec import first_spec

CATALOG = catalog_of(module_folders(templates_folder()))

SYNONYMS = [
    (module.name, word, synonym.settings)
    for module in CATALOG.modules.values()
    for synonym in module.synonyms
    for word in synonym.words
]


@pytest.mark.parametrize(("module", "word", "settings"), SYNONYMS)
def test_the_answer_to_a_word_is_a_command_that_works(
    module: str, word: str, settings: tuple[str, ...]
) -> None:
    with pytest.raises(AnotherWord) as refused:
        CATALOG[word]
    flags = "".join(f" --set {module}.{setting}" for setting in settings)
    assert f"`fastgen add {module}{flags}`" in str(refused.value)
    empty = Side(first_spec("shop", "", "3.11", __version__), CATALOG)
    wanted = [f"{module}.{setting}" for setting in settings]
    assert module in with_options(with_modules(empty, [module]), wanted).spec.modules


def test_a_word_means_one_module_and_is_no_module() -> None:
    counts = Counter(word for _, word, _ in SYNONYMS)
    assert len(counts) == len(SYNONYMS)
    assert not counts.keys() & CATALOG.modules.keys()


@pytest.mark.parametrize("word", ["Postgres", "pre_commit", "GITHUB_ACTIONS"])
def test_capitals_and_underscores_make_no_difference(word: str) -> None:
    with pytest.raises(AnotherWord):
        CATALOG[word]


def test_another_word_is_unknown() -> None:
    with pytest.raises(UnknownModule, match="did you mean docker"):
        CATALOG["dokcer"]


def test_new_says_which_module_a_word_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "shop", "--with", "postgres"]) == 2
    assert "--with database --set database.engine=postgres" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("synonym", "words"),
    [
        ('words = ["Two Words"]', "is not"),
        ('words = "jwt"', "not a list of strings"),
        ('words = ["jwt"]\nsettings = ["nothing=true"]', "no option 'nothing'"),
        ('words = ["jwt"]\nmore = 1', "'more' is not one of a synonym"),
        ("settings = []", "not a list of strings"),
    ],
)
def test_a_synonym_that_is_not_valid_is_refused(
    synonym: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "module.toml").write_text(f'summary = ""\n[[synonyms]]\n{synonym}\n')
    with pytest.raises(BrokenModule, match=words):
        load_module(tmp_path)
