"""Laws of resources, on schemas drawn at random: with references, also in circles."""

import ast
import re
import tomllib
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fastgen import __version__
from fastgen.merge.scopes.imports import first_party_imports, source_folder
from fastgen.migrations.of_resources import resource_tables
from fastgen.render.render import rendered_tree
from fastgen.resources.accesses import accesses_of
from fastgen.resources.differences import migration_between
from fastgen.resources.grammar import parse_field
from fastgen.resources.in_spec import (
    kept_resource,
    kept_text,
    resource_lines,
    resources_in,
)
from fastgen.resources.resource import Field, ResourceSpec, joined, parted
from fastgen.spec.edits import with_options
from fastgen.spec.models import ModelGone, check_models, models_there
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec
from fastgen.spec.specfile import parse_spec, read_table, spec_text
from fastgen.tools.ruff import formatted, new_flaws

from ..kit import catalog, side_with
from ..resources import ACCESSES, granted
from ..schemas import schemas


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    orm = draw(st.sampled_from(["sqlalchemy", "sqlmodel"]))
    side = with_options(side_with("database"), [f"database.orm={orm}"])
    return replace(side.spec, resources=draw(schemas()))


OPTIONS = ("api_keys", "totp", "social")


@st.composite
def specs_with_options(draw: st.DrawFn) -> Spec:
    """Resources that refer to models which come with options."""
    side = side_with("auth")
    for option in draw(st.sets(st.sampled_from(OPTIONS))):
        side = with_options(side, [f"auth.{option}=true"])
    models = {n: m for n, m in models_there(side).items() if not m.fixture}
    resources = draw(schemas(auth=True, models=models))
    return replace(side.spec, resources=resources)


@given(specs_with_options(), st.sampled_from(OPTIONS))
@settings(max_examples=25, deadline=None)
def test_an_option_goes_exactly_where_no_resource_refers_to_its_models(
    spec: Spec, option: str
) -> None:
    side = Side(spec, catalog())
    check_models(side)
    text = spec_text(spec)
    assert parse_spec(text, read_table(text), catalog(), __version__) == spec
    less = with_options(side, [f"auth.{option}=false"])
    gone = models_there(side).keys() - models_there(less).keys()
    if any(gone.intersection(r.targets) for r in spec.resources.values()):
        with pytest.raises(ModelGone):
            check_models(less)
    else:
        check_models(less)
        rendered_tree(less)


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("\\\\\\:::'\"d"))
PATTERNS = (
    *(r"[a-z]\\", r"^[A-Z]:\\\\", r"\d\:\\", r"[:\\]+", r"^\d+\\\\\.?$"),
    *(r"\d\\n:'\"", r"^\w+$", "^:|a"),
)


@given(st.lists(TEXTS, min_size=1))
def test_parts_read_as_they_were_joined(parts: list[str]) -> None:
    assert [part for part, _ in parted(joined(parts))] == parts


@given(st.lists(TEXTS, min_size=1))
def test_what_has_no_two_backslashes_before_a_colon_reads_as_it_always_did(
    parts: list[str],
) -> None:
    """fastgen.toml of a project that an older fastgen wrote."""
    text = ":".join(part.replace(":", r"\:") for part in parts)
    assume(r"\\:" not in text)
    older = [part.replace(r"\:", ":") for part in re.split(r"(?<!\\):", text)]
    assert [part for part, _ in parted(text)] == older


@given(TEXTS, st.none() | st.sampled_from(PATTERNS), st.booleans())
@settings(deadline=None)
def test_a_field_with_any_text_reads_as_it_was_written(
    text: str, pattern: str | None, readonly: bool
) -> None:
    assume("\0" not in text)
    default = text if pattern is None or re.search(pattern, text) else None
    field = Field("x", "text", default=default, pattern=pattern, optional=readonly)
    field = replace(field, readonly=readonly)
    assert parse_field(field.text) == field
    resource = ResourceSpec("Shop", "shops", (field,), *granted("open"))
    assert kept_resource("shops", kept_text(resource), ACCESSES) == resource
    lines = "".join(resource_lines({"Shop": resource}))
    table = {"resources": tomllib.loads(lines)}
    declared = accesses_of(catalog().modules.values())
    assert resources_in(table, declared) == {"Shop": resource}


@given(specs())
@settings(max_examples=25, deadline=None)
def test_all_that_is_rendered_parses_and_imports_what_is_there(spec: Spec) -> None:
    (tree,) = formatted([rendered_tree(Side(spec, catalog()))])
    code = {path: e.content for path, e in tree.items() if path.endswith(".py")}
    for path, content in code.items():
        ast.parse(content, path)
    assert new_flaws({path: (b"", content) for path, content in code.items()}) == []
    sources = source_folder(spec.package, code)
    for path, content in code.items():
        for found in first_party_imports(content, path, spec.package, sources):
            assert not found.fails_in(code), (path, found)


@given(specs())
@settings(max_examples=100, deadline=None)
def test_the_spec_reads_as_it_was_written(spec: Spec) -> None:
    text = spec_text(spec)
    assert parse_spec(text, read_table(text), catalog(), __version__) == spec


@given(specs(), specs())
@settings(max_examples=100, deadline=None)
def test_a_migration_and_its_downgrade_are_each_others_reverse(
    old: Spec, new: Spec
) -> None:
    before, after = (resource_tables(Side(spec, catalog())) for spec in (old, new))
    there, back = migration_between(before, after), migration_between(after, before)
    assert (there is None) == (back is None)
    if there and back:
        assert {*there.down} == {*back.up}
        assert {*there.up} == {*back.down}
        for lines in (there.up, there.down):
            ast.parse("\n".join(lines))


@given(specs(), st.randoms())
@settings(max_examples=10, deadline=None)
def test_the_order_of_resources_never_shows(spec: Spec, random) -> None:
    names = list(spec.resources)
    random.shuffle(names)
    other = replace(spec, resources={name: spec.resources[name] for name in names})
    assert rendered_tree(Side(spec, catalog())) == rendered_tree(Side(other, catalog()))
