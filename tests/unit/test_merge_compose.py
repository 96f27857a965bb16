"""compose.yaml in the forms that people give it."""

import pytest

from fastgen.merge.structure.blocks import Merged
from fastgen.merge.yaml.compose import COMPOSE_FILE, merged_compose

BASE = """\
services:
  app:
    build: .
    environment:
      MODE: "dev"  # ours
    ports:
      - "8000:8000"
"""
NEXT = """\
services:
  app:
    build: .
    environment:
      MODE: "dev"  # ours
      NOTE: "a: b"
      URL: smtp://mail:1025
    ports:
      - "8000:8000"
    depends_on:
      mail:
        condition: service_healthy

  mail:
    image: mail:1
"""
MAIL = "\n  mail:\n    image: mail:1\n"
HEALTHY = "    depends_on:\n      mail:\n        condition: service_healthy\n"
NEW = '      NOTE: "a: b"\n      URL: smtp://mail:1025\n'
PORTS = '    ports:\n      - "8000:8000"\n'
LONG = "    ports:\n      - target: 8000\n        published: 80\n"
VARIABLES = '    environment:\n      MODE: "dev"  # ours\n'

USER = {
    "variables as a list": (
        BASE.replace(VARIABLES, "    environment:\n      - MODE=dev\n"),
        NEXT.replace(
            VARIABLES + NEW,
            "    environment:\n      - MODE=dev\n"
            '      - "NOTE=a: b"\n      - URL=smtp://mail:1025\n',
        ),
    ),
    "a variable with another value": (
        BASE.replace(VARIABLES, "    environment:\n      - MODE=live\n"),
        NEXT.replace(
            VARIABLES + NEW,
            "    environment:\n      - MODE=live\n"
            '      - "NOTE=a: b"\n      - URL=smtp://mail:1025\n',
        ),
    ),
    "dependencies as a list": (
        BASE + "    depends_on:\n      - search\n",
        NEXT.replace(HEALTHY, "    depends_on:\n      - search\n      - mail\n"),
    ),
    "dependencies in brackets": (
        BASE + "    depends_on: [search]\n",
        NEXT.replace(HEALTHY, "    depends_on: [search, mail]\n"),
    ),
    "ports in the long form": (BASE.replace(PORTS, LONG), NEXT.replace(PORTS, LONG)),
}


@pytest.mark.parametrize(("user", "expected"), USER.values(), ids=USER)
def test_what_comes_has_the_users_form_and_goes_without_a_trace(user, expected):
    assert merged_compose(BASE, NEXT, user) == Merged(expected)
    assert merged_compose(NEXT, BASE, expected) == Merged(user)


def test_a_variable_that_both_changed_is_a_conflict_in_a_list_too():
    user = NEXT.replace(VARIABLES + NEW, "    environment:\n      - URL=mine\n")
    next_ = NEXT.replace("smtp://mail:1025", "smtp://mail:25")
    (clash,) = merged_compose(NEXT, next_, user).clashes
    assert clash.where == "services > app > environment > URL"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("compose.yaml", True),
        ("deploy/docker-compose.prod.yml", True),
        (".github/workflows/compose-check.yml", False),
    ],
)
def test_composes_files_are_known_by_their_names(path, is_one):
    assert (COMPOSE_FILE.search(path) is not None) is is_one
