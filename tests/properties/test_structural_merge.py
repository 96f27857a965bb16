"""Laws of the structural merge: files made of modules, and edits beside their lines."""

import ast
import tomllib
from collections.abc import Callable
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fastgen.merge.structure.blocks import Merged
from tests.properties.shared_files import (
    MERGERS,
    MODULES,
    edited,
    own_lines,
    rendered,
)

PATHS = sorted(MERGERS)
RUNS = 10  # for each file; 300 were run when this was written
PARSERS: dict[str, Callable[[str], object]] = {
    "py": ast.parse,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}

some_modules = st.frozensets(st.sampled_from(MODULES), max_size=4)
randoms = st.randoms(use_true_random=False)
quick = settings(deadline=None, max_examples=40)


def merge(path: str, old: frozenset[str], new: frozenset[str], user: str) -> str:
    """The user's file after the modules have changed; it never conflicts here."""
    merged = MERGERS[path](rendered(old)[path], rendered(new)[path], user)
    assert merged.clashes == ()
    return merged.text


def parse(path: str, text: str) -> None:
    PARSERS.get(path.rpartition(".")[2], str)(text)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("seed", range(RUNS))
def test_six_toggles_beside_the_users_lines_and_back_give_the_very_bytes(path, seed):
    random = Random(f"{path} {seed}")  # noqa: S311
    start = frozenset(random.sample(MODULES, random.randint(0, 4)))
    user = edited(path, rendered(start)[path], random)
    own = own_lines(path, user)
    assert own or path == "compose.yaml"
    text, modules = user, start
    others = [name for name in MODULES if name not in start]
    toggles = random.choices(others, k=6)
    back = sorted(start.symmetric_difference(toggled(start, toggles)))
    for name in [*toggles, *random.sample(back, len(back))]:
        text = merge(path, modules, modules ^ {name}, text)
        modules ^= {name}
        parse(path, text)
        assert own_lines(path, text) == own
    assert text == user


def toggled(modules: frozenset[str], names: list[str]) -> frozenset[str]:
    for name in names:
        modules ^= {name}
    return modules


@quick
@given(st.sampled_from(PATHS), some_modules, some_modules, randoms)
def test_no_line_of_the_users_is_lost_and_the_result_parses(path, old, new, random):
    user = edited(path, rendered(old)[path], random)
    text = merge(path, old, new, user)
    parse(path, text)
    assert set(own_lines(path, text)) == set(own_lines(path, user))


@quick
@given(st.sampled_from(PATHS), some_modules, some_modules, randoms)
def test_an_edit_elsewhere_does_not_change_what_fastgen_writes(path, old, new, random):
    user = edited(path, rendered(old)[path], random)
    text = merge(path, old, new, user)
    theirs = set(code_lines(text)) - set(own_lines(path, user))
    fresh = set(code_lines(rendered(new)[path]))
    assert fresh <= theirs
    assert theirs - fresh <= {"    depends_on:"}  # the head of an entry of the user's


def code_lines(text: str) -> list[str]:
    """A comment stays with what the user has put below it."""
    return [ln for ln in text.splitlines() if ln.strip()[:1] not in ("", "#")]


@quick
@given(st.sampled_from(PATHS), some_modules, st.permutations(MODULES), randoms)
def test_the_order_of_additions_does_not_matter(path, old, order, random):
    user = edited(path, rendered(old)[path], random)
    added = [name for name in order if name not in old][:3]
    texts = set()
    for names in (added, added[::-1]):
        text, modules = user, old
        for name in names:
            text = merge(path, modules, modules | {name}, text)
            modules |= {name}
        texts.add(text)
    texts.add(merge(path, old, old | set(added), user))
    assert len(texts) == 1


@quick
@given(st.sampled_from(PATHS), some_modules, some_modules, some_modules)
def test_the_side_that_changed_something_is_taken_whole(path, base, one, other):
    old, new, text = (rendered(modules)[path] for modules in (base, one, other))
    mergers = MERGERS[path]
    assert mergers(old, old, text) == Merged(text)
    assert mergers(old, new, old) == Merged(new)
    assert mergers(old, new, new) == Merged(new)


def test_it_conflicts_where_it_must():
    old, new = (
        rendered(modules)["main.py"] for modules in (["auth"], ["auth", "mail"])
    )
    router = "    api.include_router(auth)\n"
    header = 'header="X-Request-Id"'
    merge = MERGERS["main.py"]
    changed = old.replace(header, 'header="X-Id"')
    assert merge(old, old.replace(header, 'header="Id"'), changed).clashes
    changed = old.replace(router, router.replace("(auth)", "(auth, prefix='/a')"))
    assert merge(old, rendered([])["main.py"], changed).clashes
    changed = old.replace("auth=auth", "auth=auth, mail=None")
    assert merge(old, new, changed).clashes
