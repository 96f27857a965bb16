"""Names that the user gave are followed; imports stay where they belong."""

from fastgen.merge.python import merged_python
from fastgen.merge.python.renamed import with_users_names


def test_a_local_that_the_user_renamed_is_followed():
    base = "def make():\n    app = API()\n    return app\n"
    next_ = "def make():\n    app = API()\n    app.add(b)\n    return app\n"
    user = "def make():\n    api = API()\n    log(api)\n    return api\n"
    assert with_users_names(base, next_, user) == (
        base.replace("app", "api"),
        next_.replace("app", "api"),
    )


def test_a_name_that_fastgen_takes_too_is_not_followed():
    base = "def make():\n    app = API()\n    return app\n"
    next_ = "def make():\n    app = API()\n    api = Router()\n    return app\n"
    user = base.replace("app", "api")
    assert with_users_names(base, next_, user) == (base, next_)


def test_imports_of_one_package_have_no_blank_line_between_them():
    base = "from pydantic import X\n\n\ndef f(): ...\n"
    next_ = base.replace("X\n", "X\n\nfrom shop.db import D\n")
    user = base.replace("X\n", "X\n\nfrom shop.reports import R\n")
    merged = merged_python(base, next_, user)
    assert merged.text == base.replace(
        "X\n", "X\n\nfrom shop.db import D\nfrom shop.reports import R\n"
    )
