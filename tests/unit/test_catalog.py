"""Modules of other people: what is read, and what is refused."""

import subprocess
from pathlib import Path

import pytest

from fastgen.catalog.claims import ClaimedTwice, check_claims
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
from fastgen.render.render import rendered_tree
from fastgen.spec.edits import with_modules
from fastgen.spec.side import Side
from tests.kit import catalog, spec_with


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
