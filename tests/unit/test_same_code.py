"""Which edits of a file change no code."""

import pytest

from fastgen.merge.decision import Case, decided
from fastgen.merge.same_code import added_comments
from fastgen.tree import Entry, File, Policy

PYTHON = '''"""Doc."""
import os
from json import dumps, loads


def f(a: int) -> str:
    """What it does."""
    return dumps(a) + os.sep


class A:
    x: int = 1
'''

SAME = {
    "a comment": (PYTHON.replace("    return", "    # mine\n    return"), ("# mine",)),
    "a comment behind code": (PYTHON.replace("os.sep", "os.sep  # mine"), ("# mine",)),
    "a docstring": (PYTHON.replace("What it does", "Ours"), ("'Ours.'",)),
    "a new docstring": (
        PYTHON.replace("class A:\n", 'class A:\n    """Ours."""\n\n'),
        ("'Ours.'",),
    ),
    "no docstring": (PYTHON.replace('"""Doc."""\n', ""), ()),
    "no docstrings": (PYTHON.replace('    """What it does."""\n', ""), ()),
    "blank lines": (PYTHON.replace("\n\n", "\n\n\n\n"), ()),
    "other quotes": (PYTHON.replace("1", "(\n        1\n    )"), ()),
    "line ends": (PYTHON.replace("\n", "\r\n"), ()),
    "order of definitions": (
        """class A:
    x: int = 1


import os
from json import dumps, loads


def f(a: int) -> str:
    return dumps(a) + os.sep
""",
        (),
    ),
    "order of imports": (
        PYTHON.replace(
            "import os\nfrom json import dumps, loads",
            "from json import loads\nfrom json import (\n    dumps,\n)\nimport os",
        ),
        (),
    ),
}


@pytest.mark.parametrize(("text", "comments"), SAME.values(), ids=SAME)
def test_python_that_differs_in_no_code(text: str, comments: tuple[str, ...]) -> None:
    assert added_comments("a.py", PYTHON.encode(), text.encode()) == comments


ORDERED = """from shop.auth.roles import Role
from shop.db.base import Record

EXAMPLE = {"title": "Espresso", "role": "admin"}
NOTHING: dict[str, str] = {}


class Product(Record):
    title: str = field(unique=True, max_length=120)
    role: Role = Role.USER

    @pytest.mark.parametrize("name", ["title", "role"])
    def is_new(self) -> bool:
        return True
"""

REORDERED = """from ..auth.roles import Role

NOTHING: dict[str, str] = {}
EXAMPLE = {"role": "admin", "title": "Espresso"}

from ..db.base import Record


class Product(Record):
    @pytest.mark.parametrize("name", ["role", "title"])
    def is_new(self) -> bool:
        return True

    role: Role = Role.USER
    title: str = field(max_length=120, unique=True)
"""


def test_the_order_of_fields_and_a_relative_import_are_no_code() -> None:
    path = "src/shop/products/models.py"
    assert added_comments(path, ORDERED.encode(), REORDERED.encode()) == ()


def test_statements_of_a_function_in_another_order_are_code() -> None:
    base = b"def f():\n    first()\n    second()\n"
    user = b"def f():\n    second()\n    first()\n"
    assert added_comments("a.py", base, user) is None


OTHER = [
    PYTHON + "x = 1\n",
    PYTHON.replace("os.sep", "os.linesep"),
    PYTHON.replace("import os\n", "import os\nimport re\n"),
    PYTHON.replace(", loads", ""),
    PYTHON.replace("int = 1", "int = 2"),
    PYTHON.replace("    return dumps(a) + os.sep\n", ""),
    PYTHON.replace("def f", "async def f"),
    PYTHON + "def (:\n",
]


@pytest.mark.parametrize("text", OTHER)
def test_python_that_differs_in_code(text: str) -> None:
    assert added_comments("a.py", PYTHON.encode(), text.encode()) is None


@pytest.mark.parametrize(
    ("path", "base", "text", "comments"),
    [
        ("compose.yaml", "a:\n  b: 1\n", "# mine\na:\n\n  b: 1  # x\n", 2),
        ("compose.yaml", "a:\n  b: 1\n", "a:\nb: 1\n", None),
        ("compose.yaml", "a: 'x # y'\n", "a: 'x # z'\n", None),
        ("ruff.toml", "a = 1\n", "a = 1 # mine\n", 1),
        ("ruff.toml", "a = '#1'\n", "a = '#2'\n", None),
        ("Dockerfile", "FROM a\nRUN b\n", "# mine\nFROM a\n\nRUN b\n", 1),
        ("Dockerfile", "FROM a\nRUN b\n", "FROM a\nRUN b\nLABEL c=d\n", None),
        (".dockerignore", "a\n", "# mine\na\n", 1),
        ("a.json", '{"a": [1, 2]}', '{\n  "a": [1,\n2]}\n', 0),
        ("a.json", '{"a": 1}', '{"a": 2}', None),
        ("a.md", "# A\n\nb\n", "# A\n\n\nb  \n", 0),
        ("a.md", "b\n", "# mine\nb\n", None),
        ("a.html", "<p>a</p>\n", "\n<p>a</p>\n", 0),
        ("a.html", "<p>a</p>\n", "<p>b</p>\n", None),
        ("a.png", "\udcff", "\udcfe", None),
    ],
)
def test_other_files(path: str, base: str, text: str, comments: int | None) -> None:
    sides = [side.encode(errors="surrogateescape") for side in (base, text)]
    found = added_comments(path, *sides)
    assert (None if found is None else len(found)) == comments


@pytest.mark.parametrize(
    ("text", "conflicts"),
    [(PYTHON, 0), (f"# mine\n{PYTHON}", 0), (PYTHON + "x = 1", 1)],
)
def test_a_migration_that_was_kept_is_taken_into_use_again(text, conflicts) -> None:
    entry = Entry(PYTHON.encode(), "alpha", Policy.JOURNAL)
    decision = decided(Case("versions/a.py", None, entry, File(text.encode())))
    assert decision.change is None or conflicts
    assert len(decision.conflicts) == conflicts
