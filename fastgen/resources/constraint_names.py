"""Names of constraints and indexes, according to an SQLAlchemy naming convention."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastgen.resources.rules import Check

CONVENTION: Mapping[str, str] = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""The convention of a generated project."""

_TOKEN = re.compile(r"%\((\w+)\)s")

RuleKey = tuple[str, str, tuple[str, ...]]
"""A kind (`uq`, `ix`, `fk`, `pk`, `ck`), a table, and columns. For `ck`, the condition
instead of columns."""


@dataclass(frozen=True)
class ConstraintNames:
    """Names of constraints. `existing` are the names of existing constraints;
    `convention` names all others."""

    convention: Mapping[str, str] = field(default_factory=lambda: CONVENTION)
    existing: Mapping[RuleKey, str] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """The table names in the index names of models, by table. They differ from the
    table's name if the user renamed the table."""

    def name(
        self, kind: str, table: str, columns: tuple[str, ...], target: str = ""
    ) -> str:
        """The name of a constraint or index of `table`. `target` is the table of a
        foreign key."""
        if known := self.existing.get((kind, table, columns)):
            return known
        values = _values(table, columns, target)
        pattern = self.convention.get(kind) or CONVENTION[kind]
        return _TOKEN.sub(lambda match: values[match[1]], pattern)

    def of_index(self, table: str, columns: tuple[str, ...]) -> str:
        """The name of an index. Models state it if the index has several columns."""
        if len(columns) == 1 or ("ix", table, columns) in self.existing:
            return self.name("ix", table, columns)
        return f"ix_{self.prefixes.get(table, table)}_{'_'.join(columns)}"

    def of_check(self, table: str, column: str, check: Check) -> str:
        """The name of a CHECK constraint of `column`."""
        if known := self.existing.get(("ck", table, (check.sql(column),))):
            return known
        name = check.name(column)
        values = {**_values(table, (column,), ""), "constraint_name": name}
        pattern = self.convention.get("ck") or "%(constraint_name)s"
        return _TOKEN.sub(lambda match: values.get(match[1], name), pattern)


DEFAULT_NAMES = ConstraintNames()


def is_known_convention(convention: Mapping[str, str]) -> bool:
    """Whether `name` supports all tokens of `convention`."""
    known = _values("", ("",), "").keys()
    tokens = {
        token
        for kind, pattern in convention.items()
        if kind != "ck"
        for token in _TOKEN.findall(pattern)
    }
    return tokens <= known


def _values(table: str, columns: tuple[str, ...], target: str) -> Mapping[str, str]:
    first = columns[0]
    every = [f"{table}_{column}" for column in columns]
    return {
        "table_name": table,
        "referred_table_name": target,
        "referred_column_0_name": "id",
        "column_0_name": first,
        "column_0_key": first,
        "column_0_label": every[0],
        "column_0_N_name": "_".join(columns),
        "column_0_N_key": "_".join(columns),
        "column_0_N_label": "_".join(every),
        "column_0N_name": "".join(columns),
        "column_0N_key": "".join(columns),
        "column_0N_label": "".join(every),
    }
