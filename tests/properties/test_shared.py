"""Laws of what is left undone: files that base and next share are not formatted, and
files that a plan cannot break are not parsed."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fastgen.merge.gate.gate import code_of
from fastgen.merge.gate.missing import missing_imports
from fastgen.merge.lazy_formatting import formatted_pair
from fastgen.merge.plan import merged
from fastgen.merge.scopes.imports import first_party_imports, source_folder
from fastgen.merge.user_style import in_user_style
from fastgen.plan import Action, Change, Plan
from fastgen.render.render import rendered_tree
from fastgen.spec.side import Side
from fastgen.tools.ruff import formatted
from fastgen.tree import Entry, File, Files, Tree
from tests.kit import catalog, files_of, followed
from tests.properties.test_resources import specs

PATHS = (
    *("a.py", "zed.py", "tests/a.py", "tests/zed/__init__.py", "tests/zed/q.py"),
    *("src/__init__.py", "src/shop/__init__.py", "src/shop/a.py", "src/shop/zed.py"),
    *("src/shop/b.py", "src/shop/b/__init__.py", "src/shop/b/c.py", "src/lib/c/d.py"),
)
LINES = (
    *("import zed", "import a, shop.b.c as d", "import fastapi", "import shop"),
    *("from zed import q", "from zed.q import x", "from shop import a", "import lib.c"),
    *("from shop.b import c as e, x", "from shop.b.c import x", "from shop import b"),
    *("from . import a", "from .b import c", "from ..zed import x", "from c import d"),
    *("if x:\n    import shop.a, zed", "def x():\n    from lib.c import d", "x = 1"),
)
RUFF = "[tool.ruff]\nline-length = {width}\n{sources}"
Code = dict[str, bytes]
SOURCES = ("", 'src = ["src", "tests"]', 'src = ["."]', 'src = ["src/shop"]')


@st.composite
def codes(draw: st.DrawFn) -> dict[str, bytes]:
    """Some Python files that import one another, or nothing that is there."""
    paths = draw(st.lists(st.sampled_from(PATHS), unique=True, min_size=1))
    texts = st.lists(st.sampled_from(LINES), unique=True, max_size=5).map("\n".join)
    return {path: draw(texts).encode() + b"\n" for path in paths}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Code, Code]:
    """Two of them that have most files in common."""
    before = draw(codes())
    gone = draw(st.sets(st.sampled_from(sorted(before)), max_size=3))
    after = {path: text for path, text in before.items() if path not in gone}
    return before, {**after, **draw(st.one_of(st.just({}), codes()))}


def tree_of_code(code: Code, sources: str, width: int = 88) -> Tree:
    pyproject = RUFF.format(width=width, sources=sources).encode()
    contents = {"pyproject.toml": pyproject, **code}
    return {path: Entry(content, "core") for path, content in contents.items()}


def contents(tree: Tree) -> dict[str, bytes]:
    return {path: entry.content for path, entry in tree.items()}


@given(
    pairs(),
    st.sampled_from(SOURCES),
    st.sampled_from([88, 120]),
    st.sets(st.sampled_from(PATHS), max_size=3),
)
@settings(max_examples=100, deadline=None)
def test_a_file_that_both_sides_share_gets_the_bytes_it_would_have_had(
    pair: tuple[Code, Code], sources: str, width: int, wanted: set[str]
) -> None:
    base, next_ = tree_of_code(pair[0], sources), tree_of_code(pair[1], sources, width)
    lazy, eager = formatted_pair(base, next_, wanted), formatted((base, next_))
    assert [*map(contents, lazy)] == [*map(contents, eager)]


@given(codes(), st.sampled_from(SOURCES), st.sets(st.sampled_from(PATHS)))
@example(
    {"src/shop/__init__.py": b"", "src/shop/a.py": b"import fastapi\nimport shop.x\n"},
    'src = ["tests"]',
    {"src/shop/a.py"},
)
@settings(max_examples=100, deadline=None)
def test_a_file_is_formatted_alone_as_it_is_among_all(
    code: Code, sources: str, paths: set[str]
) -> None:
    tree = tree_of_code(code, sources)
    (among_all,), (alone,) = formatted([tree]), formatted([tree], paths=paths)
    assert contents(alone) == {
        path: (among_all if path in paths else tree)[path].content for path in tree
    }


@st.composite
def edits(draw: st.DrawFn, files: Files) -> Files:
    """`files` with some of them deleted, moved or added to, or all in another width."""
    edited = dict(files)
    for path in draw(st.lists(st.sampled_from(sorted(files)), max_size=4)):
        file = edited.pop(path, None)
        match draw(st.sampled_from(["delete", "move", "add"])):
            case "move" if file:
                edited[path.replace("/", "/old_", 1)] = file
            case "add" if file:
                edited[path] = replace(file, content=file.content + b"# mine\n")
    if draw(st.booleans()) and "pyproject.toml" in edited:
        old = edited["pyproject.toml"].content
        wide = old.replace(b"line-length = 88", b"line-length = 120")
        edited["pyproject.toml"] = File(wide)
    return edited


@given(st.data(), specs(), specs())
@settings(max_examples=15, deadline=None)
def test_the_plan_is_the_one_of_both_sides_formatted_as_a_whole(
    data: st.DataObject, old, new
) -> None:
    trees = [rendered_tree(Side(spec, catalog())) for spec in (old, new)]
    base, next_ = formatted(trees)
    user = data.draw(edits(files_of(base)))
    lazy = in_user_style(*formatted_pair(*trees), user)
    eager = in_user_style(base, next_, user)
    moves = followed(*eager, user)
    assert merged(*lazy, user, moves) == merged(*eager, user, moves)


@given(pairs())
@example(
    (
        {"src/shop/__init__.py": b"x = 1\n", "src/shop/a.py": b"from . import x\n"},
        {"src/shop/__init__.py": b"\n", "src/shop/a.py": b"from . import x\n"},
    )
)
@example(
    (
        {"src/shop/a.py": b"", "src/shop/b.py": b"import shop.a\n"},
        {"src/shop/b.py": b"import shop.a\n"},
    )
)
@example(
    (
        {"mine.py": b"import a\nimport shop.b\n", "a.py": b""},
        {"mine.py": b"import shop.b\n", "a.py": b""},
    )
)
@settings(max_examples=200, deadline=None)
def test_the_gate_finds_every_import_that_breaks(pair: tuple[Code, Code]) -> None:
    before, after = pair
    plan = plan_between(before, after)
    missing = missing_imports(plan, "shop", code_of(plan, files(before)))
    sources = source_folder("shop", before)
    broken = {
        (path, found.line)
        for path, content in after.items()
        for found in first_party_imports(content, path, "shop", sources)
        if found.fails_in(after)
        and not (found.fails_in(before) and imports(before, path, found.name))
    }
    found = {(m.found.path, m.found.line) for m in missing if "shop" in m.cause}
    assert found == broken


def imports(code: Code, path: str, name: str) -> bool:
    """Whether the file at `path` imports the module or attribute `name`."""
    if path not in code:
        return False
    sources = source_folder("shop", code)
    found = first_party_imports(code[path], path, "shop", sources)
    return name in {each.name for each in found}


def plan_between(before: Code, after: Code) -> Plan:
    old, new = files(before), files(after)
    return Plan(
        tuple(
            Change(path, Action.UPDATE, "core", old.get(path), new.get(path))
            for path in sorted(old.keys() | new.keys())
            if old.get(path) != new.get(path)
        )
    )


def files(code: Code) -> dict[str, File]:
    return {path: File(content) for path, content in code.items()}
