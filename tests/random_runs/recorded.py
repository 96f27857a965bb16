"""What a command records in fastgen.toml: it is in the project's files as well."""

import re
from collections.abc import Collection, Iterator

from fastgen.render.render import project_facts
from fastgen.spec.side import Side

from .laws import Broken
from .snapshot import Snapshot

LAW = "what is recorded is written"


def recorded_alone(
    old: Side, new: Side, after: Snapshot, reported: Collection[str]
) -> Iterator[Broken]:
    """The fields, dependencies and variables that `new` has and `old` has not, and that
    are in no file; the report may name the file that lacks them."""
    code = words_of(after, r"^(?!tests/).*\.py$")
    for name, resource in new.spec.resources.items():
        was = old.spec.resources.get(name)
        known = {field.name for field in was.fields} if was else set()
        for field in resource.fields:
            if field.name not in known and not _is_in(field.name, code):
                yield Broken(LAW, f"the field {name}.{field.name}")
    was_facts, facts = project_facts(old), project_facts(new)
    for path, names in (
        ("pyproject.toml", _added(was_facts.dependencies, facts.dependencies)),
        (
            ".env.example",
            [v.name for v in _added(was_facts.variables, facts.variables)],
        ),
    ):
        if path not in after or path in reported:
            continue
        there = words_of(after, rf"^{re.escape(path)}$")
        for name in names:
            if not _is_in(re.split(r"[\s\[<>=!~;]", str(name))[0], there):
                yield Broken(LAW, f"{path}: {name}")


def _added(old: Collection[object], new: Collection[object]) -> list:
    return [one for one in new if one not in old]


def words_of(files: Snapshot, pattern: str) -> str:
    """The texts of the files whose paths fit `pattern`."""
    return "\n".join(
        node.content.decode(errors="replace")
        for path, node in files.items()
        if re.search(pattern, path)
    )


def _is_in(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<![a-zA-Z0-9]){re.escape(name)}(?![a-zA-Z0-9])", text))
