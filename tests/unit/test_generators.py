"""What modules generate: how it is declared, recorded, rendered and merged."""

import ast
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from fastgen.catalog.catalog import Catalog, UnknownKind
from fastgen.catalog.claims import KindTaken
from fastgen.catalog.load import BrokenModule, check_facts, load_module
from fastgen.catalog.module import Generator, Options
from fastgen.catalog.resource_facts import (
    COMMAND_OPTIONS,
    check_option,
    is_command_option,
)
from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.catalog.templates import LinkInTemplates
from fastgen.cli.generate import commands
from fastgen.cli.generate_kind import kind_command
from fastgen.migrations.chain import History
from fastgen.migrations.kept_tables import kept_findings, with_kept
from fastgen.render.collisions import PluralAlike, check_names_free
from fastgen.render.render import rendered_tree
from fastgen.spec.edits import GeneratorGone, with_modules
from fastgen.spec.generated_edits import with_generated, without_generated
from fastgen.spec.resource_edits import with_resource
from fastgen.spec.side import Side
from fastgen.spec.specfile import BrokenSpec, parse_spec, read_table, spec_text
from fastgen.spec.words import changes_of
from fastgen.tree import Policy
from tests.kit import adding, generating, side_with, spec_with, world

HEAD = 'summary = "A test"\n[[generators]]\nkind = "card"\nsummary = "A card"\n'
TEMPLATE = "generators/card/src/myapi/cards/thing.py"


def module(folder: Path, toml: str = HEAD, *paths: str, name: str = "cards") -> Path:
    """A module with the generator `card`, and empty templates at `paths`."""
    path = folder / name
    for template in paths or (TEMPLATE,):
        (path / template).parent.mkdir(parents=True, exist_ok=True)
        (path / template).write_text("")
    (path / "module.toml").write_text(toml)
    return path


def catalog_with(*folders: Path) -> Catalog:
    """fastgen's own modules, and those in `folders`."""
    ours = module_folders(templates_folder())
    return catalog_of([*ours, *((folder, "theirs") for folder in folders)])


def option(name: str, *lines: str) -> str:
    table = [f"[generators.options.{name}]", 'summary = ""', *lines]
    return "\n".join(table) + "\n"


