"""fastgen.toml that people, or newer versions, have written."""

import pytest

from fastgen.spec.edits import with_options
from fastgen.spec.specfile import (
    BrokenSpec,
    NewerProject,
    parse_spec,
    read_table,
    sources_of,
    spec_text,
)
from tests.kit import catalog, side_with, spec_with

TEXT = spec_text(spec_with("gamma", "ci"))
BROKEN = {
    "not TOML": ('name = "myapi"', 'name = "myapi', 7, "Illegal character"),
    "no version": ('version = "0.1.0"', "", 1, "no valid `version`"),
    "a version that is none": ('"0.1.0"', '"soon"', 3, "no valid `version`"),
    "a version without end": ('"0.1.0"', f'"{"9" * 5000}"', 3, "no valid `version`"),
    "far too many brackets": ("flag = false", f"flag = {'[' * 3000}", 1, "too deeply"),
    "an unknown table": ("[modules.alpha]", "[model.alpha]", 12, "no 'model'"),
    "an unknown fact": ("salt =", "sugar =", 5, "no text called 'salt'"),
    "a fact of another type": ('name = "myapi"', "name = 7", 7, "'name'"),
    "a package that cannot be": (
        'package = "myapi"',
        'package = "my-api"',
        8,
        "identif",
    ),
    "a Python that is not there": ('"3.11"', '"2.7"', 9, "3.11, 3.12"),
    "an unknown module": ("[modules.ci]", "[modules.cii]", 15, "did you mean ci"),
    "a module without its own": ("[modules.alpha]\nflag = false\n", "", 19, "requires"),
    "an unknown option": ("provider =", "provide =", 16, "did you mean provider"),
    "an unknown value": ('"github"', '"jenkins"', 16, "github or gitlab"),
    "a value of another type": ("flag = false", 'flag = "no"', 13, "true or false"),
    "a module that is no table": ("[modules.core]", "[modules]\ncore = 1", 19, "table"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_spec_is_refused_with_its_line(what):
    old, new, line, reason = BROKEN[what]
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new)
    with pytest.raises(BrokenSpec) as refusal:
        parse_spec(text, read_table(text), catalog(), "0.1.0")
    assert str(refusal.value).startswith(f"fastgen.toml:{line}: "), str(refusal.value)
    assert reason in str(refusal.value)


def test_a_newer_project_is_refused_with_the_command_that_helps():
    text = TEXT.replace('"0.1.0"', '"0.10.0"')
    with pytest.raises(NewerProject, match=r"pipx upgrade fastapi-fastgen"):
        parse_spec(text, read_table(text), catalog(), "0.9.3")


def test_comments_quotes_and_another_order_are_read_all_the_same():
    spec = with_options(side_with("ci"), ["ci.provider=gitlab"]).spec
    text = (
        "[modules.core] # always\n[modules.'ci']\nprovider = 'gitlab'\n"
        + f"[project]\nsalt = '{spec.salt}'\npython = '3.11'\npackage = 'myapi'\n"
        + 'name = """myapi"""\ndescription = ""\n'
    )
    text = f"version = '0.1.0'\n{text}"
    assert parse_spec(text, read_table(text), catalog(), "0.1.0") == spec


def test_a_source_is_read_before_the_catalog_can_be():
    table = read_table('[modules.x]\nsource = "git+https://example.org/x@1#x"\n')
    assert sources_of(table) == {"x": "git+https://example.org/x@1#x"}
    assert sources_of({"modules": 3}) == {}
