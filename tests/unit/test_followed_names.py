"""Whether the user renames something before or after fastgen changes the project, the
result is the same."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from fastgen.merge.python.toplevel import name_of
from fastgen.merge.scopes.imports import first_party_imports
from fastgen.resources.grammar import parse_fields
from fastgen.spec.resource_edits import with_fields, with_resource
from fastgen.spec.side import Side
from fastgen.tree import File
from tests.kit import World, adding, world

Edit = Callable[[World], World]
PACKAGE = "src/myapi/"


_OTHER_MEANINGS = {"Text", "engine", "read", "router", "show"}
"""Names that mean other things elsewhere, so that a search for the word renames too
much."""


@cache
def start() -> World:
    """A project with the resource Product."""
    return world("database").after(
        lambda side: with_resource(side, "Product", parse_fields(["title:str"]))
    )


def changing(before: World, *modules: str) -> World:
    """Fastgen's change: a field, a resource that refers to Product, and modules."""

    def edit(side: Side) -> Side:
        side = with_fields(side, "Product", parse_fields(["stock:int:default=0"]))
        fields = parse_fields(["body:text", "product:ref:Product"])
        return adding(*modules)(with_resource(side, "Review", fields))

    return before.after(edit)


@cache
def changed(*modules: str) -> World:
    return changing(start(), *modules)


def modules_of(before: World) -> list[str]:
    """The modules and packages in the package."""
    paths = (p.removeprefix("src/") for p in before.files if p.startswith(PACKAGE))
    stems = [
        p.removesuffix(".py").removesuffix("/__init__") for p in paths if ".py" in p
    ]
    names = [s.replace("/", ".") for s in stems if "/" in s and "migrations" not in s]
    return [name for name in names if name != "myapi.db.engine"]  # imported with `as`


def definitions_of(before: World) -> list[str]:
    """The names that one module of the package defines and others import."""
    imported: set[str] = set()
    defined: Counter[str] = Counter()
    for path, file in before.files.items():
        if path.endswith(".py"):
            tree = ast.parse(file.content)
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and "myapi" in (node.module or ""):
                    imported |= {alias.name for alias in node.names}
            defined.update(filter(None, map(name_of, tree.body)))
    return sorted(n for n in imported - _OTHER_MEANINGS if defined[n] == 1)[::3]


def moving(module: str, new: str) -> Edit:
    """The user's edit that gives a module or package another dotted name."""
    old_path, new_path = (f"src/{name.replace('.', '/')}" for name in (module, new))
    parent, _, last = module.rpartition(".")
    new_parent, _, new_last = new.rpartition(".")
    dotted = re.compile(rf"(?<![\w.]){re.escape(module)}(?![\w/])(?!\"\))")
    members = re.compile(rf"^from {re.escape(parent)} import (\w+(?:, \w+)*)$", re.M)

    def import_of(found: re.Match[str]) -> str:
        names = found[1].split(", ")
        if last not in names:
            return found[0]
        names.remove(last)
        others = [f"from {parent} import {', '.join(names)}"] if names else []
        return "\n".join([*others, f"from {new_parent} import {new_last}"])

    def edit(before: World) -> World:
        files = {}
        for path, file in before.files.items():
            for end in (".py", "/"):
                if path.startswith(old_path + end):
                    path = new_path + path.removeprefix(old_path)
            if path.endswith((".py", "pyproject.toml")):
                text = dotted.sub(new, file.content.decode())
                alone = members.sub(import_of, text)
                if alone != text and new_last != last:
                    alone = re.sub(rf"(?<![\w.\"'/]){last}(?=\.)", new_last, alone)
                file = replace(file, content=alone.encode())
            files[path] = file
        package = f"src/{new_parent.replace('.', '/')}/__init__.py"
        return replace(before, files={package: File(b""), **files})

    return edit


def renaming(old: str, new: str) -> Edit:
    """The user's edit that gives a definition another name."""
    word = re.compile(rf"(?<![\w.\"']){old}\b|(?<=health\.|ervice\.|ueries\.){old}\b")

    def edit(before: World) -> World:
        files = {
            path: replace(file, content=word.sub(new, file.content.decode()).encode())
            if path.endswith(".py")
            else file
            for path, file in before.files.items()
        }
        return replace(before, files=files)

    return edit


def meaning(text: str) -> list[object]:
    """The imports of a module, whatever their order, and its other statements."""
    imports: set[tuple[str, str, str | None]] = set()
    rest: list[object] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            imports |= {(origin, alias.name, alias.asname) for alias in node.names}
        elif isinstance(node, ast.Import):
            imports |= {("", alias.name, alias.asname) for alias in node.names}
        elif name_of(node) == "__all__":
            rest.append(sorted(ast.dump(each) for each in ast.walk(node)))
        else:
            rest.append(ast.dump(node))
    return [imports, *rest]


def differences(one: World, other: World) -> list[str]:
    paths = {p for p in one.files.keys() | other.files.keys() if p.endswith(".py")}
    assert one.files.keys() == other.files.keys()
    return sorted(
        path
        for path in paths
        if one.files.get(path) != other.files.get(path)
        and meaning(one.text(path)) != meaning(other.text(path))
    )


def broken_imports(after: World) -> Iterator[str]:
    code = {p: f.content for p, f in after.files.items() if p.endswith(".py")}
    for path, content in code.items():
        for found in first_party_imports(content, path, "myapi"):
            if found.fails_in(code):
                yield f"{path}:{found.line} {found.name}"


def check(edit: Edit, *modules: str) -> None:
    before = edit(start())
    after = changing(before, *modules)
    assert after.plan.conflicts == ()
    assert [*broken_imports(after)] == []
    assert differences(after, edit(changed(*modules))) == []


@pytest.mark.parametrize("module", modules_of(start())[1::2])
def test_a_module_is_followed_to_another_package(module):
    check(moving(module, module.replace("myapi", "myapi.inner")))


@pytest.mark.parametrize("module", modules_of(start())[::4])
def test_a_module_is_followed_to_another_name(module):
    check(moving(module, f"{module}_renamed"))


@pytest.mark.parametrize("name", definitions_of(start()))
def test_a_definition_is_followed_to_another_name(name):
    check(renaming(name, f"{name}_renamed"))


@pytest.mark.parametrize("module", ["myapi.health", "myapi.db", "myapi.settings"])
def test_a_module_is_followed_when_fastgen_adds_many_files(module):
    check(moving(module, module.replace("myapi", "myapi.inner")), "auth", "admin")


@pytest.mark.parametrize(
    "name", ["Settings", "add_error_handlers", "SessionDep", "Base"]
)
def test_a_definition_is_followed_when_fastgen_adds_many_files(name):
    check(renaming(name, f"{name}_renamed"), "auth", "admin")
