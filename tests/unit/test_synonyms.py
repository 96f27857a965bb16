"""Words that people type for a module."""

import shlex
from collections import Counter
from pathlib import Path

import pytest

from fastgen import __version__
from fastgen.catalog.catalog import AnotherWord, Catalog, UnknownModule
from fastgen.catalog.claims import WordTaken
from fastgen.catalog.load import BrokenModule, load_module
from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.cli.main import run
from fastgen.spec.edits import with_modules, with_options
from fastgen.spec.side import Side
from fastgen.spec.spec import first_spec
from fastgen.spec.specfile import BrokenSpec, parse_spec, read_table, spec_text

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


ANSWERS = sorted({(module, settings) for module, _, settings in SYNONYMS})


@pytest.mark.parametrize(("module", "settings"), ANSWERS)
def test_the_command_in_the_answer_runs(
    module: str,
    settings: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    word = next(w for m, w, s in SYNONYMS if (m, s) == (module, settings))
    assert run(["new", "shop", "--with", word]) == 2
    _, add, _, new, _ = capsys.readouterr().err.split("`")
    name, *words = shlex.split(new.removeprefix("fastgen new "))
    assert run(["new", name, *words, "--dry-run", "--no-git", "--quiet"]) == 0
    assert [*tmp_path.iterdir()] == []
    assert shlex.split(add)[:3] == ["fastgen", "add", module]


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
        ('words = "jwt"', "a list of texts"),
        ('words = ["jwt"]\nsettings = ["nothing=true"]', "no option 'nothing'"),
        ('words = ["jwt"]\nmore = 1', "'more' is not one of a synonym"),
        ("settings = []", "has no 'words'"),
    ],
)
def test_a_synonym_that_is_not_valid_is_refused(
    synonym: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "module.toml").write_text(f'summary = ""\n[[synonyms]]\n{synonym}\n')
    with pytest.raises(BrokenModule, match=words):
        load_module(tmp_path)


def test_a_module_is_called_like_a_synonym_and_the_name_wins(tmp_path: Path) -> None:
    module(tmp_path, "jwt")
    assert catalogue(tmp_path)["jwt"].name == "jwt"


@pytest.mark.parametrize("word", ["jwt", "docker", "other"])
def test_a_word_that_means_another_module_is_refused(word: str, tmp_path: Path) -> None:
    module(tmp_path, "acme", f'[[synonyms]]\nwords = ["{word}"]\n')
    module(tmp_path, "other")
    with pytest.raises(WordTaken, match=f"acme cannot have the synonym '{word}'"):
        catalogue(tmp_path)


def test_a_value_with_spaces_is_quoted_in_the_answer(tmp_path: Path) -> None:
    option = '[options.place]\nsummary = ""\npattern = ".*"\ndefault = ""\n'
    words = '[[synonyms]]\nwords = ["pub"]\nsettings = ["place=$(id) x"]\n'
    module(tmp_path, "acme", words + option)
    with pytest.raises(AnotherWord, match=r"--set 'acme\.place=\$\(id\) x'"):
        catalogue(tmp_path)["pub"]


def test_a_word_in_fastgen_toml_is_refused_with_its_line() -> None:
    text = spec_text(first_spec("shop", "", "3.11", __version__))
    text += "\n[modules.core]\n\n[modules.postgres]\n"
    line = len(text.splitlines())
    with pytest.raises(BrokenSpec, match=f"^fastgen.toml:{line}: Unknown module"):
        parse_spec(text, read_table(text), CATALOG, __version__)


def module(folder: Path, name: str, toml: str = "") -> None:
    (folder / name).mkdir()
    (folder / name / "module.toml").write_text(f'summary = ""\n{toml}')


def catalogue(folder: Path) -> Catalog:
    """The built-in modules, and those in `folder`."""
    theirs = module_folders(folder, "package:theirs")
    return catalog_of([*module_folders(templates_folder()), *theirs])
