"""Each kind of statement can fail; and a case cannot say less than it has to."""

import pytest

from fastgen.spec.specfile import spec_text
from tests.cases.truths import (
    FAULTS,
    BadTruths,
    Outcome,
    Statement,
    Table,
    check,
    statements,
)
from tests.kit import files_of, spec_with, tree_of

SPEC = {"fastgen.toml": spec_text(spec_with()).splitlines(keepends=True)}
MIGRATION = ["revision: str = 'b'\n", "down_revision: str | None = 'a'\n"]
BEFORE = {
    **SPEC,
    "kept.py": ["one = 1\r\n"],
    "main.py": ["def main():\n", "    pass\n"],
    "old.py": ["revision = 'a'\n"],
}
AFTER = {
    **SPEC,
    "kept.py": ["one = 1\r\n"],
    "main.py": ["def main():\n", "    first()\n", "    again()\n", "    again()\n"],
    "new.py": MIGRATION,
    "first.py": ["revision = 'a'\n"],
}
OUTCOME = Outcome(BEFORE, AFTER, [0, 4], ["Adds a\n  line\n", "conflict\n"])

MUST = {"exit": [0, 4], "says": ["conflict"]}

TRUE: list[Table] = [
    {"exit": [0, 4]},
    {"says": ["Adds a line", "conflict"]},
    {"each_says": ["Adds a", "conflict"]},
    {"each_says": ["", ""]},
    {"never_says": ["error"]},
    {"has": {"main.py": ["first()", "def main():\n    first()"]}},
    {"has": {"main.py": ["again()\nagain()", "def main():"]}},
    {"in_order": {"main.py": ["def main():", "first()"]}},
    {"lacks": {"main.py": ["pass"], "kept.py": ["two"]}},
    {"line_ends": {"kept.py": "\r\n", "main.py": "\n"}},
    {"unchanged": ["kept.py", "k*"]},
    {"changed_alone": ["main.py", "old.py", "new.py", "f*"]},
    {"new": ["new.py"]},
    {"gone": ["old.py"]},
    {"absent": ["other.py"]},
    {"follows": {"new.py": "first.py"}},
    {"complete": True},
]

FALSE: list[Table] = [
    {"exit": [0]},
    {"exit": [4, 0]},
    {"says": ["add a line"]},
    {"each_says": ["conflict", "Adds a"]},
    {"each_says": ["Adds a"]},
    {"never_says": ["conflict"]},
    {"has": {"main.py": ["again()"]}},
    {"has": {"main.py": ["first"]}},
    {"has": {"main.py": ["def main():\nagain()"]}},
    {"has": {"other.py": ["first()"]}},
    {"in_order": {"main.py": ["first()", "def main():"]}},
    {"in_order": {"main.py": ["def main():", "third()"]}},
    {"lacks": {"main.py": ["again"]}},
    {"lacks": {"other.py": ["again"]}},
    {"line_ends": {"kept.py": "\n"}},
    {"line_ends": {"main.py": "\r\n"}},
    {"line_ends": {"other.py": "\n"}},
    {"unchanged": ["main.py"]},
    {"unchanged": ["*"]},
    {"unchanged": ["old.py"]},
    {"unchanged": ["other.py"]},
    {"changed_alone": ["main.py", "old.py", "new.py"]},
    {"new": ["kept.py"]},
    {"new": ["old.py"]},
    {"gone": ["new.py"]},
    {"gone": ["other.py"]},
    {"absent": ["old.py"]},
    {"absent": ["new.py"]},
    {"follows": {"first.py": "new.py"}},
    {"follows": {"new.py": "old.py"}},
    {"follows": {"main.py": "kept.py"}},
]


@pytest.mark.parametrize("table", TRUE, ids=str)
def test_a_true_statement_has_no_fault(table):
    found = statements(table)
    assert found
    assert [each.fault(OUTCOME) for each in found] == [""] * len(found)


@pytest.mark.parametrize("table", FALSE, ids=str)
def test_a_false_statement_names_its_fault(table):
    (statement,) = statements(table)
    assert statement.fault(OUTCOME).startswith(f"{statement.key}: ")


def test_every_key_is_tried_both_ways():
    assert {key for table in TRUE for key in table} == FAULTS.keys()
    assert {"complete", *(key for table in FALSE for key in table)} == FAULTS.keys()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("src/myapi/main.py", "    api.include_router(gamma)\n"),
        ("src/myapi/main.py", "    app.add_middleware(BetaMiddleware)\n"),
        ("src/myapi/settings.py", "    alpha: AlphaSettings = AlphaSettings()\n"),
        ("src/myapi/lifespan.py", "    beta: Beta\n"),
    ],
)
def test_a_module_that_is_recorded_alone_is_a_fault(path, line):
    files = {
        path: file.content.decode().splitlines(keepends=True)
        for path, file in files_of(tree_of(spec_with("gamma", "beta"))).items()
    }
    complete = Statement("complete", True)
    assert complete.fault(Outcome({}, files, [], [])) == ""
    number = files[path].index(line)
    for instead in ("", f"    # {line.strip()}\n"):
        files[path][number] = instead
        assert complete.fault(Outcome({}, files, [], [])) != ""
    assert Statement("complete", False).fault(Outcome({}, files, [], [])) == ""


def test_a_record_that_cannot_be_read_is_a_fault():
    for files in ({}, {"fastgen.toml": ["version = \n"]}):
        fault = Statement("complete", True).fault(Outcome({}, files, [], []))
        assert fault.startswith("complete: cannot be told")


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"must": {"exit": [0, 4]}},
        {"must": {"exit": [0, 4], "complete": False}},
        {"must": {"says": ["conflict"]}},
        {"must": {**MUST, "say": ["conflict"]}},
        {"must": {**MUST, "says": []}},
        {"must": {**MUST, "says": "conflict"}},
        {"must": {**MUST, "has": {"main.py": "first()"}}},
        {"must": {**MUST, "has": {"main.py": []}}},
        {"must": MUST, "wrong": {"has": {"main.py": ["third()"]}}},
        {"must": MUST, "wrong": {"why": "It forgets the third one."}},
    ],
    ids=str,
)
def test_a_case_that_says_too_little_is_refused(case):
    with pytest.raises(BadTruths):
        check(case, OUTCOME)


def test_a_case_fails_by_what_is_not_true():
    check({"must": MUST}, OUTCOME)
    with pytest.raises(AssertionError, match="nothing says 'error'"):
        check({"must": {**MUST, "says": ["conflict", "error"]}}, OUTCOME)


def test_a_known_fault_that_is_gone_has_to_be_taken_out_of_the_case():
    wrong = {"why": "It forgets the third one.", "has": {"main.py": ["third()"]}}
    check({"must": MUST, "wrong": wrong}, OUTCOME)
    half = {**wrong, "lacks": {"main.py": ["pass"]}}
    with pytest.raises(AssertionError, match="is true now"):
        check({"must": MUST, "wrong": half}, OUTCOME)
