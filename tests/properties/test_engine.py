"""Laws of the whole engine, over random specs and random edits of the user's."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fastgen.merge.gate.parse import parse_problem
from fastgen.merge.moves import Followed
from fastgen.merge.plan import merged
from fastgen.spec.generated_edits import without_generated
from fastgen.tree import SPEC_PATH
from tests.kit import (
    World,
    adding,
    applied,
    files_of,
    generating,
    removing,
    setting,
    side_with,
    tree_of,
    world,
)

NOT_MOVED = Followed()

MODULES = ["alpha", "beta", "gamma", "docker", "ci", "precommit"]
NAMES = st.sets(st.sampled_from(MODULES), max_size=4)

relaxed = settings(
    deadline=None, max_examples=50, suppress_health_check=list(HealthCheck)
)


@st.composite
def edited_worlds(
    draw: st.DrawFn, modules: list[str] | None = None
) -> tuple[World, list[str]]:
    """A project with lines of the user's at random places, and these lines."""
    project = world(*(draw(NAMES) if modules is None else modules))
    paths = sorted(p for p in project.files if p not in (SPEC_PATH, ".env.example"))
    lines = []
    for number in range(draw(st.integers(1, 6))):
        path = draw(st.sampled_from(paths))
        text = project.text(path).splitlines(keepends=True)
        place = draw(st.integers(0, len(text)))
        line = f"# mine {number}\n"
        if path.endswith((".py", ".yml", ".yaml")):
            line = _indent(text, place) + line
        text.insert(place, line)
        project = project.edited(path, "".join(text))
        lines.append(line.strip())
    return project, lines


def _indent(text: list[str], place: int) -> str:
    """The indentation of the next line, so that the comment stands where code could."""
    following = next((line for line in text[place:] if line.strip()), "")
    return following[: len(following) - len(following.lstrip())]


def has_line(project: World, line: str) -> bool:
    return any(line.encode() in file.content for file in project.files.values())


@relaxed
@given(edited_worlds(), NAMES)
def test_no_line_of_the_users_is_lost_unless_it_is_reported(edited, names):
    project, lines = edited
    after = project.after(adding(*names))
    assert all(has_line(after, line) for line in lines)
    gone = [name for name in after.spec.modules if name != "core"]
    removed = after.after(removing(*gone))
    said = "".join(finding.message for finding in removed.plan.findings)
    assert all(has_line(removed, line) or line in said for line in lines)


@st.composite
def mutilated_worlds(draw: st.DrawFn) -> World:
    """A project in which the user replaced and deleted lines, at random places."""
    project, _ = draw(edited_worlds())
    paths = sorted(p for p in project.files if p != SPEC_PATH and project.text(p))
    for number in range(draw(st.integers(1, 5))):
        path = draw(st.sampled_from(paths))
        text = project.text(path).splitlines(keepends=True)
        start = draw(st.integers(0, max(len(text) - 1, 0)))
        end = start + draw(st.integers(1, 4))
        text[start:end] = draw(st.sampled_from([[], [f"# put here {number}\n"]]))
        project = project.edited(path, "".join(text))
    return project


@settings(relaxed, max_examples=100)
@given(mutilated_worlds(), NAMES, NAMES)
def test_whatever_was_edited_is_kept_or_reported(project, more, fewer):
    gone = [name for name in project.spec.modules if name in fewer]
    gone += ["gamma"] if "alpha" in gone and "gamma" in project.spec.modules else []
    for edit in (adding(*more), removing(*gone)):
        after = project.after(edit)
        if after.plan.conflicts:
            assert after.files == project.files
            continue
        for path, file in project.files.items():
            mine = [line for line in file.content.splitlines() if b"# put here" in line]
            for line in mine:
                assert has_line(after, line.decode().strip()), path
            if (
                parse_problem(path, file.content.decode()) is None
                and path in after.files
            ):
                text = after.files[path].content.decode()
                assert parse_problem(path, text) is None, path


@relaxed
@given(edited_worlds(), NAMES)
def test_adding_and_removing_gives_the_previous_bytes(edited, names):
    project, _ = edited
    after = project.after(adding(*names))
    assume(not after.plan.conflicts)
    added = after.spec.modules.keys() - project.spec.modules.keys()
    back = after.after(removing(*added))
    assume(not back.plan.conflicts)
    journal = {"migrations/versions/alpha_things.py"}
    assert {p: f for p, f in back.files.items() if p not in journal} == {
        p: f for p, f in project.files.items() if p not in journal
    }


KINDS = st.sampled_from(["endpoint", "widget"])


@relaxed
@given(edited_worlds(), KINDS)
def test_generating_and_removing_gives_the_previous_bytes(edited, kind):
    project, _ = edited
    after = project.after(generating(kind, "GardenGnome"))
    assert not after.plan.conflicts
    added = after.spec.modules.keys() - project.spec.modules.keys()
    back = after.after(lambda side: without_generated(side, kind, ["GardenGnome"]))
    assert back.after(removing(*added)).files == project.files


@relaxed
@given(NAMES, KINDS)
def test_modules_and_what_is_generated_come_in_any_order(names, kind):
    first = world().after(adding(*names)).after(generating(kind, "Lamp"))
    then = world().after(generating(kind, "Lamp")).after(adding(*names))
    assert first.files == then.files == files_of(tree_of(first.spec))


@relaxed
@given(edited_worlds(), NAMES)
def test_only_an_edit_at_the_very_place_conflicts(edited, names):
    """Comments are insertions, and insertions never conflict."""
    project, _ = edited
    assert not project.after(adding(*names)).plan.conflicts


@relaxed
@given(edited_worlds(), NAMES)
def test_everything_still_parses(edited, names):
    project, _ = edited
    broken = {
        p for p, f in project.files.items() if parse_problem(p, f.content.decode())
    }
    after = project.after(adding(*names))
    for path, file in after.files.items():
        assert path in broken or parse_problem(path, file.content.decode()) is None


@relaxed
@given(edited_worlds(), NAMES)
def test_the_second_run_has_nothing_to_do(edited, names):
    project, _ = edited
    after = project.after(adding(*names))
    assume(not after.plan.conflicts)
    tree = tree_of(after.spec)
    assert merged(tree, tree, after.files, NOT_MOVED).writes == ()


@relaxed
@given(NAMES, NAMES, st.booleans())
def test_unedited_projects_always_become_the_fresh_ones(before, after, fancy):
    old, new = side_with(*before), side_with(*after)
    if fancy and "gamma" in new.spec.modules:
        new = setting("gamma.style=fancy")(new)
    base, next_ = tree_of(old.spec), tree_of(new.spec)
    result = applied(merged(base, next_, files_of(base), NOT_MOVED), files_of(base))
    stays = {p: f for p, f in files_of(base).items() if p.startswith("migrations/")}
    assert result == dict(sorted({**stays, **files_of(next_)}.items()))
    assert merged(base, base, files_of(base), NOT_MOVED).writes == ()
    assert merged(base, next_, files_of(next_), NOT_MOVED).writes == ()


@settings(relaxed, max_examples=15)
@given(
    edited_worlds(modules=[]),
    st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=6, max_size=6),
)
def test_modules_can_be_toggled_all_day(edited, toggles):
    project, lines = edited
    for name in toggles:
        edit = removing(name, "gamma") if name in project.spec.modules else adding(name)
        project = project.after(edit)
        assert not project.plan.conflicts
        assert all(has_line(project, line) for line in lines)
