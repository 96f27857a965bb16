"""Migrations are chained behind the project's own, and taken back in reverse."""

import pytest

from fastgen.migrations.belonging import own_migrations, versions_in
from fastgen.migrations.chain import ManyHeads, NoHead, OneIdTwice, chained, history
from fastgen.migrations.dropping import OneWay, dropping, swapped
from fastgen.migrations.script import (
    Script,
    UnreadableMigration,
    script_of,
    scripts_in,
    templates_in,
)
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
    scripts = [script_of("x.py", text.encode()) for text in texts]
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
    order: list[str] = []
    follows: tuple[str, ...] = ()
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
    script = script_of("x.py", text("users").encode())
    assert script is not None
    back = swapped(script).text
    assert '"""Takes back: Makes users."""' in back
    assert 'def upgrade() -> None:\n    drop("users")\n' in back
    assert 'def downgrade() -> None:\n    create("users")  # a comment\n' in back
    assert swapped(Script("", back, "", ())).text.endswith('    drop("users")\n')


def test_a_migration_without_a_way_back_is_refused():
    with pytest.raises(OneWay, match=r"versions/users\.py"):
        swapped(Script("versions/users.py", "def upgrade(): pass\n", "", ()))


@pytest.mark.parametrize("body", ["pass", "raise NotImplementedError", '"""No."""'])
def test_a_way_back_that_does_nothing_is_none(body):
    way = f"def upgrade():\n    make()\n\n\ndef downgrade():\n    {body}\n"
    with pytest.raises(OneWay):
        swapped(Script("versions/users.py", way, "", ()))


def test_a_text_with_strange_line_ends_is_swapped_at_the_right_lines():
    strange = text("users").replace('create("users")', 'create("\f \u2028 users")')
    script = script_of("x.py", strange.encode())
    assert script is not None
    back = swapped(script).text
    assert 'def downgrade() -> None:\n    create("\f \u2028 users")  # a' in back
    assert 'def upgrade() -> None:\n    drop("users")\n' in back


def test_a_migration_that_drops_has_no_label_of_the_one_that_makes():
    labelled = text("users") + 'branch_labels = ("accounts",)\ndepends_on = "5f0c"\n'
    script = script_of("x.py", labelled.encode())
    assert script is not None
    back = swapped(script).text
    assert "branch_labels = None\n" in back
    assert 'depends_on = "5f0c"\n' in back


def test_labels_over_several_lines_do_not_move_what_a_dropping_migration_does():
    labels = 'branch_labels = (\n    "accounts",\n    "people",\n)\n'
    head, upgrade, rest = text("users").partition("def upgrade")
    script = script_of("x.py", f"{head}{labels}\n\n{upgrade}{rest}".encode())
    assert script is not None
    back = swapped(script).text
    assert 'def upgrade() -> None:\n    drop("users")\n' in back
    compile(back, "x.py", "exec")


