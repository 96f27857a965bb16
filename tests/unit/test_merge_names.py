"""A name that the user and fastgen both give is never taken by the last one."""

import pytest

from fastgen.merge.python.name_clashes import names_given_twice

BASE = """\
from web import App

def make(settings):
    app = App(settings)
    return app

class Settings:
    size: int = 1
"""


def changed(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        text = text.replace(old, new)
    return text


NEXT = changed(
    ("import App", "import App, Router\nfrom shop import pages"),
    ("    return app", "    api = Router()\n    api.add(pages)\n    return app"),
    ("    size", "    pages: int = 3\n    size"),
)

TAKEN = {
    "a variable": (("def make", "pages = 3\n\ndef make"), "pages"),
    "a function": (("def make", "def pages(): ...\n\ndef make"), "pages"),
    "another import": (("def make", "from mine import pages\n\ndef make"), "pages"),
    "a local": (("    return", "    api = 3\n    return"), "def make > api"),
    "a local before its import": (
        ("    return", "    pages = 3\n    return"),
        "def make > pages",
    ),
    "a global read there": (
        ("    return", "    use(api)\n    return"),
        "def make > api",
    ),
    "a field": (
        ("    size", "    pages: str = ''\n    size"),
        "class Settings > pages",
    ),
}


@pytest.mark.parametrize(("change", "where"), TAKEN.values(), ids=TAKEN)
def test_a_name_with_two_meanings_is_a_clash(change, where):
    (clash,) = names_given_twice(BASE, NEXT, changed(change)).clashes
    assert clash.where == where
    assert clash.reason.endswith("rename yours")


FREE = {
    "the same import": ("import App", "import App, Router"),
    "the same statement": ("    return", "    api = Router()\n    return"),
    "a name in another scope": ("class", "def other():\n    api = 1\n\nclass"),
    "one of a comprehension": ("    return", "    all(api for api in app)\n    return"),
    "the base's own": ("size: int = 1", "size: int = 2"),
}


@pytest.mark.parametrize("change", FREE.values(), ids=FREE)
def test_other_names_are_none(change):
    assert names_given_twice(BASE, NEXT, changed(change)).clashes == ()


def test_lists_of_one_name_are_merged_by_their_elements():
    lists = ('plugins = ["a"]\n', 'plugins = ["b"]\n')
    given = names_given_twice("", *lists)
    assert given.clashes == ()
    assert given.alike
