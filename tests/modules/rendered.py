"""What modules render in the projects of the matrix, without a project on the disk."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from fastgen.catalog.sources import load_catalog
from fastgen.render.render import rendered_tree
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec
from tests.projects.commands import run
from tests.projects.matrix import Row, rows

Texts = Mapping[str, str]
"""The files of a project that are text, by path."""


_RENDERED: dict[str, Texts] = {}


def texts_of(row: Row) -> Texts:
    """The files of a project of the matrix; rendered once."""
    if str(row) not in _RENDERED:
        _RENDERED[str(row)] = rendered(row.spec)
    return _RENDERED[str(row)]


def rendered_rows() -> list[Texts]:
    """The files of each project of the matrix."""
    return [texts_of(row) for row in rows()]


def rendered(spec: Spec) -> Texts:
    tree = rendered_tree(Side(spec, load_catalog()))
    return {
        path: entry.content.decode(errors="replace") for path, entry in tree.items()
    }


def write_all(paths: Iterable[str], folder: Path) -> Mapping[str, list[Path]]:
    """The files at `paths` of all projects, each project in a folder of its own."""
    written: dict[str, list[Path]] = {path: [] for path in paths}
    for number, texts in enumerate(rendered_rows()):
        for path in written:
            if path in texts:
                file = folder / str(number) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(texts[path])
                written[path].append(file)
    return written


def check_schemas(schemas: Mapping[str, str], folder: Path) -> None:
    """Fail unless the files of all projects follow the schema that check-jsonschema
    has for their path."""
    for path, files in write_all(schemas, folder).items():
        assert files, f"no project has {path}"
        schema = ("--builtin-schema", f"vendor.{schemas[path]}")
        run([program("check-jsonschema"), *schema, *files], folder)


def check_security(path: str, folder: Path) -> None:
    """Fail if zizmor finds something in `path` of any project: actions that are not
    pinned, permissions, credentials, updates without delay."""
    files = write_all([path], folder)[path]
    command = [program("zizmor"), "--offline", "--no-progress", "."]
    report = run(command, folder)
    assert "No findings to report" in report
    assert report.count(path) == len(files) > 0


def program(name: str) -> Path:
    """A program of fastgen's own environment."""
    return Path(sys.executable).with_name(name)
