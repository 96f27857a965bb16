"""Modules of other people: what is read, and what is refused."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from fastgen.catalog.claims import (
    CLAIMED,
    UNCLAIMED,
    ClaimedTwice,
    ReservedPath,
    check_claims,
)
from fastgen.catalog.facts import RECORDS
from fastgen.catalog.git_source import (
    CacheFailed,
    InvalidSource,
    SourceFailed,
    fetched,
    source_of,
)
from fastgen.catalog.load import BrokenModule, check_facts, load_module
from fastgen.catalog.sources import (
    catalog_of,
    load_catalog,
    module_folders,
    templates_folder,
)
from fastgen.catalog.templates import FileClaimedTwice, LinkInTemplates
from fastgen.render.jinja import BrokenTemplate
from fastgen.render.render import MadeByTemplate, MadeTwice, rendered_tree
from fastgen.spec.edits import with_modules
from fastgen.spec.resource_edits import with_resource
from fastgen.spec.side import Side
from tests.kit import catalog, side_with, spec_with


def module(folder: Path, name: str, toml: str = "", **files: str) -> Path:
    path = folder / name
    path.mkdir(parents=True)
    (path / "module.toml").write_text(f'summary = "A test"\n{toml}')
    for file, text in files.items():
        place = path / file.replace("__", "/").replace("_DOT_", ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return path


def option(name: str, *lines: str) -> str:
    return "\n".join([f"[options.{name}]", 'summary = ""', *lines])


BROKEN = {
    "not TOML": "requires = [",
    "an unknown key": "require = []",
    "an unknown fact": "[facts]\nroutes = []",
    "requires as text": 'requires = "auth"',
    "a router without a module": '[[facts.routers]]\nname = "x"',
    "a router with too much": '[[facts.routers]]\nname = "x"\nmodule = "y"\nz = 1',
    "a secret that is text": '[[facts.variables]]\nname = "X"\nsecret = "yes"',
    "an unknown fact of a resource": "[resource]\nroutes = []",
    "a requirement of a resource that is none": '[resource]\ndependencies = ["a b"]',
    "a requirement that is none": '[facts]\ndependencies = ["a b"]',
    "a variable with a space": '[[facts.variables]]\nname = "A B"',
    "a value of two lines": '[[facts.variables]]\nname = "A"\nvalue = "1\\nB=2"',
    "an unknown policy": '[policies]\n"*" = "mine"',
    "a default that is no choice": option("a", 'choices = ["x"]', 'default = "y"'),
    "a summary of two lines": option("a", 'type = "bool"').replace('""', '"a\\nb"'),
    "a choice with a control character": option(
        "a", 'choices = ["\\u001b"]', 'default = "x"'
    ),
    "a pattern that is none": option("a", 'pattern = "["', 'default = ""'),
    "an option called source": option("source", 'pattern = ".*"', 'default = ""'),
    "a condition on nothing": '[when."a=b"]',
    "a condition that never holds": option("a", 'type = "bool"', '[when."a=maybe"]'),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_module_is_refused_with_its_place(what, tmp_path):
    folder = module(tmp_path, "x", BROKEN[what])
    with pytest.raises(BrokenModule, match=r"x.module\.toml is not valid"):
        load_module(folder, "theirs")


def test_the_modules_of_fastgen_itself_fit_together():
    found = load_catalog()
    check_claims(found)
    for module in found.modules.values():
        check_facts(module)


def test_a_network_policy_lets_out_what_goes_to_a_server_that_a_module_needs():
    for module in load_catalog().modules.values():
        for variant in module.variants:
            servers = {server.port for server in variant.facts.test_services}
            assert servers <= {egress.port for egress in variant.facts.egress}


def test_what_two_modules_claim_is_refused_unless_they_exclude_each_other(tmp_path):
    module(tmp_path, "one", files__a_DOT_py="")
    module(tmp_path, "two", files__a_DOT_py="")
    with pytest.raises(ClaimedTwice, match=r"one and two both claim the file a\.py"):
        catalog_of(module_folders(tmp_path, "theirs"))
    (tmp_path / "two" / "module.toml").write_text('summary = ""\nconflicts = ["one"]\n')
    assert catalog_of(module_folders(tmp_path, "theirs")).names == ("one", "two")


THINGS = "src__myapi__things__x_DOT_py"
ROUTER = '[[resource.routers]]\nname = "things"\nmodule = "myapi.things.x"\n'

BOTH_CLAIM = {
    "a file of each resource": (
        {f"resource__{THINGS}": ""},
        {f"resource__{THINGS}_DOT_jinja": ""},
        "the file src/myapi/things/x.py of each resource",
    ),
    "a file that is rendered once": (
        {"resource__src__myapi__x_DOT_py": ""},
        {"resource__src__myapi__X_DOT_py": ""},
        "the file src/myapi/x.py",
    ),
    "a file of a project and one of its resources": (
        {"files__src__myapi__x_DOT_py": ""},
        {"resource__src__myapi__x_DOT_py": ""},
        "the file src/myapi/x.py",
    ),
    "a file of a resource under a condition": (
        {
            "toml": option("a", 'type = "bool"'),
            f"variants__a=true__resource__{THINGS}": "",
        },
        {f"resource__{THINGS}": ""},
        "the file src/myapi/things/x.py",
    ),
    "a router of each resource": (
        {"toml": ROUTER},
        {"toml": ROUTER.replace(".x", ".y")},
        "the router things of each resource",
    ),
    "a fact of the project and one of its resources": (
        {"toml": ROUTER.replace("things", "x")},
        {"toml": ROUTER.replace("things", "x").replace("resource", "facts")},
        "the router x",
    ),
    "a router of each resource with a flag": (
        {"toml": ROUTER.replace("resource", "flagged.x")},
        {"toml": ROUTER},
        "the router things of each resource",
    ),
    "a model, with another table": (
        {"toml": '[[facts.tables]]\nname = "X"\nmodule = "x"\ntable = "xs"'},
        {"toml": '[[resource.tables]]\nname = "X"\nmodule = "y"\ntable = "ys"'},
        "the model X",
    ),
}


# What a project has, and what its resource Thing would have.
FIT_TOGETHER = {
    "a file": ({f"files__{THINGS}": ""}, {f"resource__{THINGS}": ""}),
    "a router": (
        {"toml": ROUTER.replace("resource", "facts")},
        {"toml": ROUTER},
    ),
}


@pytest.mark.parametrize("what", FIT_TOGETHER)
def test_what_stands_for_resources_claims_nothing_of_the_project(what, tmp_path):
    first, second = FIT_TOGETHER[what]
    module(tmp_path, "one", **first)
    module(tmp_path, "two", **second)
    assert catalog_of(module_folders(tmp_path, "theirs")).names == ("one", "two")


@pytest.mark.parametrize("what", BOTH_CLAIM)
def test_what_two_modules_make_of_resources_is_claimed_too(what, tmp_path):
    first, second, claim = BOTH_CLAIM[what]
    module(tmp_path, "one", **first)
    folder = module(tmp_path, "two", **second)
    message = f"one and two both claim {re.escape(claim)}"
    with pytest.raises(ClaimedTwice, match=message):
        catalog_of(module_folders(tmp_path, "theirs"))
    toml = folder / "module.toml"
    first_line, _, rest = toml.read_text().partition("\n")
    toml.write_text(f'{first_line}\nconflicts = ["one"]\n{rest}')
    assert catalog_of(module_folders(tmp_path, "theirs")).names == ("one", "two")


def test_what_a_bridge_makes_of_resources_is_claimed_too(tmp_path):
    module(tmp_path, "one")
    module(tmp_path, "two", **{f"resource__{THINGS}": ""})
    module(tmp_path, "one+two", **{f"resource__{THINGS}": ""})
    with pytest.raises(ClaimedTwice, match=r"two and one\+two|one\+two and two"):
        catalog_of(module_folders(tmp_path, "theirs"))


def test_every_kind_of_fact_claims_its_name_or_says_why_not():
    assert CLAIMED.keys() | UNCLAIMED.keys() == RECORDS.keys()
    assert not CLAIMED.keys() & UNCLAIMED.keys()
    assert all(CLAIMED.values())
    assert all(UNCLAIMED.values())


# Keys that take special values, in the facts of each kind.
VALUES = {"readers": '"callers"', "writers": '"callers"', "names": '["x"]'}


@pytest.mark.parametrize("kind", CLAIMED)
@pytest.mark.parametrize("table", ["facts", "resource", "flagged.x"])
def test_a_name_of_every_kind_of_fact_is_claimed(kind, table, tmp_path):
    values: dict[object, str] = {str: '"x"', int: "1"}
    keys = [
        f"{column.name} = {VALUES.get(column.name) or values[column.type]}"
        for column in fields(RECORDS[kind])
        if (column.name in VALUES and column.type != Mapping[str, str])
        or (column.default is MISSING and column.default_factory is MISSING)
    ]
    for name in ("one", "two"):
        module(tmp_path, name, "\n".join([f"[[{table}.{kind}]]", *keys]))
    words = CLAIMED[kind][0].partition("{")[0]
    with pytest.raises(ClaimedTwice, match=f"one and two both claim {words}"):
        check_claims(catalog_of(module_folders(tmp_path)))


@pytest.mark.parametrize("place", ["files", "resource", "variants__a=true__resource"])
@pytest.mark.parametrize("path", ["fastgen_DOT_toml", "_DOT_env", "FASTGEN_DOT_toml"])
def test_the_files_that_fastgen_writes_itself_are_no_modules(path, place, tmp_path):
    module(tmp_path, "x", option("a", 'type = "bool"'), **{f"{place}__{path}": ""})
    with pytest.raises(ReservedPath):
        catalog_of(module_folders(tmp_path, "theirs"))


@pytest.mark.parametrize("template", ["things_DOT_toml", "_DOT_things"])
def test_no_name_of_a_resource_makes_them_either(template, tmp_path):
    side = side_with_resource(
        tmp_path, plural="fastgen" if "toml" in template else "env"
    )
    module(tmp_path / "x", "x", **{f"resource__{template}": ""})
    with pytest.raises(MadeByTemplate):
        rendered_tree(with_module(side, tmp_path / "x" / "x"))


def test_a_file_that_two_templates_make_is_refused(tmp_path):
    """Which nobody sees before there is a resource of that name."""
    side = side_with_resource(tmp_path, plural="apples")
    files = {"files__docs__apples_DOT_md": "", "resource__docs__things_DOT_md": ""}
    folder = module(tmp_path / "x", "x", **files)
    with pytest.raises(MadeTwice, match=r"the file docs/apples\.md"):
        rendered_tree(with_module(side, folder))


PICTURE = b"\x89PNG\r\n\x1a\n\xff myapi {{ \x00"


@pytest.mark.parametrize("ending", ["", ".jinja"])
@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("src/myapi/things/icon.png", "src/shop/apples/icon.png"),
        ("src/myapi/icon.png", "src/shop/icon.png"),
    ],
)
def test_a_picture_of_resources_is_copied_byte_for_byte(
    template, made, ending, tmp_path
):
    folder = module(tmp_path / "x", "x")
    place = folder / "resource" / f"{template}{ending}"
    place.parent.mkdir(parents=True)
    place.write_bytes(PICTURE)
    tree = rendered_tree(with_module(side_with_resource(tmp_path), folder))
    assert tree[made].content == PICTURE


def side_with_resource(folder: Path, plural: str = "apples") -> Side:
    return with_resource(side_with("database", name="shop"), "Apple", [], plural)


def with_module(side: Side, folder: Path) -> Side:
    """`side` with the module in `folder`, which is not of its catalog yet."""
    folders = [*module_folders(templates_folder()), (folder, "theirs")]
    return with_modules(Side(side.spec, catalog_of(folders)), [folder.name])


def test_a_file_that_shadows_one_of_core_is_refused(tmp_path):
    module(tmp_path, "evil", files__src__myapi__main_DOT_py="")
    folders = [*module_folders(templates_folder()), *module_folders(tmp_path, "theirs")]
    with pytest.raises(ClaimedTwice, match=r"src/myapi/main\.py"):
        catalog_of(folders)


def test_a_link_in_templates_is_refused(tmp_path):
    folder = module(tmp_path, "evil", files__a="")
    (folder / "files" / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(LinkInTemplates):
        catalog_of(module_folders(tmp_path, "theirs"))


@pytest.mark.parametrize("name", ["files", "sections", "variants", "module.toml"])
def test_a_link_in_the_place_of_a_part_of_a_module_is_refused(name, tmp_path):
    folder = module(tmp_path, "evil", files__a="", sections__a="", variants__a="")
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LinkInTemplates):
        load_module(folder)


def test_one_path_with_jinja_and_without_is_refused(tmp_path):
    module(tmp_path, "x", files__a_DOT_md="", files__a_DOT_md_DOT_jinja="")
    with pytest.raises(FileClaimedTwice):
        catalog_of(module_folders(tmp_path, "theirs"))


HOSTILE = {
    "reads a file": "{% include '/etc/passwd' %}",
    "reaches for Python": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "imports": "{{ self.__init__.__globals__ }}",
    "has a mistake": "{{ nothing }}",
    "does not parse": "{% for %}",
    "divides by zero": "{{ 1 / 0 }}",
    "counts too far": "{% for i in range(10 ** 9) %}{% endfor %}",
}


def test_a_section_that_is_not_text_is_refused(tmp_path):
    folder = module(tmp_path, "x", sections__README_DOT_md="")
    (folder / "sections" / "README.md").write_bytes(b"\xff")
    both = catalog_of([*module_folders(templates_folder()), (folder, "")])
    with pytest.raises(BrokenTemplate, match=r"x: README\.md"):
        rendered_tree(with_modules(Side(spec_with(), both), ["x"]))


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_template_is_refused(what, tmp_path):
    module(tmp_path, "x", files__a_DOT_txt_DOT_jinja=HOSTILE[what])
    folders = [*module_folders(templates_folder()), *module_folders(tmp_path, "theirs")]
    both = catalog_of(folders)
    with pytest.raises(BrokenTemplate, match=r"a\.txt"):
        rendered_tree(with_modules(Side(spec_with(), both), ["x"]))


ADDRESSES = [
    "https://example.org/x",
    "https://ada@example.org/x",
    "ssh://git@example.org:22/x",
    "git@example.org:x",
    "git@example.org:team/x",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_may_name_a_user(address):
    source = source_of(f"git+{address}@{'a' * 40}#folder/extra")
    assert (source.url, source.name) == (address, "extra")


SOURCES = [
    "git+https://example.org/x",
    "git+http://example.org/x#auth",
    "git+ext::sh -c id#auth",
    "git+https://example.org/x#../auth",
    "git+https://example.org/x#/etc",
    "git+https://example.org/x@--upload-pack=id#auth",
    "git+--upload-pack=id#auth",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_names_no_module_is_refused(source):
    with pytest.raises(InvalidSource):
        source_of(source)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTGEN_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "repository"
    module(folder / "modules", "extra", files__extra_DOT_txt="one\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    git(folder, "tag", "v1")
    return folder


def git(folder: Path, *command: str) -> str:
    person = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    done = subprocess.run(
        ["git", *person, *command],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "x")


def test_a_module_of_a_repository_stays_at_its_commit(repository):
    source = source_of(f"git+file://{repository}@v1#modules/extra")
    assert source.commit == git(repository, "rev-parse", "v1")
    (repository / "modules/extra/files/extra.txt").write_text("two\n")
    commit(repository)
    found = load_catalog({"extra": str(source)})
    assert found["extra"].source == str(source)
    spec = with_modules(Side(spec_with(), found), ["extra"]).spec
    assert rendered_tree(Side(spec, found))["extra.txt"].content == b"one\n"


def test_a_reference_is_looked_up_as_git_does(repository):
    git(repository, "branch", "feature/main")
    (repository / "modules/extra/files/extra.txt").write_text("two\n")
    commit(repository)
    git(repository, "tag", "--annotate", "v2", "--message=two")
    newest = git(repository, "rev-parse", "HEAD")
    for ref in ("", "@main", "@refs/heads/main", "@v2"):
        source = source_of(f"git+file://{repository}{ref}#modules/extra")
        assert source.commit == newest
    oldest = source_of(f"git+file://{repository}@feature/main#modules/extra")
    assert oldest.commit == git(repository, "rev-parse", "v1")


def test_a_fetched_module_needs_no_network(repository):
    source = source_of(f"git+file://{repository}@v1#modules/extra")
    folder = fetched(source)
    repository.rename(repository.with_name("away"))
    assert fetched(source_of(str(source))) == folder


def test_a_cache_that_cannot_be_is_one_clear_line(repository, monkeypatch):
    monkeypatch.setenv("FASTGEN_CACHE_DIR", str(repository / ".git" / "HEAD"))
    with pytest.raises(CacheFailed, match=r"HEAD/sources \(Not a directory\)"):
        fetched(source_of(f"git+file://{repository}@v1#modules/extra"))


def test_in_a_git_hook_a_module_is_fetched_beside_the_users_repository(
    repository, tmp_path, monkeypatch
):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "mine.py").write_text("")
    git(mine, "init", "--quiet")
    commit(mine)
    head = git(mine, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(mine / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(mine))
    monkeypatch.setenv("GIT_INDEX_FILE", str(mine / ".git" / "index"))
    fetched(source_of(f"git+file://{repository}#modules/extra"))
    assert [path.name for path in mine.glob("[!.]*")] == ["mine.py"]
    assert git(mine, "rev-parse", "HEAD") == head


def test_a_repository_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(SourceFailed) as refusal:
        source_of(f"git+file://{tmp_path}/nothing#x")
    assert "\n" not in str(refusal.value)


@pytest.mark.usefixtures("test_modules")
def test_an_installed_package_offers_its_modules_without_being_imported():
    import sys

    found = load_catalog()
    assert {"alpha", "beta", "gamma"} <= set(found.names)
    assert found["alpha"].source == "package:test"
    assert "fastgen_test_modules" not in sys.modules


def test_a_bridge_is_there_with_both_of_its_ends_alone():
    assert "src/myapi/alpha_gamma.py" in rendered_tree(
        Side(spec_with("gamma"), catalog())
    )
    assert "src/myapi/alpha_gamma.py" not in rendered_tree(
        Side(spec_with("alpha"), catalog())
    )