ODD = {
    "a constant": "FIRST = '5f0c'\nrevision = '6f0c'\ndown_revision = FIRST\n",
    "constants in a tuple": (
        "FIRST = '5f0c'\nrevision = '6f0c'\ndown_revision = (FIRST,)\n"
    ),
    "a list": "revision = '6f0c'\ndown_revision = ['5f0c']\n",
    "Latin-1": "# coding: latin-1\nrevision = '6f0c'  # ä\ndown_revision = '5f0c'\n",
    "Windows": "revision = '6f0c'\r\ndown_revision = '5f0c'\r\n",
    "a dependency": (
        "revision = '6f0c'\ndown_revision = '5f0c'\ndepends_on = ('4f0c',)\n"
    ),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_migration_is_followed_like_any_other(odd):
    content = odd.encode("latin-1" if "latin-1" in odd else "utf-8")
    own = {**files(first=text("5f0c")), "versions/odd.py": File(content)}
    assert chain(added(tree(text("users")), own)) == ["first", "odd", "users"]


UNREADABLE = {
    "computed": "revision = '6f0c'\ndown_revision = latest()\n",
    "unpacked": "revision, down_revision = '6f0c', '5f0c'\n",
    "circular": "a = b\nb = a\nrevision = '6f0c'\ndown_revision = a\n",
    "in a branch": "revision = '6f0c'\nif PROD:\n    down_revision = '5f0c'\n",
    "a conflict": "revision = '6f0c'\n<<<<<<< ours\ndown_revision = '5f0c'\n",
    "another encoding": "# coding: klingon\nrevision = down_revision = None\n",
}


@pytest.mark.parametrize("odd", UNREADABLE.values(), ids=UNREADABLE)
def test_a_migration_of_which_the_place_is_not_known_is_refused(odd):
    with pytest.raises(UnreadableMigration, match=r"^versions/odd\.py is a migration"):
        added(tree(text("users")), files(first=text("5f0c"), odd=odd))


def test_a_file_beside_the_migrations_is_none():
    assert script_of("script.py.mako", b"down_revision = ${down}") is None
    own = files(first=text("5f0c"), __init__="", tools="def down_revision(): ...\n")
    new = added(tree(text("users")), own)
    assert [s.path for s in scripts_in(new)] == [
        "versions/first.py",
        "versions/users.py",
    ]


def test_two_migrations_of_one_id_are_refused():
    own = files(a=text("a1"), copy=text("a1", "b1"), b=text("b1"))
    with pytest.raises(OneIdTwice, match=r"versions/a\.py and versions/copy\.py"):
        added(tree(text("users")), own)


def test_migrations_in_a_circle_are_refused():
    with pytest.raises(NoHead):
        added(tree(text("users")), files(a=text("a1", "b1"), b=text("b1", "a1")))


def owned(project: Files, *missing: str) -> set[str]:
    templates = templates_in(tree(text("users")))
    return {*own_migrations(project, "salt", templates, (), missing)}


def test_a_folder_is_ours_whose_environment_is_even_where_no_module_has_tables():
    project = {f"{where}/versions/a.py": File(text("a1").encode()) for where in "xy"}
    assert versions_in({"x/script.py.mako": None, "x/env.py": None}) == {"x/versions"}
    assert {*own_migrations(project, "salt", (), {"x/versions"}, ())} == {
        "x/versions/a.py"
    }


def test_the_migrations_of_another_database_are_none_of_a_modules_business():
    other = {"billing/versions/a.py": File(text("a1").encode())}
    broken = {"old/versions/x.py": File(b"down_revision = (")}
    assert owned({**files(b=text("b1")), **other, **broken}) == {"versions/b.py"}
    assert owned({**other, **broken}) == set()


def test_those_that_hang_together_with_them_are_its_business_wherever_they_lie():
    far = {
        "more/versions/c.py": File(text("c1", "b1").encode()),
        "more/versions/2026/d.py": File(text("d1", "c1").encode()),
    }
    project = {**files(b=text("b1")), **far}
    assert owned(project) == project.keys()


def test_a_modules_own_are_known_where_the_user_has_moved_them():
    (users,) = added(tree(text("users")), {}).values()
    moved = {
        "alembic/versions/users.py": users,
        "alembic/versions/own.py": File(b"revision = 'x'\ndown_revision = None\n"),
    }
    other = {"billing/versions/a.py": File(text("a1").encode())}
    assert owned({**moved, **other}) == moved.keys()


def test_all_are_its_business_when_the_environment_is_no_longer_in_its_place():
    project = {"alembic/versions/a.py": File(text("a1").encode())}
    assert owned(project, "env.py") == project.keys()
    assert owned(project) == set()


def test_a_new_migration_goes_where_the_user_has_moved_the_others():
    (users,) = added(tree(text("users")), {}).values()
    both = tree(text("users"), text("keys", "users"))
    moved = {"alembic/versions/users.py": users}
    assert set(added(both, moved, ("users",))) == {
        "alembic/versions/users.py",
        "alembic/versions/keys.py",
    }
    beside = {**moved, **files(own=text("5f0c", scripts_in(moved)[0].revision))}
    assert "versions/keys.py" in added(both, beside, ("users",))
