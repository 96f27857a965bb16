"""What the user has moved to another file is found there again."""

import ast
from dataclasses import replace

import pytest

from fastgen.merge.python.toplevel import cut
from fastgen.plan import Severity
from fastgen.tree import File
from tests.kit import World, adding, removing, world

MAIN, FACTORY = "src/myapi/main.py", "src/myapi/factory.py"
IMPORTS = (ast.Import, ast.ImportFrom)
TAIL = "\n\napp = create_app()\n"


def split(start: World) -> World:
    """create_app() in factory.py; main.py imports it from there."""
    moved = start.text(MAIN).replace(TAIL, "")
    kept = f"from myapi.factory import create_app{TAIL}"
    return start.edited(FACTORY, moved).edited(MAIN, kept)


def without(start: World, path: str) -> World:
    return replace(start, files={p: f for p, f in start.files.items() if p != path})


def test_a_module_follows_the_factory_and_leaves_no_trace_of_itself():
    before = split(world())
    with_it = before.after(adding("alpha"))
    assert "    api.include_router(alpha)" in with_it.text(FACTORY)
    assert with_it.text(MAIN) == before.text(MAIN)
    assert with_it.plan.findings == ()
    after = with_it.after(removing("alpha"))
    for path in (MAIN, FACTORY, "src/myapi/settings.py"):
        assert after.text(path) == before.text(path)


def test_the_old_file_may_be_gone_altogether():
    start = world()
    rest, part = cut(start.text(MAIN), ["create_app"])
    tables = "".join(f"VALUE_{n} = {n}\n" for n in range(400))
    start = start.edited(FACTORY, part + tables).edited("src/myapi/run.py", rest)
    after = without(start, MAIN).after(adding("alpha"))
    assert "    api.include_router(alpha)" in after.text(FACTORY)
    assert MAIN not in after.files


def test_a_definition_of_that_name_in_a_test_is_not_taken_for_it():
    start = world()
    kept = "from elsewhere import create_app\n\napp = create_app()\n"
    own = "def create_app(settings=None):\n    return object()\n"
    start = start.edited(MAIN, kept).edited("tests/doubles.py", own)
    after = start.after(adding("alpha"))
    assert after.text("tests/doubles.py") == own
    assert any("def create_app" in f.message for f in after.plan.findings)


def test_two_copies_are_nobodys_home():
    start = world()
    moved = start.text(MAIN).replace(TAIL, "")
    start = start.edited("src/myapi/one.py", moved).edited("src/myapi/two.py", moved)
    after = start.edited(MAIN, "app = None\n").after(adding("alpha"))
    assert after.text("src/myapi/one.py") == after.text("src/myapi/two.py") == moved


def test_the_import_decides_between_two_copies():
    start = split(world())
    copy = start.text(FACTORY)
    after = start.edited("src/myapi/old.py", copy).after(adding("alpha"))
    assert after.text("src/myapi/old.py") == copy
    assert "include_router(alpha)" in after.text(FACTORY)


def test_a_definition_may_move_into_another_of_the_templates_files():
    start = world()
    main, lifespan = start.text(MAIN), "src/myapi/lifespan.py"
    both = f"{start.text(lifespan)}\n\n{cut(main, ['create_app'])[1]}"
    kept = f"from myapi.lifespan import create_app{TAIL}"
    before = start.edited(lifespan, both).edited(MAIN, kept)
    with_it = before.after(adding("alpha", "beta"))
    text = with_it.text(lifespan)
    assert "include_router(alpha)" in text
    assert "beta = await stack.enter_async_context(" in text
    ast.parse(text)
    assert with_it.text(MAIN) == kept


def test_a_table_of_checks_is_followed_too():
    start = world()
    health, checks = "src/myapi/health.py", "src/myapi/checks.py"
    line = "CHECKS: dict[str, Check] = {}\n"
    text = start.text(health)
    assert text.count(line) == 1
    before = start.edited(checks, f"from myapi.types import Check\n\n{line}").edited(
        health,
        text.replace(line, "").replace(
            "from myapi.errors", "from myapi.checks import CHECKS\nfrom myapi.errors"
        ),
    )
    after = before.after(adding("beta"))
    assert '"beta": beta,\n' in after.text(checks)
    assert "from myapi.beta.client import check as beta\n" in after.text(checks)
    assert after.text(health) == before.text(health)


@pytest.mark.parametrize("name", ["create_app", "API", "operation_id", "app"])
def test_a_file_cut_in_two_says_everything_once(name):
    text = world("alpha").text(MAIN)
    rest, part = cut(text, [name])
    whole, halves = ast.parse(text), [ast.parse(rest), ast.parse(part)]
    said = [
        ast.dump(s) for half in halves for s in half.body if not isinstance(s, IMPORTS)
    ]
    assert sorted(said) == sorted(
        ast.dump(s) for s in whole.body if not isinstance(s, IMPORTS)
    )
    bound = {a.asname or a.name for half in halves for a in _aliases(half)}
    assert bound == {alias.asname or alias.name for alias in _aliases(whole)}


def _aliases(module: ast.Module) -> list[ast.alias]:
    return [a for s in module.body if isinstance(s, IMPORTS) for a in s.names]


def test_python_in_latin_1_keeps_its_encoding():
    start = world()
    text = start.text(MAIN).replace(
        "    return app\n", '    app.title = "Käse"\n    return app\n'
    )
    content = f"# -*- coding: latin-1 -*-\n{text}".encode("latin-1")
    before = replace(start, files={**start.files, MAIN: File(content)})
    after = before.after(adding("alpha"))
    assert after.plan.conflicts == ()
    merged = after.files[MAIN].content.decode("latin-1")
    assert "Käse" in merged
    assert "include_router(alpha)" in merged
    assert after.after(removing("alpha")).files[MAIN].content == content
    assert not [f for f in after.plan.findings if f.severity is not Severity.NOTICE]
