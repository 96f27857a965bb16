"""For any tree and any plan: apply gives what the plan says, and undo the old tree."""

import os
import stat
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from fastgen.apply.transaction import apply
from fastgen.apply.undo import undo_history, undo_plan
from fastgen.plan import Action, Change, Plan
from fastgen.tree import File

# Folders and files have names of their own, so that no tree needs one as the other.
folders = st.lists(st.sampled_from(["da", "db", "dé"]), max_size=3)
names = st.sampled_from(["fa.py", "fb", "fastgen.toml", "fd.env"])
path = st.builds(lambda above, name: "/".join([*above, name]), folders, names)
file = st.builds(
    File,
    st.binary(max_size=20),
    st.sampled_from([0o644, 0o755, 0o600, 0o640, 0o700]),
)
trees = st.dictionaries(path, file, max_size=8)


@st.composite
def plans(draw, old):
    """A plan for a tree: some files of it are changed, deleted or moved."""
    changes = []
    free = sorted(draw(st.sets(path, max_size=6)) - old.keys())
    for name, before in old.items():
        kind = draw(st.sampled_from(["keep", "update", "delete", "move"]))
        if kind == "keep":
            changes.append(Change(name, Action.KEEP, "m", before, before))
        elif kind == "update":
            after = File(draw(st.binary(max_size=20)), draw(file).mode)
            changes.append(Change(name, Action.UPDATE, "m", before, after))
        elif kind == "move" and free:
            after = File(draw(st.binary(max_size=20)), before.mode)
            target = free.pop()
            changes.append(Change(target, Action.MOVE, "m", before, after, name))
        else:
            changes.append(Change(name, Action.DELETE, "m", before, None))
    changes += [Change(name, Action.CREATE, "m", None, draw(file)) for name in free]
    return Plan(tuple(draw(st.permutations(changes))))


@st.composite
def cases(draw):
    old = draw(trees)
    plan = draw(plans(old))
    left = {c.path: c.after for c in plan.changes if c.after}
    return old, draw(folders), plan, draw(plans(left))


def tree_of(root):
    """Every file with its bytes and mode, and every folder with its mode."""
    return {
        found.relative_to(root).as_posix(): (
            found.read_bytes() if found.is_file() else None,
            stat.S_IMODE(found.stat().st_mode),
        )
        for found in root.rglob("*")
        if ".fastgen" not in found.relative_to(root).parts
    }


def files_of(root):
    return {
        name: File(content, mode)
        for name, (content, mode) in tree_of(root).items()
        if content is not None
    }


@settings(max_examples=100, deadline=None)
@given(cases())
def test_apply_gives_the_plan_and_undo_the_old_tree(case):
    old, empty, plan, second = case
    # No power is cut here, and waiting for the disk takes most of the time.
    with tempfile.TemporaryDirectory() as folder, patch.object(os, "fsync"):
        root = Path(folder)
        root.joinpath(*empty).mkdir(parents=True, exist_ok=True)
        for name, content in old.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content.content)
            (root / name).chmod(content.mode)
        states = [tree_of(root)]
        umask = os.umask(0o022)
        try:
            for step in (plan, second):
                apply(root, step, "change")
                if step.writes:
                    states.append(tree_of(root))
                after = {c.path: c.after for c in step.changes if c.after}
                assert files_of(root) == after
            while states:
                assert tree_of(root) == states.pop()
                apply(root, undo_plan(root), "undo")
        finally:
            os.umask(umask)
        assert all(past.undone or past.undoes for past in undo_history(root))
