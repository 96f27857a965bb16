"""A law of `--write-conflicts`: fastgen.toml never records what no file has."""

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastgen.merge.conflict_blocks import unresolved
from fastgen.merge.gate.parse import parse_problem
from fastgen.merge.moves import Followed
from fastgen.merge.plan import merged
from fastgen.plan import Action, Plan
from fastgen.resources.grammar import parse_fields
from fastgen.spec.edits import with_options
from fastgen.spec.resource_edits import with_fields, with_resource
from fastgen.spec.spec import Spec
from fastgen.tree import SPEC_PATH, File, Files
from tests.cases.parts import missing_parts
from tests.kit import applied, files_of, side_with, tree_of

Sides = tuple[Spec, Spec]
PARTS = r"\b(alpha|beta|gamma|Alpha|Beta|title|stars|sku)\w*\b"


def with_product(*fields: str, orm: str = "sqlalchemy") -> Spec:
    side = with_options(side_with("database"), [f"database.orm={orm}"])
    side = with_resource(side, "Product", parse_fields(["title:str"]), None, None, {})
    return (with_fields(side, "Product", parse_fields(fields)) if fields else side).spec


def changes() -> list[tuple[str, Sides]]:
    """Changes of a project, each with what it is."""
    sku = "sku:str:optional"
    fields = ("sku:str:max=9:optional", "stars:int:min=1:optional")
    flagged = with_options(side_with("alpha", "beta"), ["alpha.flag=true"]).spec
    return [
        ("add alpha", (spec_of("docker"), spec_of("docker", "alpha", "beta"))),
        ("set alpha.flag", (spec_of("alpha", "beta"), flagged)),
        ("add database", (spec_of("docker"), spec_of("docker", "database"))),
        ("remove alpha", (spec_of("alpha", "beta"), spec_of("beta"))),
        ("fields", (with_product(sku), with_product(*fields))),
        ("set orm", (with_product(sku), with_product(sku, orm="sqlmodel"))),
    ]


def spec_of(*modules: str) -> Spec:
    return side_with(*modules).spec


@st.composite
def conflicting(draw: st.DrawFn, sides: Sides) -> Files:
    """The files of the first side with edits at the places that the second changes."""
    old, new = (tree_of(spec) for spec in sides)
    files = dict(files_of(old))
    changed = [p for p in old if p in new and old[p].content != new[p].content]
    paths = sorted(path for path in changed if path != SPEC_PATH)
    for path in draw(st.sets(st.sampled_from(paths), min_size=1)):
        text = old[path].content.decode()
        wanted = new[path].content.decode()
        for _ in range(draw(st.integers(1, 3))):
            text = draw(edits(text, wanted))
        files[path] = replace(files[path], content=text.encode())
    return Edited(files)


@st.composite
def edits(draw: st.DrawFn, text: str, wanted: str) -> str:
    """`text` with one of the places that `wanted` changes edited otherwise: another
    value there, its own line with another value, or its name for another thing."""
    before, after = (each.splitlines(keepends=True) for each in (text, wanted))
    runs = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    places = [run for run in runs if run[0] != "equal"]
    if not places:
        return text
    _, start, end, next_start, next_end = draw(st.sampled_from(places))
    near = before[start:end] or before[max(start - 1, 0) : start]
    come = [line for line in after[next_start:next_end] if line.strip()] or near
    line = draw(st.sampled_from(come))
    match draw(st.sampled_from(["own", "near", "name", "gone"])):
        case "own":
            before[start:start] = [other_value(line)]
        case "near":
            first = start - len(near) if start == end else start
            before[first : first + len(near)] = map(other_value, near)
        case "name":
            if name := re.search(PARTS, line):
                indent = line[: len(line) - len(line.lstrip())]
                before[start:start] = [f"{indent}{name[0]} = 7\n"]
        case "gone":
            del before[start:end]
    return "".join(before)


def other_value(line: str) -> str:
    """`line` with its last word, number or string another one."""
    end = line.rstrip("\n")
    return re.sub(r"(\w+)(\W*)$", r"\1x\2", end) + "\n"


def requirements(spec: Spec) -> set[str]:
    text = tree_of(spec)["pyproject.toml"].content.decode()
    return set(re.findall(r'^    "([\w-]+)[^"]*",$', text, re.MULTILINE))


def missing(sides: Sides, files: Files, plan: Plan) -> Iterator[str]:
    """The parts that the new side records and that are in no file, and in no message.
    Requirements that both sides have are the user's to take out."""
    old, spec = sides
    texts = {path: file.content.decode() for path, file in files.items()}
    said = " ".join(finding.message for finding in plan.findings)
    lines = {path: text.splitlines(keepends=True) for path, text in texts.items()}
    for pattern in missing_parts(lines):
        if not re.search(pattern, said):
            yield pattern
    for name in requirements(spec) - requirements(old):
        if f'"{name}' not in texts["pyproject.toml"] + said:
            yield name
    for resource in spec.resources.values():
        before = old.resources[resource.name].fields
        for field in set(resource.fields) - set(before):
            for file in ("models", "schemas"):
                text = texts.get(f"src/myapi/products/{file}.py", field.name)
                if not re.search(rf"\b{field.name}\b", f"{text} {said}"):
                    yield f"{file}: {field.name}"


class Edited(dict[str, File]):
    """The user's files; hypothesis does not print them."""

    def __repr__(self) -> str:
        return "Edited"


CHANGES = changes()


@pytest.mark.parametrize("sides", [s for _, s in CHANGES], ids=[n for n, _ in CHANGES])
@given(st.data())
@settings(deadline=None, max_examples=5)
def test_what_is_recorded_is_in_its_file_or_in_a_conflict(
    sides: Sides, data: st.DataObject
) -> None:
    old, new = sides
    user = data.draw(conflicting(sides))
    plan = merged(tree_of(old), tree_of(new), user, Followed(), markers=True)
    if any(change.action is Action.CONFLICT for change in plan.changes):
        return  # which is refused, and records nothing
    files = applied(plan, user)
    assert not [*missing(sides, files, plan)]
    in_conflict = {conflict.path for conflict in plan.conflicts}
    for path, file in files.items():
        text = file.content.decode()
        assert bool([*unresolved(text)]) == (path in in_conflict), path
        if (
            not path.endswith(".py")
            and parse_problem(path, user_text(user, path)) is None
        ):
            assert parse_problem(path, text) is None, path


def user_text(user: Files, path: str) -> str:
    return user[path].content.decode() if path in user else ""