NO_SUMMARY = HEAD.replace('summary = "A card"\n', "")
BROKEN = {
    "a key that there is not": (HEAD + 'files = "x"', "has no key 'files'"),
    "no kind": (HEAD.replace('kind = "card"', ""), "None is no kind"),
    "no summary": (NO_SUMMARY, "has no 'summary'"),
    "a summary of two lines": (HEAD.replace("A card", "A\\ncard"), "of one line"),
    "a path as a kind": (HEAD.replace('"card"', '"../card"'), "'../card' is no kind"),
    "a kind in capitals": (HEAD.replace('"card"', '"Card"'), "'Card' is no kind"),
    "the kind field": (HEAD.replace('"card"', '"field"'), "'field' is no kind"),
    "no templates": (HEAD.replace('"card"', '"board"'), "no folder generators/board"),
    "a kind twice": (
        HEAD + HEAD.partition("\n")[2],
        "two generators are called 'card'",
    ),
    "options of resources": (
        HEAD.replace('"card"', '"resource"') + option("x"),
        "under .resource.",
    ),
    "an option that every kind has": (
        HEAD + option("plural", 'type = "bool"'),
        "'plural' cannot be an option",
    ),
    "an option that is no word": (
        HEAD + option("a-b", 'type = "bool"'),
        "'a-b' cannot be an option",
    ),
    "an option without values": (HEAD + option("size"), "no choices, no pattern"),
    "a default that is no choice": (
        HEAD + option("size", 'choices = ["s"]', 'default = "m"'),
        "its default has to be",
    ),
    "a pattern that is none": (
        HEAD + option("size", 'pattern = "["', 'default = ""'),
        "its pattern is wrong",
    ),
    "an unknown kind of fact": (
        HEAD + "[generators.facts]\nroutes = []",
        "unknown kind of fact 'routes'",
    ),
    "a router without a module": (
        HEAD + '[[generators.facts.routers]]\nname = "things"',
        "the router 'things' has no 'module'",
    ),
    "a requirement that is none": (
        HEAD + '[generators.facts]\ndependencies = ["a b"]',
        "a b",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_generator_is_refused_with_the_place_of_its_module(what, tmp_path):
    text, reason = BROKEN[what]
    folder = module(tmp_path, text)
    with pytest.raises(
        BrokenModule, match=rf"(?s)cards.module\.toml is not valid: .*{reason}"
    ):
        load_module(folder, "theirs")


TEMPLATES = {
    "generators/card/src/myapi/cards.py": "has no `thing` or `things` in its path",
    "generators/card/src/myapi/something.py": "has no `thing` or `things` in its path",
    "generators/crad/thing.py": "the folder generators/crad is of no generator",
}


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_template_that_cannot_be_is_refused(path, tmp_path):
    folder = module(tmp_path, HEAD, TEMPLATE, path)
    with pytest.raises(BrokenModule, match=TEMPLATES[path]):
        load_module(folder, "theirs")


def test_a_bridge_has_no_generators(tmp_path):
    folder = module(tmp_path, name="auth+docker")
    with pytest.raises(BrokenModule, match="a bridge has no generators"):
        load_module(folder)


@pytest.mark.parametrize("link", ["generators", "generators/card", TEMPLATE])
def test_a_link_in_the_place_of_templates_is_refused(link, tmp_path):
    folder = module(tmp_path)
    (folder / link).rename(tmp_path / "elsewhere")
    (folder / link).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LinkInTemplates):
        load_module(folder, "theirs")


def test_two_modules_cannot_generate_one_kind(tmp_path):
    first = module(tmp_path / "one", name="first")
    second = module(tmp_path / "two", HEAD + 'conflicts = ["first"]', name="second")
    (second / "module.toml").write_text(f'conflicts = ["first"]\n{HEAD}')
    with pytest.raises(KindTaken, match=r"first and second both declare .*card"):
        catalog_with(first, second)


def options_of(command: Any) -> set[str]:
    """The options of a command, and `help`, which every command has."""
    found = {option for parameter in command.params for option in parameter.opts}
    return {"help", *(o[2:] for o in found if o.startswith("--"))}


def test_the_reserved_options_are_those_of_the_commands():
    group: Any = get_command(commands)
    of_resources = group.commands["resource"]
    of_kinds = kind_command(Generator("card", "Cards"))
    assert options_of(of_resources) | options_of(of_kinds) == COMMAND_OPTIONS
    assert options_of(of_kinds) < COMMAND_OPTIONS


@pytest.mark.parametrize("name", [*sorted(COMMAND_OPTIONS), "install", "no-json"])
def test_a_module_cannot_declare_an_option_that_the_commands_have(name):
    with pytest.raises(ValueError, match=f"--{name} cannot be an option"):
        check_option(name)
    assert is_command_option(name)


def test_facts_of_generators_are_checked_as_others_are(tmp_path):
    facts = '[[generators.facts.variables]]\nname = "A B"'
    with pytest.raises(ValueError, match="no name for a variable"):
        check_facts(load_module(module(tmp_path, HEAD + facts)))


def test_a_resource_brings_the_module_that_declares_the_kind(tmp_path):
    """Whatever that module is called."""
    shutil.copytree(templates_folder() / "database", tmp_path / "store")
    core = (templates_folder() / "core", "")
    catalog = catalog_of([core, (tmp_path / "store", "theirs")])
    side = Side(spec_with(), catalog)
    assert {*with_resource(side, "Note", ()).spec.modules} == {"core", "store"}
    with pytest.raises(UnknownKind):
        catalog.generator("card")


# What is rendered.


def side_of(folder: Path) -> Side:
    return Side(spec_with(name="shop"), catalog_with(folder))


def test_templates_and_facts_have_the_name_and_then_the_package(tmp_path):
    facts = (
        '[[generators.facts.routers]]\nname = "things"\nmodule = "myapi.cards.thing"'
    )
    folder = module(tmp_path, HEAD + facts)
    text = "# {{ names.label }}, {{ names.labels }}, {{ project.name }}: myapi, Thing\n"
    (folder / f"{TEMPLATE}.jinja").write_text(text)
    (folder / TEMPLATE).unlink()
    side = with_generated(side_of(folder), "card", "BirthdayCard")
    tree = rendered_tree(side)
    entry = tree["src/shop/cards/birthday_card.py"]
    assert entry.content == (
        b"# birthday card, birthday cards, shop: shop, BirthdayCard\n"
    )
    assert (entry.policy, entry.module) == (Policy.SEED, "cards")
    assert (
        b"from shop.cards.birthday_card import router as birthday_cards"
        in tree["src/shop/main.py"].content
    )


def test_what_a_user_gives_is_never_read_as_a_template(tmp_path):
    text = option("text", """pattern = '[\\s\\S]*'""", 'default = ""')
    folder = module(tmp_path, HEAD + text)
    (folder / f"{TEMPLATE}.jinja").write_text("{{ options.text | python }}\n")
    (folder / TEMPLATE).unlink()
    hostile = "{{ 7 * 7 }} {% endif %} myapi Things \"'\n\x7f\\"
    side = with_generated(side_of(folder), "card", "Joke", None, {"text": hostile})
    entry = rendered_tree(side)["src/shop/cards/joke.py"]
    assert ast.literal_eval(entry.content.decode()) == hostile
    written = spec_text(side.spec)
    read = parse_spec(written, read_table(written), side.catalog, side.spec.version)
    assert read == side.spec


def test_a_project_may_have_a_package_that_is_called_like_the_name_in_templates(
    tmp_path,
):
    folder = module(tmp_path)
    (folder / TEMPLATE).write_text("import myapi.cards\n")
    side = Side(spec_with(name="thing"), catalog_with(folder))
    tree = rendered_tree(with_generated(side, "card", "Joke"))
    assert tree["src/thing/cards/joke.py"].content == b"import thing.cards\n"


@pytest.mark.parametrize("name", ["Thing", "Things", "Fastgen", "Env"])
def test_a_name_may_be_like_a_word_of_templates(name):
    side = with_generated(side_with(), "endpoint", name)
    check_names_free(side_with(), side)
    assert f"tests/test_{name.lower()}.py" in rendered_tree(side)


@pytest.mark.parametrize(
    ("path", "name"), [(".thing", "Env"), ("thing.toml", "Fastgen")]
)
def test_what_fastgen_writes_itself_is_never_generated(path, name, tmp_path):
    folder = module(tmp_path, HEAD, f"generators/card/{path}")
    side = side_of(folder)
    with pytest.raises(Exception, match="fastgen itself has"):
        check_names_free(side, with_generated(side, "card", name))


def test_a_plural_like_the_singular_is_refused_where_both_name_files(tmp_path):
    both = [TEMPLATE, TEMPLATE.replace("thing", "things")]
    side = side_of(module(tmp_path, HEAD, *both))
    check_names_free(side, with_generated(side, "card", "News", "news_cards"))
    with pytest.raises(PluralAlike):
        check_names_free(side, with_generated(side, "card", "News"))


# fastgen.toml.

SIDE = with_generated(side_with("beta"), "endpoint", "Report")
SIDE = with_generated(SIDE, "widget", "Lamp", None, {"loud": True})
SIDE = with_generated(SIDE, "widget", "Bulb")
TEXT = spec_text(SIDE.spec)
WRONG = {
    "an unknown kind": ("widget.Bulb.plural", "widgit.Bulb.plural", 15, "did you mean"),
    "a name that cannot be": ("widget.Bulb.size", "widget.bulb.size", 18, "Try Bulb"),
    "no plural": ('widget.Bulb.plural = "bulbs"\n', "", 15, "has no plural"),
    "a plural that cannot be": ('"bulbs"', '"Bulbs"', 15, "cannot be a plural"),
    "an unknown option": ("Bulb.size =", "Bulb.sise =", 18, "did you mean size"),
    "an unknown value": ('Bulb.size = "small"', 'Bulb.size = "tiny"', 18, "large"),
    "a value of another type": ("loud = true", "loud = 1", 21, "true or false, not 1"),
    "an item that is no table": (
        "[generated]",
        "[generated]\nwidget.A = 1",
        13,
        "table",
    ),
    "a kind that is no table": (
        'endpoint.Report.plural = "reports"\nendpoint.Report.method = "get"',
        "endpoint = 1",
        13,
        "generated.endpoint is not a table",
    ),
    "a resource": ("[generated]", "[generated]\nresource.X.y = 1", 13, "not recorded"),
    "a module that is not there": ("[modules.beta]\n", "", 15, "the module beta"),
}


def test_one_fact_is_one_line():
    lines = TEXT.partition("[generated]\n")[2].partition("\n\n")[0].splitlines()
    assert lines == [
        'endpoint.Report.plural = "reports"',
        'endpoint.Report.method = "get"',
        'widget.Bulb.plural = "bulbs"',
        'widget.Bulb.greeting = "Hello"',
        "widget.Bulb.loud = false",
        'widget.Bulb.size = "small"',
        'widget.Lamp.plural = "lamps"',
        'widget.Lamp.greeting = "Hello"',
        "widget.Lamp.loud = true",
        'widget.Lamp.size = "small"',
    ]


def test_what_was_generated_is_read_back():
    assert parse_spec(TEXT, read_table(TEXT), SIDE.catalog, "0.1.0") == SIDE.spec


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_line_is_refused_with_its_number(what):
    old, new, line, reason = WRONG[what]
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new)
    with pytest.raises(BrokenSpec) as refusal:
        parse_spec(text, read_table(text), SIDE.catalog, "0.1.0")
    assert str(refusal.value).startswith(f"fastgen.toml:{line}: "), str(refusal.value)
    assert reason in str(refusal.value)


