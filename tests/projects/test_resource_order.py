"""In which order a project gets its resources, modules and options never shows in it,
but in the chain of its migrations."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from .commands import fastgen
from .generated import Generated

Step = Sequence[str]

AUTHOR: Step = (
    "generate",
    "resource",
    "Author",
    "name:str:unique",
    "born:date:optional",
)
BOOK: Step = (
    *("generate", "resource", "Book", "title:str:index", "price:decimal:6:2"),
    "author:ref:Author:cascade",
)
TAG: Step = (
    "generate",
    "resource",
    "Tag",
    "label:email:unique",
    "parent:ref:Tag:optional",
)
CI: Step = ("add", "ci")
SQLMODEL: Step = ("set", "database.orm=sqlmodel")
POSTGRES: Step = ("set", "database.engine=postgres")
ADMIN: Step = ("add", "admin")


def made_by(folder: Path, *steps: Step) -> Generated:
    folder.mkdir(parents=True, exist_ok=True)
    fastgen("new", "shop", "--no-install", "--no-git", folder=folder)
    project = Generated(folder / "shop")
    for step in steps:
        fastgen(*step, "--no-install", folder=project.root)
    return project


def files(project: Generated) -> Mapping[str, bytes]:
    """But for migrations, and for what is random."""
    return {
        path: content
        for path, content in project.files().items()
        if "/versions/" not in path and path != ".env" and path != "fastgen.toml"
    } | {"fastgen.toml": without_salt(project)}


def without_salt(project: Generated) -> bytes:
    lines = (project.root / "fastgen.toml").read_bytes().splitlines()
    return b"\n".join(line for line in lines if not line.startswith(b"salt"))


@pytest.mark.slow
@pytest.mark.matrix
def test_the_order_of_resources_modules_and_options_never_shows(tmp_path: Path) -> None:
    """A resource that comes before the logins is open, so it is said to be so."""
    orders: list[tuple[Step, ...]] = [
        (AUTHOR, BOOK, TAG, CI, SQLMODEL, POSTGRES, ADMIN),
        (TAG, POSTGRES, AUTHOR, CI, BOOK, SQLMODEL, ADMIN),
        (CI, AUTHOR, SQLMODEL, TAG, POSTGRES, BOOK, ADMIN),
    ]
    one, *others = (
        files(made_by(tmp_path / str(n), *order)) for n, order in enumerate(orders)
    )
    for other in others:
        assert other.keys() == one.keys()
        assert [path for path in one if one[path] != other[path]] == []


@pytest.mark.slow
def test_what_is_taken_away_leaves_the_bytes_that_were_there(tmp_path: Path) -> None:
    project = made_by(tmp_path, AUTHOR, TAG)
    states = [files(project)]
    ways: list[tuple[Step, Step]] = [
        (BOOK, ("remove", "resource", "Book", "--drop-tables")),
        (
            ("generate", "field", "Author", "site:url:optional", "meta:json:optional"),
            ("remove", "field", "Author", "site", "meta"),
        ),
        (SQLMODEL, ("set", "database.orm=sqlalchemy")),
        (POSTGRES, ("set", "database.engine=sqlite")),
        (ADMIN, ("remove", "admin", "auth", "mail", "--drop-tables")),
    ]
    for there, back in ways:
        fastgen(*there, "--no-install", folder=project.root)
        states.append(files(project))
        assert states[-1] != states[0], there
        fastgen(*back, "--no-install", folder=project.root)
        after = files(project)
        changed = {
            path
            for path in {*after, *states[0]}
            if after.get(path) != states[0].get(path)
        }
        assert not changed, (back, changed)
