"""Laws of resources, on schemas drawn at random: with references, also in circles."""

import ast
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fastgen import __version__
from fastgen.merge.gate.imports import first_party_imports, source_folder
from fastgen.migrations.of_resources import resource_tables
from fastgen.render.render import rendered_tree
from fastgen.resources.differences import migration_between
from fastgen.spec.edits import with_option
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec
from fastgen.spec.specfile import parse_spec, read_table, spec_text
from fastgen.tools.ruff import formatted, new_flaws

from ..kit import catalog, side_with
from ..schemas import schemas


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    orm = draw(st.sampled_from(["sqlalchemy", "sqlmodel"]))
    spec = with_option(side_with("database"), f"database.orm={orm}").spec
    return replace(spec, resources=draw(schemas()))


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
