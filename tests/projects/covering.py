"""Computes the rows of matrix.toml: `make rows`, after modules or options have changed.

covertable finds rows for all pairs that no row has, from what the modules require and
exclude. (allpairspy leaves out 38 of 263 pairs, since it takes constraints as a filter
of finished rows.) A row keeps the choices that it has: a new module joins only as many
rows as it needs to meet the choices there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import covertable

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import CORE
from fastgen.catalog.sources import load_catalog
from fastgen.errors import WrongUsage

from .matrix import EVERYTHING, FILE, Row, choices, rows

HEADER = """\
# The projects of the matrix: `make rows` writes this file, and every pair of choices is
# in one of them. The first two have all modules, with the first values of all options
# and with the last ones.
"""

Factor = str
"""`module:option`, since covertable looks into what a dot joins; `module:` where there
is no option."""

ABSENT = ""
PRESENT = "present"

Modules = dict[str, dict[str, str]]

Pair = tuple[tuple[Factor, str], tuple[Factor, str]]
"""Two choices."""


def covering(catalog: Catalog, present: Sequence[Row]) -> list[Row]:
    """Rows that have every pair of choices, made from the rows that are `present`."""
    kept = [_kept(n, row, catalog) for n, row in enumerate(present[EVERYTHING:])]
    fixed = [everything(catalog, 0), everything(catalog, -1)]
    kept = _joined([row for row in kept if row.keys() - {CORE}], fixed, catalog)
    presets = [_preset(modules, catalog) for modules in (*fixed, {CORE: {}}, *kept)]
    found = covertable.make(
        factors(catalog), constraints=constraints(catalog), presets=presets
    )
    made = {str(row): row for row in map(_row, found)}
    return [*made.values()]


def everything(catalog: Catalog, value: int) -> Modules:
    """All modules, each option with its first value (0) or its last (-1). Of two that
    exclude each other, the first has the one, and the last the other."""
    names: tuple[str, ...] = ()
    for name in catalog.names if value == 0 else reversed(catalog.names):
        try:
            names = catalog.with_required([*names, name])
        except WrongUsage:
            continue  # it excludes one that is there
    return {
        name: {o: values[value] for o, values in choices(catalog[name]).items()}
        for name in names
    }


def _kept(n: int, row: Row, catalog: Catalog) -> Modules:
    """The choices of `row` that still exist; none if they are no project any more.
    A new option has each of its values in turn, the one of `n` here."""
    modules: Modules = {}
    for name, options in row.modules.items():
        if name in catalog.names:
            known = choices(catalog[name])
            chosen = {o: options.get(o, v[n % len(v)]) for o, v in known.items()}
            if any(value not in known[option] for option, value in chosen.items()):
                return {}
            modules[name] = chosen
    try:
        complete = {*catalog.with_required(modules)} == {*modules}
    except WrongUsage:
        return {}
    return modules if complete else {}


def _joined(
    kept: list[Modules], fixed: list[Modules], catalog: Catalog
) -> list[Modules]:
    """The rows `kept`, some of them with the modules that none of them has: each of
    these joins rows while more pairs are met by that than are lost."""
    new = [name for name in catalog.names if all(name not in row for row in kept)]
    new.sort(key=lambda name: len(catalog.with_required([name])))
    for name in new if kept else ():
        met = Counter(p for row in (*fixed, *kept) for p in _pairs(row, name, catalog))
        while found := [
            (_gain(met, _pairs(row, name, catalog), pairs), -n, larger)
            for n, row in enumerate(kept)
            for larger in _larger(row, name, catalog)
            for pairs in [_pairs(larger, name, catalog)]
        ]:
            gain, n, best = max(found, key=lambda each: each[:2])
            if gain <= 0:
                break
            met.subtract(_pairs(kept[-n], name, catalog))
            met.update(_pairs(best, name, catalog))
            kept[-n] = best
    return kept


def _gain(
    met: Mapping[Pair, int], before: Iterable[Pair], after: Iterable[Pair]
) -> int:
    """How many more pairs are met once a row has those `after` in place of `before`."""
    return sum(not met[pair] for pair in after) - sum(met[pair] == 1 for pair in before)


def _larger(row: Modules, name: str, catalog: Catalog) -> Iterator[Modules]:
    """`row` with the module `name`, once for each of the values of its options."""
    if name in row:
        return
    try:
        together = {*catalog.with_required([*row, name])}
    except WrongUsage:
        return
    if together == {*row, name}:
        options = choices(catalog[name])
        for values in product(*options.values()):
            chosen = dict(zip(options, values, strict=True))
            yield dict(sorted({**row, name: chosen}.items()))


def _pairs(row: Modules, name: str, catalog: Catalog) -> list[Pair]:
    """The pairs of choices of `row`, absence among them, in which the module `name`
    takes part."""
    own, others = [], []
    for factor, value in _preset(row, catalog).items():
        (own if factor.startswith(f"{name}:") else others).append((factor, value))
    return [*product(own, others), *combinations(own, 2)]


def factors(catalog: Catalog) -> dict[Factor, list[str]]:
    found = {}
    for name in catalog.names:
        absent = [] if name == CORE else [ABSENT]
        options = choices(catalog[name]) or ({} if name == CORE else {"": [PRESENT]})
        for option, values in options.items():
            found[f"{name}:{option}"] = [*absent, *values]
    return found


def constraints(catalog: Catalog) -> list[dict[str, Any]]:
    """A module is there with all of its options, and with what it requires."""
    found = []
    of_module: dict[str, list[Factor]] = {}
    for factor in factors(catalog):
        of_module.setdefault(factor.partition(":")[0], []).append(factor)
    for name, (first, *others) in of_module.items():
        required = (of_module[n][0] for n in catalog[name].requires if n != CORE)
        found += [_implies(first, factor) for factor in (*others, *required)]
        found += [_implies(factor, first) for factor in others]
        found += [_excludes(first, of_module[n][0]) for n in catalog[name].conflicts]
    return found


def _implies(factor: Factor, other: Factor) -> dict[str, Any]:
    return _either(_is("eq", factor), _is("ne", other))


def _excludes(factor: Factor, other: Factor) -> dict[str, Any]:
    return _either(_is("eq", factor), _is("eq", other))


def _is(operator: str, factor: Factor) -> dict[str, Any]:
    """Whether the factor's module is absent ("eq") or present ("ne")."""
    return {"operator": operator, "left": factor, "value": ABSENT}


