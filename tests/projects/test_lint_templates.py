"""`make lint` checks the templates, each of them, and names their lines."""

import shutil
import tomllib
from functools import cache
from pathlib import Path

import pytest

from fastgen.catalog.sources import templates_folder
from fastgen.render.render import rendered_tree
from fastgen.spec.side import Side
from fastgen.tree import SPEC_PATH
from tests.kit import EXAMPLES
from tests.resources import ACCESSES

from .commands import CHECKOUT, run
from .lint_templates import findings, linted_catalog, main, template_line
from .linted import linted_projects, template_sources
from .matrix import EVERYTHING

TEMPLATES = templates_folder()


@cache
def sides_of(templates: Path = TEMPLATES) -> list[Side]:
    return linted_projects(linted_catalog(templates))


def test_each_python_template_is_in_a_project() -> None:
    checked = {path for side in sides_of() for path in template_sources(side).values()}
    every = {
        path
        for folder in (TEMPLATES, EXAMPLES)
        for path in folder.glob("*/*/**/*")
        if path.name.endswith((".py", ".py.jinja"))
    }
    assert every
    assert not every - checked


def test_each_value_of_an_option_is_in_a_project() -> None:
    sides = sides_of()
    for module in sides[0].catalog.modules.values():
        for option in module.options.values():
            found = {
                side.spec.modules.get(module.name, {}).get(option.name)
                for side in sides
            }
            values = {False, True} if option.is_flag else {*option.choices}
            assert values <= found, f"{module.name}.{option.name}"


def test_resources_of_each_access_are_in_projects_of_each_orm() -> None:
    accesses: dict[object, set[str]] = {}
    for side in sides_of():
        if "database" in side.spec.modules:
            orm = side.spec.modules["database"]["orm"]
            resources = side.spec.resources.values()
            accesses.setdefault(orm, set()).update(
                each.access.name for each in resources
            )
            assert any(each.many for each in resources)
    every = {*ACCESSES.names, "team"}
    assert accesses == {"sqlalchemy": every, "sqlmodel": every}


@pytest.mark.parametrize("number", range(EVERYTHING))
def test_the_template_of_each_file_is_known(number: int) -> None:
    side = sides_of()[number]
    unknown = rendered_tree(side).keys() - template_sources(side).keys()
    assert unknown == {SPEC_PATH}


def test_a_mistake_is_shown_with_the_line_of_its_template(tmp_path: Path) -> None:
    """In plain Python, in a marked block, and in a template of resources."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    auth = templates / "auth" / "files" / "src" / "myapi" / "auth"
    plain, marked = auth / "events.py", auth / "deps.py.jinja"
    add_line(plain, 'PLAIN: int = "text"')
    replace_line(marked, "# % if modules.auth.api_keys", "import os")
    replace_line(marked, "found_key = await", "found_key: int = await")
    side = sides_of(templates)[EVERYTHING - 1]
    assert side.spec.modules["auth"]["api_keys"]
    resource = next(
        path
        for path in template_sources(side).values()
        if "resource" in path.parts and path.name.endswith("models.py.jinja")
    )
    add_line(resource, 'OF_{{ "" }}RESOURCE: int = "text"')

    found = [str(each) for each in findings([side])]
    mismatch = "error: Incompatible types in assignment"
    expected = (
        f"{plain}:{line_of(plain, 'PLAIN')}: {mismatch}",
        f"{marked}:{line_of(marked, 'found_key: int')}: {mismatch}",
        f"{marked}:{line_of(marked, 'import os')}: error: `os` imported but unused",
        f"{resource}: {mismatch}",
    )
    for text in expected:
        assert any(line.startswith(text) for line in found), "\n".join([text, *found])
    (in_resource,) = (line for line in found if line.startswith(str(resource)))
    assert 'in the generated line `OF_RESOURCE: int = "text"`' in in_resource


def add_line(template: Path, line: str) -> None:
    template.write_text(f"{template.read_text()}{line}\n")


def replace_line(template: Path, old: str, new: str) -> None:
    """Put `new` in the place of the first `old`, or after it if that is a mark."""
    text = template.read_text()
    assert old in text
    new = f"{old}\n{new}" if old.startswith("#") else new
    template.write_text(text.replace(old, new, 1))


def line_of(template: Path, text: str) -> int:
    lines = template.read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("mistake", "shown"),
    [
        ("{{ nothing }}", "{template}: error: 'nothing' is undefined"),
        ("{% nothing %}", "{template}:{line}: error: Encountered unknown tag"),
        ("def (", "{template}:{line}: error: invalid syntax"),
    ],
)
def test_a_template_that_makes_no_python_is_named(
    mistake: str, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    template = templates / "core" / "files" / "src" / "myapi" / "main.py.jinja"
    add_line(template, mistake)
    assert main(templates) == 1
    line = line_of(template, mistake)
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(shown.format(template=template, line=line))


TEMPLATE = """\
import a
# % if x
import c
import b
# % endif
n = {{ 1 }}
  f()
x
x
"""
GENERATED = {
    "import a": 1,
    "import b": 4,  # moved
    "import c": 3,
    "n = 1": 0,
    "f()": 7,
    "g()": 0,
    "x": 8,
    "": 0,
}


@pytest.mark.parametrize("text", GENERATED)
def test_a_generated_line_is_found_in_its_template(text: str) -> None:
    line = [*GENERATED].index(text) + 1
    found = template_line(line, [*GENERATED], TEMPLATE.splitlines())
    assert found == GENERATED[text]


@pytest.mark.parametrize("line", [-1, 0, 2])
def test_a_finding_of_a_whole_file_has_no_line(line: int) -> None:
    assert template_line(line, ["x"], ["x"]) == 0


def test_make_lint_checks_the_templates() -> None:
    commands = run(["make", "--dry-run", "lint"], CHECKOUT)
    assert "python -m tests.projects.lint_templates" in commands
    assert "ruff check ." in commands
    assert "step make lint\n" in (CHECKOUT / ".ci" / "run").read_text()


def test_templates_have_the_rules_of_generated_projects() -> None:
    here = tomllib.loads((TEMPLATES / "ruff.toml").read_text())
    tree = rendered_tree(sides_of()[0])
    there = tomllib.loads(tree["pyproject.toml"].content.decode())["tool"]["ruff"]
    assert here["line-length"] == there["line-length"]
    assert {*here["lint"]["select"]} == {*there["lint"]["select"]}
    assert {*here["lint"]["ignore"]} == {*there["lint"]["ignore"]}
    places = {
        "**/tests/*": "tests/*",
        "**/db/migrations/versions/*": "src/*/db/migrations/versions/*",
    }
    ignored = here["lint"]["per-file-ignores"]
    assert {places[glob]: rules for glob, rules in ignored.items()} == there["lint"][
        "per-file-ignores"
    ]


def test_the_rules_of_templates_are_in_no_project() -> None:
    assert not [
        path for side in sides_of() for path in rendered_tree(side) if "ruff" in path
    ]
