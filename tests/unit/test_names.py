import pytest

from fastgen.errors import WrongUsage
from fastgen.names import check_name, nearest_name, package_of

REFUSED = {
    "": "needs a name",
    "   ": "needs a name",
    "my api": "fastgen new my-api",
    "123x": "fastgen new api-123x",
    "naïve": "fastgen new naive",
    "-x": "fastgen new x",
    "x-": "fastgen new x",
    "日本": "fastgen new my-api",
    "class": "keyword of Python",
    "python": "libraries and tools",
    "fastapi": "libraries and tools",
    "json": "standard library",
    "test": "libraries and tools",
    "Tests": "libraries and tools",
    "con": "device name",
    "COM1": "device name",
    "shop/api": "--output shop",
    "../x": "--output ..",
    "a\\b": "--output a",
    "x" * 51: "at most 50",
    "x\ny": "ASCII letters",
    "x;rm -rf": "ASCII letters",
    "$(id)": "fastgen new id",
}


@pytest.mark.parametrize("name", REFUSED, ids=repr)
def test_a_name_that_would_not_work_is_refused_with_the_way_out(name):
    with pytest.raises(WrongUsage) as refusal:
        check_name(name)
    assert REFUSED[name] in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "package"),
    [("my-api", "my_api"), ("My.API", "my_api"), ("shop", "shop"), ("a1", "a1")],
)
def test_a_valid_name_has_an_importable_package(name, package):
    check_name(name)
    assert package_of(name) == package
    assert package.isidentifier()


@pytest.mark.parametrize("name", [n for n in REFUSED if n.strip() and len(n) < 51])
def test_the_name_that_is_offered_instead_is_valid(name):
    check_name(nearest_name(name))