def test_an_option_that_is_younger_than_the_project_has_its_default():
    text = TEXT.replace('widget.Bulb.size = "small"\n', "")
    assert parse_spec(text, read_table(text), SIDE.catalog, "0.1.0") == SIDE.spec


# Modules that change.


def test_another_commit_of_a_module_keeps_the_options_that_it_still_has(tmp_path):
    size = option("size", 'choices = ["s", "m"]', 'default = "s"')
    old = catalog_with(
        module(tmp_path / "1", HEAD + size + option("x", 'type = "bool"'))
    )
    given: Options = {"size": "m", "x": True}
    side = with_generated(Side(spec_with(), old), "card", "Joke", None, given)
    added = option("colour", 'choices = ["red"]', 'default = "red"')
    new = catalog_with(module(tmp_path / "2", HEAD + size + added))
    (item,) = with_modules(replace(side, catalog=new), []).spec.generated
    assert item.options == {"colour": "red", "size": "m"}


def test_a_commit_without_the_generator_is_refused_while_it_is_in_use(tmp_path):
    folder = module(tmp_path / "1")
    side = with_generated(Side(spec_with(), catalog_with(folder)), "card", "Joke")
    later = module(tmp_path / "2", 'summary = ""', "files/a.txt")
    with pytest.raises(GeneratorGone, match="fastgen remove card Joke"):
        with_modules(replace(side, catalog=catalog_with(later)), [])


