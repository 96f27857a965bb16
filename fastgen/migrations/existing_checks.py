"""CHECK constraints that the user's migrations changed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from fastgen.migrations.schema import MigratedTable, Rule, Schema
from fastgen.plan import Finding, Severity
from fastgen.resources.constraint_names import ConstraintNames
from fastgen.resources.rules import ENDINGS, Check
from fastgen.resources.tables import Column

_TEXT = r"'(?:[^']|'')*'"
_VALUES = re.compile(rf"\s*\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)\s*\)\s*")


def existing_checks(
    before: Column, after: Column, known: MigratedTable, names: ConstraintNames
) -> Iterator[Check]:
    """The existing CHECK constraints among those of the two columns."""
    rules = [rule for rule in known.rules if rule.kind == "ck"]
    column, every = before.name, (*after.checks, *before.checks)
    for ending in dict.fromkeys(check.ending for check in every):
        wanted = [check for check in every if check.ending == ending]
        texts = {check.sql(column): check for check in wanted}
        same = next((texts[r.condition] for r in rules if r.condition in texts), None)
        other = _named(rules, known.name, column, wanted, names)
        if same:
            yield same
        elif other:
            yield Check(ending, other.condition) if other.condition else wanted[-1]


def with_full_names(schema: Schema, names: ConstraintNames) -> Schema:
    """`schema` with the names of the database for CHECK constraints that are created
    without `op.f`."""
    usual = ConstraintNames(names.convention)
    tables = {}
    for table in schema.tables.values():
        full = {
            check.name(column): usual.of_check(table.name, column, check)
            for column in table.columns
            for check in (Check(ending, "") for ending in ENDINGS)
        }
        rules = tuple(
            replace(rule, name=full.get(rule.name, rule.name))
            if rule.kind == "ck" and rule.condition and rule.name
            else rule
            for rule in table.rules
        )
        tables[table.name] = replace(table, rules=rules)
    return replace(schema, tables=tables)


def with_users_values(before: Column, after: Column, real: Column) -> Column:
    """`after`, whose lists of allowed values keep what the user added to and removed
    from those of `before`. `real` has the existing constraints."""
    old = {check.ending: check for check in before.checks}
    there = {check.ending: check for check in real.checks}
    checks = tuple(
        _merged(before.name, old.get(check.ending), check, there.get(check.ending))
        for check in after.checks
    )
    return replace(after, checks=checks)


def _merged(column: str, old: Check | None, new: Check, real: Check | None) -> Check:
    if old is None or real is None or real in (old, new):
        return new
    lists = [_values(column, check.sql(column)) for check in (old, new, real)]
    one, other, users = lists
    if one is None or other is None or users is None:
        return new
    added = [value for value in other if value not in {*one, *users}]
    removed = {*one} - {*other}
    kept = [value for value in users if value not in removed]
    if kept == users and not added:
        return real
    return Check(new.ending, f"{{}} IN ({', '.join([*kept, *added])})")


def replaced_checks(
    before: Column,
    after: Column,
    known: MigratedTable,
    names: ConstraintNames,
) -> Iterator[Finding]:
    """Warnings about CHECK constraints of the user that a migration replaces without
    their condition."""
    rules = [rule for rule in known.rules if rule.kind == "ck"]
    for check in after.checks:
        pair = [c for c in before.checks if c.ending == check.ending and c != check]
        if not pair:
            continue
        wanted = [check, *pair]
        texts = {each.sql(before.name) for each in wanted}
        rule = _named(rules, known.name, before.name, wanted, names)
        if rule is None or any(each.condition in texts for each in rules):
            continue
        if _values(before.name, rule.condition) is None:
            message = (
                f"the migration replaces this CHECK constraint of"
                f" {known.name}.{before.name}: add its condition to the new one"
            )
            place = rule.place or known.columns[before.name].place
            yield Finding(Severity.WARNING, place.path, message, place.line)


def _named(
    rules: Iterable[Rule],
    table: str,
    column: str,
    checks: Iterable[Check],
    names: ConstraintNames,
) -> Rule | None:
    """The constraint with the name of `checks`."""
    called = {names.of_check(table, column, check) for check in checks}
    return next((rule for rule in rules if rule.name in called), None)


def _values(column: str, condition: str) -> list[str] | None:
    """The values in `column IN (...)`, as written; None for another condition."""
    start = re.match(rf'\s*"?{re.escape(column)}"?\s+IN\b', condition, re.IGNORECASE)
    found = _VALUES.fullmatch(condition, start.end()) if start else None
    return re.findall(_TEXT, found[1]) if found else None
