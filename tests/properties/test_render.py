"""Laws of the render."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from fastgen.spec.specfile import parse_spec, read_table, spec_text
from fastgen.tree import Tree
from tests.kit import (
    adding,
    catalog,
    removing,
    setting,
    side_with,
    spec_with,
    tree_of,
    world,
)

NAMES = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "docker", "ci", "precommit"])
)


def digest(tree: Tree) -> str:
    return sha256(repr(sorted(tree.items())).encode()).hexdigest()


PROGRAM = """
import json, sys
from tests.kit import side_with, spec_with, tree_of
from tests.properties.test_render import digest
chosen = json.loads(sys.argv[1])
print(json.dumps([digest(tree_of(spec_with(*names))) for names in chosen]))
"""


def digests_in_another_process(chosen: list[list[str]], seed: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(chosen)],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Apia", "LANG": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_two_processes_with_two_hash_seeds_render_the_same_bytes():
    chosen = [[], ["gamma", "beta"], ["docker", "ci", "precommit", "alpha"]]
    here = [digest(tree_of(spec_with(*names))) for names in chosen]
    assert digests_in_another_process(chosen, "1") == here
    assert digests_in_another_process(chosen, "4242") == here


def test_any_order_of_add_gives_the_same_bytes():
    wanted = world("alpha", "beta", "docker")
    for order in permutations(["alpha", "beta", "docker"]):
        project = world()
        for name in order:
            project = project.after(adding(name))
        assert project.files == wanted.files


@given(NAMES, NAMES)
def test_removing_what_was_added_gives_the_previous_spec(
    before: list[str], more: list[str]
):
    old = side_with(*before)
    new = adding(*more)(old)
    gone = [name for name in new.spec.modules if name not in old.spec.modules]
    assert removing(*gone)(new).spec == old.spec


@given(NAMES, st.text(), st.booleans())
def test_a_spec_survives_its_file(names: list[str], description: str, flag: bool):
    from dataclasses import replace

    side = setting(f"alpha.flag={str(flag).lower()}")(side_with("alpha", *names))
    spec = replace(side.spec, description=description)
    text = spec_text(spec)
    assert parse_spec(text, read_table(text), catalog(), spec.version) == spec
    assert (
        spec_text(parse_spec(text, read_table(text), catalog(), spec.version)) == text
    )