def _either(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"operator": "or", "conditions": [*conditions]}


def _preset(modules: Modules, catalog: Catalog) -> dict[Factor, str]:
    """The values of all factors in the project with `modules`; only core's options may
    be left to covertable."""
    found = {}
    for factor in factors(catalog):
        name, _, option = factor.partition(":")
        if name not in modules:
            found[factor] = ABSENT
        elif option in modules[name] or not option:
            found[factor] = modules[name].get(option, PRESENT)
    return found


def _row(chosen: Mapping[Factor, str]) -> Row:
    modules: Modules = {}
    for factor, value in sorted(chosen.items()):
        name, _, option = factor.partition(":")
        if value != ABSENT:
            modules.setdefault(name, {})
            if option:
                modules[name][option] = value
    return Row(modules)


def text_of(found: Iterable[Row]) -> str:
    """`found` as matrix.toml has it, a line for each module."""
    parts = [HEADER]
    for row in found:
        lines = [f"{name} = {_table(row.modules[name])}\n" for name in row.modules]
        parts.append("".join(["[[rows]]\n", *lines]))
    return "\n".join(parts)


def _table(options: Mapping[str, str]) -> str:
    flags = ("true", "false")
    values = [f"{o} = {v if v in flags else repr(v)}" for o, v in options.items()]
    text = f"{{ {', '.join(values)} }}" if values else "{}"
    return text.replace("'", '"')


if __name__ == "__main__":
    written = covering(load_catalog(), rows() if FILE.is_file() else ())
    FILE.write_text(text_of(written))
