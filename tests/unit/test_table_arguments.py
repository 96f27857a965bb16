"""Table arguments of a model that the user and fastgen both add."""

import pytest

from fastgen.merge.text import TextMerge, Versions, text_merges

BASE = 'class Tag(Record):\n    __tablename__ = "tags"\n    name: Mapped[str]\n'
INDEX = 'Index("ix_tags_name", "name")'


def merged(versions: Versions) -> TextMerge:
    return text_merges({"src/shop/tags/models.py": versions})["src/shop/tags/models.py"]


def with_arguments(arguments: str) -> str:
    line = '__tablename__ = "tags"\n'
    return BASE.replace(line, f"{line}    __table_args__ = {arguments}\n")


@pytest.mark.parametrize(
    ("own", "both"),
    [
        ('{"comment": "é"}', f'({INDEX}, {{"comment": "é"}})'),
        ('({"comment": "mine"},)', f'({INDEX}, {{"comment": "mine"}})'),
        ("()", f"({INDEX},)"),
        ('(Index("ix", "id"),)', f'(Index("ix", "id"), {INDEX})'),
        (
            '(Index("ix", "id"), {"comment": "mine"})',
            f'(Index("ix", "id"), {INDEX}, {{"comment": "mine"}})',
        ),
    ],
)
def test_options_of_a_table_stay_behind_what_fastgen_adds(own: str, both: str):
    versions = Versions(BASE, with_arguments(f"({INDEX},)"), with_arguments(own))
    result = merged(versions)
    assert result.clashes == ()
    assert " ".join(result.text.split()).replace("( ", "(").replace(", )", ")") == (
        " ".join(with_arguments(both).split())
    )


def test_other_table_arguments_stay_as_they_are_written():
    own = with_arguments("{\n        'comment': 'mine'}")
    next_ = BASE.replace("    name", "    label: Mapped[str]\n    name")
    result = merged(Versions(BASE, next_, own))
    assert "__table_args__ = {\n        'comment': 'mine'}\n" in result.text