def test_a_table_outlives_what_was_generated_and_is_taken_into_use_again():
    before = with_generated(side_with("beta"), "widget", "Lamp")
    without = without_generated(before, "widget", ["Lamp"])
    for drop in ((), ("beta", "widget", "Lamp")):  # its migration is the user's
        after = with_kept(before, without, drop)
        assert after.spec.kept == {"lamps": "widget Lamp"}
    (finding,) = kept_findings(before, after, History("", {}))
    assert "write a migration of your own" in finding.message
    again = with_kept(after, with_generated(after, "widget", "Lamp"), ())
    assert again.spec.kept == {}
    assert changes_of(after.spec, again.spec) == "generates widget Lamp"


# What is the user's.

ROUTER, TEST = "src/myapi/report/router.py", "tests/test_report.py"
LOGIN = "(as_user: AsyncClient)"


def test_a_test_that_nobody_edited_logs_in_once_there_are_logins():
    project = world().after(generating("endpoint", "Report"))
    assert LOGIN not in project.text(TEST)
    assert LOGIN in project.after(adding("auth")).text(TEST)


def test_an_edited_file_is_never_changed():
    project = world().after(generating("endpoint", "Report"))
    mine = project.edited(TEST, project.text(TEST) + "# mine\n")
    after = mine.after(adding("auth"))
    assert after.text(TEST) == mine.text(TEST)
    assert not after.plan.conflicts


def test_other_line_ends_are_no_edit():
    project = world().after(generating("endpoint", "Report"))
    text = project.text(TEST).replace("\n", "\r\n")
    after = project.edited(TEST, text).after(adding("auth")).text(TEST)
    assert LOGIN in after
    assert after.count("\r\n") == after.count("\n")


def test_a_deleted_file_stays_away():
    project = world().after(generating("endpoint", "Report"))
    files = {path: file for path, file in project.files.items() if path != TEST}
    for edit in (generating("endpoint", "Draft"), adding("auth")):
        assert TEST not in replace(project, files=files).after(edit).files


def test_a_file_of_the_users_in_the_way_is_kept_and_named():
    project = world().edited(ROUTER, "from myapi.routing import Router\n")
    after = project.after(generating("endpoint", "Report"))
    assert after.text(ROUTER) == project.text(ROUTER)
    assert [f.path for f in after.plan.findings] == [ROUTER]


def test_an_edited_file_outlives_what_was_generated():
    project = world().after(generating("endpoint", "Report"))
    project = project.edited(ROUTER, project.text(ROUTER) + "mine = 1\n")
    after = project.after(lambda side: without_generated(side, "endpoint", ["Report"]))
    assert "mine = 1" in after.text(ROUTER)
    assert TEST not in after.files
    assert "report" not in after.text("src/myapi/main.py")
