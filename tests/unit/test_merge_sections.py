from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastgen.merge.sections import (
    _makefile,
    _markdown,
    merged_makefile,
    merged_markdown,
)

TOP = "# My API\n\nWhat it does.\n"
RUN = "\n## Run\n\n```sh\n## not a heading\nmake run\n```\n"
DOCKER = "\n## Containers\n\n`make up`.\n"
HOOKS = "\n## Hooks\n\n`make hooks`.\n"
OURS = "\n## How we work\n\nIn pairs.\n"


@given(st.text(alphabet="ab# \n\t`:=", max_size=60))
def test_every_text_is_the_text_of_its_blocks(text):
    assert _markdown(f"{text}\n").text == f"{text}\n"
    assert _makefile(f"{text}\n").text == f"{text}\n"


@pytest.mark.parametrize("order", list(permutations([DOCKER, HOOKS, OURS])))
def test_a_section_goes_wherever_the_user_has_put_it(order):
    base, next_ = TOP + RUN + DOCKER + HOOKS, TOP + RUN + HOOKS
    merged = merged_markdown(base, next_, TOP + RUN + "".join(order))
    assert merged.clashes == ()
    assert merged.text == TOP + RUN + "".join(x for x in order if x is not DOCKER)


def test_a_section_that_both_changed_clashes():
    base, next_ = TOP + DOCKER, TOP + DOCKER.replace("up", "start")
    user = TOP + OURS + DOCKER.replace("up", "go")
    (clash,) = merged_markdown(base, next_, user).clashes
    assert clash.where == "## Containers"
    assert user.splitlines()[clash.line - 1] == "## Containers"


def test_what_the_user_wrote_in_a_section_stays_when_that_goes_and_is_in_it_again():
    edited = TOP + DOCKER.replace(
        "`make up`.", "Ask Ada.\n\n`make up`.\nNot on Friday."
    )
    gone = merged_markdown(TOP + DOCKER, TOP, edited)
    assert gone.clashes == ()
    assert gone.left_alone == ("what you wrote in ## Containers",)
    assert gone.text == f"{TOP}\n## Containers\n\nAsk Ada.\n\nNot on Friday.\n"
    again = merged_markdown(TOP, TOP + DOCKER, gone.text)
    assert again.clashes == ()
    assert again.text == f"{TOP}{DOCKER}\nAsk Ada.\n\nNot on Friday.\n"


def test_a_heading_that_the_user_changed_stays_once_when_its_section_goes():
    section = DOCKER.replace("`make up`.", "`make up`.\n`make down`.")
    edited = TOP + section.replace("Containers", "Containers and Ada")
    gone = merged_markdown(TOP + section, TOP, edited)
    assert gone.text == f"{TOP}\n## Containers and Ada\n"
    noted = merged_markdown(TOP + section, TOP, f"{edited}\nNot on Friday.\n")
    assert noted.text == f"{TOP}\n## Containers and Ada\n\nNot on Friday.\n"


def test_a_section_in_which_the_user_only_deleted_lines_goes():
    edited = TOP + DOCKER.replace("\n`make up`.\n", "")
    assert merged_markdown(TOP + DOCKER, TOP, edited).text == TOP


UP = "\nup:  ## start\n\tdocker compose up\n.PHONY: up\n"
LINT = "\n# style\nlint: install\n\truff check\n"
MINE = "\nseed: install\n\tpython -m seed\n\n\tls\n"


def test_rules_are_known_by_their_target():
    head = "UV := uv\n"
    merged = merged_makefile(head + LINT + UP, head + LINT, head + UP + MINE + LINT)
    assert merged.clashes == ()
    assert merged.text == head + MINE + LINT


def test_a_rule_that_the_user_edited_stays_whole():
    edited = LINT + UP.replace("compose up", "compose up --wait")
    gone = merged_makefile(LINT + UP, LINT, edited)
    assert (gone.text, gone.left_alone) == (edited, ("up",))
    again = merged_makefile(LINT, LINT + UP, edited)
    assert (again.text, again.left_alone) == (edited, ("up",))
