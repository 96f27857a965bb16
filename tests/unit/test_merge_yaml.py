"""Three versions of a YAML file become one, key by key."""

import pytest
import yaml

from fastgen.merge.structure.blocks import Merged, Unreadable
from fastgen.merge.yaml import merged_yaml
from fastgen.merge.yaml.documents import documents_group

COMPOSE = """\
services:
  api:
    build: .
    environment:
      PORT: "8000"

  # not ours
  worker:
    command: |
      # not a comment
      run

      it
    depends_on:
      - api
"""
WORKFLOW = """\
on:
  push:
    branches: [main]
jobs:
  test:
    steps:
      - uses: actions/checkout@v5
      - name: lint
        run: ruff check
      - run: pytest
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def assert_merges(base: str, next_: str, user: str, expected: str) -> None:
    """The merge is `expected`, and going back gives the user's text again."""
    assert merged_yaml(base, next_, user) == Merged(expected)
    assert merged_yaml(next_, base, expected) == Merged(user)


def test_services_variables_and_volumes_at_the_same_places():
    service = "  {0}:\n    image: {0}\n\n"
    port, worker, last = '      PORT: "8000"\n', "  # not ours\n", "      - api\n"
    next_ = changed(
        COMPOSE,
        (port, f"{port}      DB: x\n"),
        (worker, service.format("db") + worker),
        (last, f"{last}      - db\n\nvolumes:\n  db:\n"),
    )
    user = changed(
        COMPOSE,
        (port, f"{port}      OWN: 'y'  # ours\n    # end of api\n"),
        (worker, service.format("own") + worker),
        (last, f"{last}      - own\n\nvolumes:\n  own:\n"),
    )
    expected = changed(
        user,
        (port, f"{port}      DB: x\n"),
        ("  own:\n    image", "  db:\n    image: db\n\n  own:\n    image"),
        ("      - own\n", "      - db\n      - own\n"),
        ("volumes:\n  own:\n", "volumes:\n  own:\n  db:\n"),
    )
    assert_merges(COMPOSE, next_, user, expected)


def test_steps_are_known_by_their_names():
    next_ = changed(
        WORKFLOW,
        ("ruff check", "ruff check ."),
        ("      - run", "      - name: types\n        run: mypy\n      - run"),
        ("[main]", "[main, next]"),
    )
    user = changed(
        WORKFLOW,
        ("ruff check\n", "ruff check\n        env: {A: 1}\n"),
        ("      - run", "      - name: own\n        run: own\n      - run"),
        ("[main]", "[main, own]"),
    )
    expected = changed(
        user,
        ("ruff check\n", "ruff check .\n"),
        (
            "      - name: own",
            "      - name: types\n        run: mypy\n      - name: own",
        ),
        ("[main, own]", "[main, next, own]"),
    )
    assert_merges(WORKFLOW, next_, user, expected)
    assert "on" in expected.splitlines()[0]


def test_a_service_that_the_user_changed_and_fastgen_takes_away_conflicts():
    user = changed(COMPOSE, ("build: .", "build: .\n    tty: true"))
    next_ = "services:\n" + COMPOSE[COMPOSE.index("  # not") :]
    merged = merged_yaml(COMPOSE, next_, user)
    assert merged.text == user
    assert [(c.where, c.line) for c in merged.clashes] == [("services > api", 2)]


def test_a_service_that_comes_again_stays_as_the_user_has_it():
    user = changed(COMPOSE, ("    build: .\n", "    build: .\n    init: true\n"))
    assert merged_yaml("", COMPOSE, user) == Merged(user)
    other = changed(user, ('PORT: "8000"', 'PORT: "8001"'))
    assert [clash.where for clash in merged_yaml("", COMPOSE, other).clashes] == [
        "services > api"
    ]


def test_one_value_that_both_change_conflicts():
    versions = [changed(COMPOSE, ("8000", port)) for port in ("8001", "8002")]
    (clash,) = merged_yaml(COMPOSE, *versions).clashes
    assert (clash.where, clash.line) == ("services > api > environment > PORT", 5)


def test_indentation_is_the_users():
    base = "a:\n  b:\n    - x\n"
    user = "a:\n    b:\n    - x\n    - own\n"
    merged = merged_yaml(
        base, "a:\n  b:\n    - x\n    - y\n  c:\n    d: |\n      1\n", user
    )
    assert merged == Merged(
        "a:\n    b:\n    - x\n    - y\n    - own\n    c:\n      d: |\n        1\n"
    )
    assert yaml.safe_load(merged.text) == {
        "a": {"b": ["x", "y", "own"], "c": {"d": "1\n"}}
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only\n",
        "a: &x {b: [1, 2], c: 'ü€😀'}  # x\nd: *x\n<<: *x\n",
        "# head\n---\na: 1\n---\n# two\n- b\n- c: 1\n  d:\n  - e\n  -   f\n",
        "a: >-\n  # text\n  b\n\n\n# of c\nc: |+\n  d\n\n",
        "- - a\n  - b\n- ? c\n  : d\n-\n  e: f\n",
        "a: [\n  b,  # one\n  {c: d}, e\n]\nf: 'g\n  h'\ni: !t\n  j: 1\n",
        "%YAML 1.1\n---\na: 1\n...\n",
    ],
)
def test_every_text_is_kept_byte_for_byte(text):
    assert documents_group(text).text == text


def test_a_text_that_is_not_yaml_is_unreadable():
    with pytest.raises(Unreadable) as caught:
        merged_yaml("", "", "a: 1\nb: [\n")
    assert caught.value.line == 3


FUNCTION = """\
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: dist/function
      Handler: shop.handler
      Environment: {A: one, B: two}
"""
SWAPPED = """\
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Handler: shop.handler
      CodeUri: dist/function
      Environment: {B: two, A: one}
"""
EMPTY = "Resources:\n  Other:\n    Type: AWS::Serverless::Api\n"


def test_keys_in_another_order_are_the_same_mapping():
    """An entry that both sides added, and one that fastgen takes away."""
    assert merged_yaml("Resources:\n", FUNCTION, SWAPPED) == Merged(SWAPPED)
    gone = merged_yaml(FUNCTION + EMPTY[11:], EMPTY, SWAPPED + EMPTY[11:])
    assert gone == Merged(EMPTY)


def test_items_in_another_order_are_another_sequence():
    base, next_ = "jobs:\n", "jobs:\n  lint:\n    steps: [a, b]\n"
    assert merged_yaml(base, next_, next_.replace("a, b", "b, a")).clashes


@pytest.mark.parametrize(
    "events", [" [push, pull_request]", "\n  - push\n  - pull_request"]
)
def test_events_of_a_workflow_in_a_list_are_keys(events: str):
    base = "on:\n  push:\n  pull_request:\n\njobs: {}\n"
    next_ = base.replace("\n\njobs", "\n  workflow_dispatch:\n\njobs")
    user = f"on:{events}\n\njobs: {{}}\n"
    merged = merged_yaml(base, next_, user)
    assert (merged.text, merged.clashes) == (next_, ())
    assert merged_yaml(base, base.replace("{}", "{a: 1}"), user).text == user.replace(
        "{}", "{a: 1}"
    )
