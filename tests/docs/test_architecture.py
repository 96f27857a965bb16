"""The import order of docs/architecture.md, and rules for every file of fastgen/."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastgen.catalog.sources import load_catalog
from tests.docs.documents import ROOT

PACKAGE = ROOT / "fastgen"
FILES = sorted(PACKAGE.rglob("*.py"))

SLOW_TO_IMPORT = {
    "copier",
    "copier.errors",
    "importlib.metadata",
    "importlib.util",
    "packaging.requirements",
    "packaging.utils",
    "pluralizer",
    "pydantic_core",
    "rstr",
    "ruff",
    "yaml",
    # Parts of fastgen: Jinja comes with the first, PyYAML with the next two; and most
    # projects have neither a module from git nor resources, and have generated nothing.
    "fastgen.render.render",
    "fastgen.merge.yaml",
    "fastgen.merge.yaml.compose",
    "fastgen.catalog.facts",
    "fastgen.catalog.git_source",
    "fastgen.resources.in_spec",
    "fastgen.spec.declared",
    "fastgen.spec.generated_in_spec",
}
"""What may be imported inside a function, wherever that is."""


def import_order() -> list[list[str]]:
    """The folders of each row of the table, from the top."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    (table,) = re.findall(r"^\| folders \|.*?(?=\n\n)", text, re.M | re.S)
    rows = table.splitlines()[2:]
    return [re.findall(r"`(\w+)`", row.split("|")[1]) for row in rows]


def top_folder(module: str) -> str:
    """The folder or file of fastgen/ that a module is in; empty for the package
    itself."""
    return module.split(".")[1] if "." in module else ""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports(path: Path) -> Iterator[str]:
    """The modules of fastgen that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            names = [node.module or ""]
        yield from (n for n in names if n == "fastgen" or n.startswith("fastgen."))


def test_every_folder_is_in_the_table_once() -> None:
    folders = {top_folder(module_of(path)) for path in FILES} - {"__init__"}
    listed = [name for row in import_order() for name in row]
    assert sorted(listed) == sorted(folders)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_come_from_lower_rows(path: Path) -> None:
    row = {name: n for n, names in enumerate(import_order()) for name in names}
    here = top_folder(module_of(path))
    for module in imports(path):
        there = top_folder(module)
        if there not in ("", here):
            assert here != "__init__", f"the package itself imports {module}"
            assert row[there] > row[here], f"{module_of(path)} imports {module}"


@pytest.mark.parametrize(
    ("here", "unknown"),
    [
        ("merge", {"render", "catalog", "spec", "project", "apply"}),
        ("render", {"apply", "project", "merge", "output"}),
        ("apply", {"merge", "render", "catalog", "spec"}),
    ],
)
def test_a_folder_does_not_import(here: str, unknown: set[str]) -> None:
    known = {
        top_folder(m) for path in (PACKAGE / here).rglob("*.py") for m in imports(path)
    }
    assert not known & unknown


def folder(module: str) -> str:
    """The folder of a module, as a dotted name; a package is in itself."""
    parts = module.split(".")
    is_package = (PACKAGE.parent / Path(*parts)).is_dir()
    return ".".join(parts if is_package else parts[:-1])


def test_no_two_folders_import_each_other() -> None:
    arrows = {
        (folder(module_of(path).removesuffix(".__init__")), folder(module))
        for path in FILES
        for module in imports(path)
    }
    ground = PACKAGE.name  # the table lists its files one by one
    inner = {(a, b) for a, b in arrows if a != b and ground not in (a, b)}
    assert not {(a, b) for a, b in inner if (b, a) in inner}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_only_slow_imports_are_inside_functions(
    path: Path,
) -> None:
    if top_folder(module_of(path)) == "cli":
        return
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    inner = (n for function in functions for n in ast.walk(function))
    for node in inner:
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= SLOW_TO_IMPORT
        elif isinstance(node, ast.ImportFrom):
            assert node.module in SLOW_TO_IMPORT, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_a_test_file_in_tests_modules_is_named_after_its_module() -> None:
    files = [*(ROOT / "tests" / "modules").glob("test_*.py")]
    assert files
    modules = load_catalog().names
    for file in files:
        name = file.stem.removeprefix("test_")
        assert any(name == m or name.startswith(f"{m}_") for m in modules), file.name


def public_definitions() -> Iterator[tuple[str, str]]:
    """Each public function and class of fastgen with the module that defines it."""
    for path in FILES:
        for node in ast.parse(path.read_text()).body:
            name = getattr(node, "name", "_")  # only functions and classes have one
            if not name.startswith("_"):
                yield name, module_of(path)


def test_a_public_name_stands_for_one_thing() -> None:
    modules: dict[str, set[str]] = {}
    for name, module in public_definitions():
        modules.setdefault(name, set()).add(module)
    assert not {name: found for name, found in modules.items() if len(found) > 1}


def undescribed_fields(definition: ast.ClassDef) -> set[str]:
    """The fields of a class that are not followed by a docstring."""
    body = definition.body
    return {
        ast.unparse(field.target)
        for field, after in zip(body, [*body[1:], None], strict=True)
        if isinstance(field, ast.AnnAssign)
        and not (
            isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        )
    }


def dataclasses_of(text: str) -> Iterator[ast.ClassDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and any(
            "dataclass" in ast.unparse(decorator) for decorator in node.decorator_list
        ):
            yield node


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_dataclass_of_more_than_eight_fields_describes_each(path: Path) -> None:
    for found in dataclasses_of(path.read_text()):
        count = sum(isinstance(part, ast.AnnAssign) for part in found.body)
        if count > 8:
            assert not undescribed_fields(found), found.name
