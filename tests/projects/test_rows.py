"""The rows of the matrix have every pair of choices, and six days see all of them."""

from collections.abc import Sequence
from itertools import combinations, permutations

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import CORE
from fastgen.catalog.sources import load_catalog
from fastgen.errors import WrongUsage

from .covering import covering, everything, text_of
from .full_rows import DAYS, TOUCHED, modules_of, rows_of_day
from .matrix import EVERYTHING, FILE, Row, choices, rows


def test_every_pair_that_can_be_is_in_a_row() -> None:
    check_pairs(rows(), load_catalog())


def check_pairs(found: Sequence[Row], catalog: Catalog) -> None:
    values = {
        (name, option, value)
        for name in catalog.names
        for option, of_option in (choices(catalog[name]) or {"": ["present"]}).items()
        for value in of_option
    }
    covered = [_values(row) for row in found]
    for first, second in combinations(sorted(values), 2):
        if first[:2] == second[:2]:
            continue  # two values of one option
        try:
            catalog.with_required([first[0], second[0]])
        except WrongUsage:
            continue  # the modules exclude each other
        assert any({first, second} <= row for row in covered), (
            f"{first} and {second} are in no row: run `make rows`"
        )
    names = [name for name in catalog.names if name != CORE]
    for there, absent in permutations(names, 2):
        if absent not in catalog.with_required([there]):
            without = [row.modules for row in found if absent not in row.modules]
            assert any(there in modules for modules in without), (
                f"{there} is in no row without {absent}: run `make rows`"
            )


def _values(row: Row) -> set[tuple[str, str, str]]:
    return {
        (name, option, value)
        for name, options in row.modules.items()
        for option, value in (options or {"": "present"}).items()
    }


def test_the_first_rows_have_everything() -> None:
    catalog = load_catalog()
    first, last = (everything(catalog, value) for value in (0, -1))
    assert [dict(row.modules) for row in rows()[:EVERYTHING]] == [first, last]


def test_rows_with_every_pair_stay_as_they_are() -> None:
    assert text_of(covering(load_catalog(), rows())) == FILE.read_text()


def test_a_new_module_leaves_the_choices_of_all_rows() -> None:
    """`make rows` where no row has the module yet."""
    catalog = load_catalog()
    for new in ("client", "ci"):
        before = rows_without(new)
        after = covering(catalog, before)
        check_pairs(after, catalog)
        reduced = [without(row, new) for row in after]
        assert reduced[: len(before)] == before
        assert len(after) <= len(before) + 4


def rows_without(name: str) -> list[Row]:
    found = {str(row): row for row in (without(row, name) for row in rows())}
    return [*found.values()]


def without(row: Row, name: str) -> Row:
    return Row({n: dict(options) for n, options in row.modules.items() if n != name})


def test_six_days_have_all_rows() -> None:
    others = rows()[EVERYTHING:]
    days = range(20_000, 20_000 + DAYS)
    seen = [str(row) for day in days for row in rows_of_day(others, day, [])]
    assert sorted(seen) == sorted(map(str, others))


def test_rows_that_a_commit_touches_come_first_beside_those_of_the_day() -> None:
    others = rows()[EVERYTHING:]
    for day in range(DAYS):
        found = rows_of_day(others, day, ["docker", "kubernetes"])
        for row in found[:TOUCHED]:
            assert {"docker", "kubernetes"} <= row.modules.keys()
        assert {*map(str, found)} >= {*map(str, rows_of_day(others, day, []))}
        assert len({*map(str, found)}) == len(found)


def test_a_change_of_core_touches_no_row_more_than_another() -> None:
    others = rows()[EVERYTHING:]
    assert rows_of_day(others, 3, ["core"]) == rows_of_day(others, 3, [])


def test_a_bridge_belongs_to_its_ends() -> None:
    paths = ["templates/auth+loadtest/module.toml", "templates/mail/files/a.py"]
    assert modules_of([*paths, "fastgen/tree.py"]) == {"auth", "loadtest", "mail"}
