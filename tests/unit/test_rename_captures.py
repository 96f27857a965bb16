"""A rename never joins two variables of a generated file that the user edited."""

from collections.abc import Iterator

import pytest

from fastgen.change.rename_captures import VariablesJoined, check_no_captures
from fastgen.merge.python.new_names import new_names
from fastgen.tree import Entry, File

BASE = """\
from web import Price, Text

Title = Text


class Product:
    title: Title
    price: Price


def update(product, changes):
    for field, value in changes.items():
        setattr(product, field, value)
    title = changes.title
    return product


def amount(changes, label):
    title = changes.price
    return label
"""

WORDS = {"title": "label", "Title": "Label", "product": "item"}


def check(*changes: tuple[str, str]) -> None:
    """Checks the renames `WORDS` in the file with the user's `changes`."""
    text, next_ = BASE, BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    for old, new in WORDS.items():
        next_ = next_.replace(old, new)

    def candidate(word: str) -> str:
        return WORDS.get(word, word)

    def candidates(text: str) -> Iterator[str]:
        yield text

    names = {"a.py": new_names(BASE, next_, candidate, candidates, {"title": "label"})}
    files = {"a.py": File(text.encode())}
    check_no_captures(files, {"a.py": Entry(BASE.encode(), "")}, names, {})


LOOP = (
    "    for field, value in changes.items():\n        setattr(product, field, value)\n"
)

TAKEN = {
    "the variable of a loop": (
        (LOOP, "    for item in changes.items():\n        setattr(product, *item)\n"),
        "a.py:12: the name item is yours here, and product would get",
    ),
    "the variable of a comprehension": (
        ("return product", "return [(product, item) for item in changes]"),
        "a.py:15: the name item is yours",
    ),
    "a local that is assigned": (
        ("title = changes.title", "label = 'x'\n    title = changes.title + label"),
        "a.py:14: the name label is yours here, and title would get",
    ),
    "a parameter": (("(product, changes)", "(product, changes, item)"), "a.py:11"),
    "a local in an f-string": (
        ("return product", "item = 1\n    return f'{product} {item}'"),
        "a.py:15: the name item",
    ),
    "a global that a local would hide": (
        ("title = changes", "title = label + changes"),
        "a.py:14: the name label",
    ),
    "a property": (
        ("    price: Price", "    @property\n    def label(self): ..."),
        "a.py:9: the name label",
    ),
    "an attribute of self": (
        ("    price: Price", "    def mark(self):\n        self.label = 'x'"),
        "a.py:9: the name label",
    ),
    "a class": (("class Product", "class Label: ...\n\nclass Product"), "a.py:6"),
    "an import": (("Price, Text", "Label, Price, Text"), "a.py:1: the name Label"),
}


@pytest.mark.parametrize(("change", "said"), TAKEN.values(), ids=TAKEN.keys())
def test_a_new_name_that_is_the_users_is_refused(
    change: tuple[str, str], said: str
) -> None:
    with pytest.raises(VariablesJoined, match=said):
        check(change)


FREE = {
    "nothing": ("", ""),
    "a local of another function": (
        "return label",
        "item = 1\n    return item",
    ),
    "a name that fastgen has as well": ("return label", "return [label]"),
    "a comprehension without the old name": (
        "return product",
        "first = [item for item in changes]\n    return product",
    ),
    "an attribute": (
        "return product",
        "changes.item = changes.label\n    return product",
    ),
    "a keyword": ("return product", "changes(item=1, label=2)\n    return product"),
    "a string": ("return product", "print('item label')  # item\n    return product"),
    "a function of the user's": (
        "def amount",
        "def own(product, item, label): ...\n\n\ndef amount",
    ),
    "a local beside an attribute": (
        "title = changes.title",
        "label = changes.title",
    ),
    "a class with another attribute": (
        "class Product",
        "class Own:\n    label = 1\n\n\nclass Product",
    ),
}


@pytest.mark.parametrize("change", FREE.values(), ids=FREE.keys())
def test_a_new_name_elsewhere_is_no_obstacle(change: tuple[str, str]) -> None:
    check(change)
