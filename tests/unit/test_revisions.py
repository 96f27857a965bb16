"""Migrations are chained behind the project's own, and taken back in reverse."""

import pytest

from fastgen.revisions.chain import ManyHeads, chained, history
from fastgen.revisions.dropping import OneWay, dropping, swapped
from fastgen.revisions.script import Script, script_of, scripts_in
from fastgen.tree import Entry, File, Files, Policy, Tree

MIGRATION = '''\
"""Makes {name}.

Revision ID: {name}
Revises: nothing
"""

from collections.abc import Sequence

revision: str = "{name}"
down_revision: str | Sequence[str] | None = {follows!r}


def upgrade() -> None:
    create("{name}")  # a comment


def downgrade() -> None:
    drop("{name}")
'''


def text(name: str, follows: str | tuple[str, ...] | None = None) -> str:
    return MIGRATION.format(name=name, follows=follows)


def tree(*texts: str) -> Tree:
    scripts = [script_of("", text.encode()) for text in texts]
    return {
        f"versions/{script.revision}.py": Entry(
            script.text.encode(), "shop", Policy.JOURNAL
        )
        for script in scripts
        if script
    }


def files(**texts: str) -> Files:
    return {f"versions/{name}.py": File(text.encode()) for name, text in texts.items()}


def written(tree: Tree) -> Files:
    return {path: File(entry.content) for path, entry in tree.items()}


def chain(project: Files) -> list[str]:
    """The migrations of `project` from the first to the head, by file."""
    scripts = {script.follows: script for script in scripts_in(project)}
    order, follows = [], ()
    while follows in scripts:
        script = scripts.pop(follows)
        order.append(script.path.removeprefix("versions/").removesuffix(".py"))
        follows = (script.revision,)
    assert not scripts, "some are beside the chain"
    return order


def added(new: Tree, project: Files, known: tuple[str, ...] = ()) -> Files:
    return {
        **project,
        **written(chained(new, history("salt", project), project, known)),
    }


def test_the_first_migration_follows_nothing_and_has_an_id_from_the_salt():
    (one,) = scripts_in(added(tree(text("users")), {}))
    (other,) = scripts_in(
        written(chained(tree(text("users")), history("pepper", {}), {}, ()))
    )
    assert one.follows == ()
    assert one.revision != other.revision
    assert len(one.revision) == 12
    assert f"Revision ID: {one.revision}\nRevises:\n" in one.text


def test_a_new_migration_follows_the_projects_own_head():
    own = files(orders=text("5f0c"), bills=text("6f0c", "5f0c"))
    project = added(tree(text("users")), own)
    assert chain(project) == ["orders", "bills", "users"]


def test_those_that_build_on_another_come_after_it_and_others_by_name():
    new = tree(text("keys", "users"), text("users"), text("apples"))
    assert chain(added(new, {})) == ["apples", "users", "keys"]


def test_one_that_is_there_already_stays_where_the_user_has_put_it():
    project = added(tree(text("users")), {})
    moved = {"versions/2026_users.py": project["versions/users.py"]}
    again = chained(tree(text("users")), history("salt", moved), moved, ())
    assert written(again) == moved


def test_one_that_the_user_has_deleted_is_not_chained_again():
    own = files(squashed=text("5f0c"))
    new = tree(text("users"), text("keys", "users"))
    project = chained(new, history("salt", own), own, known=["users"])
    (keys,) = [s for s in scripts_in(written(project)) if "keys" in s.path]
    assert keys.follows == ("5f0c",)
    assert "\nRevises: 5f0c\n" in keys.text


def test_a_file_of_the_users_with_the_same_name_is_not_touched():
    own = files(users=text("5f0c"))
    assert chain(added(tree(text("users")), own)) == ["users", "users_2"]


def test_a_merge_of_two_heads_is_one_head():
    own = files(a=text("a1"), b=text("b1"), both=text("c1", ("a1", "b1")))
    project = chained(tree(text("users")), history("salt", own), own, ())
    (users,) = scripts_in(written(project))
    assert users.follows == ("c1",)


def test_two_heads_are_refused():
    own = files(a=text("a1"), b=text("b1"))
    with pytest.raises(ManyHeads, match="a1, b1"):
        added(tree(text("users")), own)


def test_migrations_are_taken_back_in_reverse_behind_the_head():
    project = added(tree(text("users"), text("keys", "users")), {})
    project = {**project, **files(own=text("5f0c", scripts_in(project)[0].revision))}
    names = {"users": "auth", "keys": "auth", "never made": "auth"}
    dropped = dropping(names, history("salt", project), project)
    assert chain({**project, **written(dropped)}) == [
        "users",
        "keys",
        "own",
        "keys_drop",
        "users_drop",
    ]


def test_what_was_taken_back_can_be_made_and_taken_back_again():
    project: Files = {}
    for _ in range(2):
        project = added(tree(text("users")), project)
        past = history("salt", project)
        dropped = dropping({"users": "auth"}, past, project)
        project = {**project, **written(dropped)}
        past = history("salt", project)
        assert dropping({"users": "auth"}, past, project) == {}
    assert chain(project) == ["users", "users_drop", "users_2", "users_2_drop"]


def test_the_two_directions_are_swapped_whole():
    script = script_of("", text("users").encode())
    assert script is not None
    back = swapped(script).text
    assert '"""Takes back: Makes users."""' in back
    assert 'def upgrade() -> None:\n    drop("users")\n' in back
    assert 'def downgrade() -> None:\n    create("users")  # a comment\n' in back
    assert swapped(Script("", back, "", ())).text.endswith('    drop("users")\n')


def test_a_migration_without_a_way_back_is_refused():
    with pytest.raises(OneWay, match=r"versions/users\.py"):
        swapped(Script("versions/users.py", "def upgrade(): pass\n", "", ()))
