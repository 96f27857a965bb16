"""Files, folders and definitions that are moved; whatever imports them follows."""

import ast
import re

from .editing import Editing, project_edit
from .source import (
    Block,
    after_imports,
    end_line,
    first_line,
    lines_of,
    parsed,
    source_of,
    with_lines,
)

GROUP = "moves"


def _imports_follow(editing: Editing, old: str, new: str) -> None:
    """Write the dotted name `new` for `old` in all Python files."""
    if "." in old:
        word = re.compile(rf"(?<![\w.]){re.escape(old)}(?!\w)")
    else:  # the package, whose name may be a word in any text
        word = re.compile(
            rf"(?<=from ){old}(?!\w)|(?<=import ){old}(?!\w)|(?<=\"){old}(?=\.)"
        )
    for path in editing.paths(r"\.(py|toml|ini|mako|yaml|yml)$|Makefile$|Dockerfile$"):
        text = editing.read(path)
        changed = text
        if path.endswith(".py"):
            changed = _split_names(word.sub(new, text), old, new)
        elif "." in old:
            changed = word.sub(new, text)
        if changed != text:
            editing.write(path, changed)


def _split_names(text: str, old: str, new: str) -> str:
    """`from shop import errors` becomes `from shop.core import errors`."""
    package, _, name = old.rpartition(".")
    target, _, other = new.rpartition(".")
    if not package or (package == target and name == other):
        return text
    tree = parsed(text)
    for node in reversed(tree.body if tree else []):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            names = [source_of(text, a) for a in node.names if a.name != name]
            mine = [a for a in node.names if a.name == name]
            if not mine or "#" in source_of(text, node):
                continue
            alias = mine[0].asname or name
            spelled = other if other == alias else f"{other} as {alias}"
            lines = [f"from {target} import {spelled}"]
            if names:
                lines.insert(0, f"from {package} import {', '.join(names)}")
            all_lines = lines_of(text)
            all_lines[first_line(node) : end_line(node)] = [
                f"{line}\n" for line in lines
            ]
            text = "".join(all_lines)
    return text


def _module(path: str) -> str:
    name = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return name.replace("/", ".")


@project_edit(GROUP, "a module in a new folder", rare=True)
def module_in_folder(editing: Editing) -> bool:
    package = editing.package_folder
    found = editing.paths(rf"^{package}/(?!main|__)\w+\.py$")
    found = [
        path for path in found if path.rpartition("/")[2] != "settings.py"
    ] or found
    if not found:
        return False
    path = editing.random.choice(found)
    folder = f"{package}/core{editing.number}"
    new = f"{folder}/{path.rpartition('/')[2]}"
    editing.write(f"{folder}/__init__.py", "")
    editing.move(path, new)
    _imports_follow(editing, _module(path), _module(new))
    return True


@project_edit(GROUP, "a module with another name", rare=True)
def renamed_module(editing: Editing) -> bool:
    package = editing.package_folder
    found = editing.paths(rf"^{package}/(?!main|__|.*migrations|.*__init__)[\w/]+\.py$")
    found = [path for path in found if not path.endswith(("settings.py", "/env.py"))]
    if not found:
        return False
    path = editing.random.choice(found)
    new = f"{path.removesuffix('.py')}_named{editing.number}.py"
    editing.move(path, new)
    _imports_follow(editing, _module(path), _module(new))
    return True


@project_edit(GROUP, "a folder with another name", rare=True)
def renamed_folder(editing: Editing) -> bool:
    package = editing.package_folder
    folders = {
        path.split("/")[-2] for path in editing.paths(rf"^{package}/\w+/\w+\.py$")
    }
    folders -= {"db", "versions", "migrations"}
    if not folders:
        return False
    name = editing.random.choice(sorted(folders))
    new = f"{name}_named{editing.number}"
    return _folder_moved(editing, f"{package}/{name}", f"{package}/{new}")


@project_edit(GROUP, "a folder below another one", rare=True)
def nested_folder(editing: Editing) -> bool:
    package = editing.package_folder
    folders = {
        path.split("/")[-2] for path in editing.paths(rf"^{package}/\w+/\w+\.py$")
    }
    folders -= {"db", "versions", "migrations"}
    if not folders:
        return False
    name = editing.random.choice(sorted(folders))
    parent = f"{package}/domains{editing.number}"
    editing.write(f"{parent}/__init__.py", "")
    return _folder_moved(editing, f"{package}/{name}", f"{parent}/{name}")


def _folder_moved(editing: Editing, old: str, new: str) -> bool:
    for path in editing.paths(rf"^{re.escape(old)}/"):
        editing.move(path, f"{new}{path.removeprefix(old)}")
    for place in sorted((editing.root / old).rglob("*"), reverse=True):
        place.rmdir() if place.is_dir() else place.unlink()
    (editing.root / old).rmdir()
    _imports_follow(editing, _module(old), _module(new))
    return True


@project_edit(GROUP, "a package with another name", rare=True)
def renamed_package(editing: Editing) -> bool:
    old = editing.package_folder
    if not old.startswith("src/"):
        return False
    new = f"src/{editing.package}_named{editing.number}"
    name = editing.package
    _folder_moved(editing, old, new)
    _package_named(editing, name, new.removeprefix("src/"))
    return True


def _package_named(editing: Editing, old: str, new: str, folder: str = "src") -> None:
    text = editing.read("pyproject.toml")
    text = re.sub(rf'"{old}([.:])', rf'"{new}\1', text)
    text = re.sub(rf'module-name = "{old}"', f'module-name = "{new}"', text)
    text = re.sub(rf'source = \["{old}"\]', f'source = ["{new}"]', text)
    if folder != "src":
        text = text.replace(
            f'module-name = "{new}"', f'module-name = "{new}"\nmodule-root = ""'
        )
        text = text.replace('src = ["src", "tests"]', 'src = [".", "tests"]')
    editing.write("pyproject.toml", text)


@project_edit(GROUP, "a package outside of src", rare=True)
def out_of_src(editing: Editing) -> bool:
    old = editing.package_folder
    if not old.startswith("src/"):
        return False
    name = editing.package
    for path in editing.paths(rf"^{re.escape(old)}/"):
        editing.move(path, path.removeprefix("src/"))
    for place in sorted((editing.root / "src").rglob("*"), reverse=True):
        place.rmdir() if place.is_dir() else place.unlink()
    (editing.root / "src").rmdir()
    _package_named(editing, name, name, "")
    return True


@project_edit(GROUP, "tests in a folder")
def nested_tests(editing: Editing) -> bool:
    found = editing.paths(r"^tests/test_\w+\.py$")
    if not found:
        return False
    path = editing.random.choice(found)
    editing.move(path, f"tests/unit/{path.rpartition('/')[2]}")
    return True


@project_edit(GROUP, "a function in a file of its own")
def moved_function(editing: Editing) -> bool:
    return _definition_moved(editing, ast.FunctionDef, ast.AsyncFunctionDef)


@project_edit(GROUP, "a class in a file of its own")
def moved_class(editing: Editing) -> bool:
    return _definition_moved(editing, ast.ClassDef)


def _definition_moved(editing: Editing, *kinds: type[ast.AST]) -> bool:
    """Move a definition that uses only what is imported; its old file imports it."""
    found = editing.paths(r"^src/(?!.*migrations/).*\.py$")
    for _ in range(10 if found else 0):
        path = editing.chosen(found)
        text = editing.read(path)
        tree = parsed(text)
        nodes = [
            n
            for n in (tree.body if tree else [])
            if isinstance(n, Block) and isinstance(n, kinds)
        ]
        if not nodes or "\r" in text:
            continue
        node = editing.random.choice(nodes)
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        own = set()
        for other in tree.body if tree else []:
            if isinstance(other, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                own.add(other.name)
            elif not isinstance(other, ast.Import | ast.ImportFrom):
                own |= {
                    n.id
                    for n in ast.walk(other)
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                }
        name = node.name
        if used & own or "\n" not in source_of(text, node):
            continue
        lines = lines_of(text)
        block = "".join(lines[first_line(node) : end_line(node)])
        imports = [
            source_of(text, n)
            for n in (tree.body if tree else [])
            if isinstance(n, ast.Import | ast.ImportFrom)
            and used & {a.asname or a.name.partition(".")[0] for a in n.names}
        ]
        if any(line.startswith("from .") for line in imports):
            continue
        new = f"{path.rpartition('/')[0]}/{editing.mark()}.py"
        editing.write(new, "\n".join(imports) + f"\n\n\n{block}")
        del lines[first_line(node) : end_line(node)]
        rest = with_lines(
            "".join(lines),
            after_imports("".join(lines)),
            f"from {_module(new)} import {name}  # noqa: F401",
        )
        editing.write(path, rest)
        return True
    return False


@project_edit(GROUP, "a router in a file of routers", may_conflict=True, rare=True)
def file_of_routers(editing: Editing) -> bool:
    """include_router moves out of create_app. The file is the user's, so fastgen does
    not change it when the router goes."""
    path = f"{editing.package_folder}/main.py"
    if not (editing.root / path).is_file():
        return False
    text = editing.read(path)
    lines = [
        line
        for line in lines_of(text)
        if "api.include_router(" in line and line.rstrip().endswith(")")
    ]
    imports = [
        line
        for line in lines_of(text)
        if re.match(r"from [\w.]+\.router import router as \w+\n", line)
    ]
    if not lines or not imports:
        return False
    rest = text
    for line in [*lines[1:], *imports]:
        rest = rest.replace(line, "", 1)
    rest = rest.replace(lines[0], "    add_routers(api)\n", 1)
    name = f"routers{editing.number}"
    module = f"{editing.package}.{name}"
    rest = with_lines(rest, after_imports(rest), f"from {module} import add_routers")
    body = "".join(lines)
    editing.write(
        f"{editing.package_folder}/{name}.py",
        f"from fastapi import APIRouter\n\n{''.join(imports)}\n\n"
        f"def add_routers(api: APIRouter) -> None:\n{body}",
    )
    editing.write(path, rest)
    return True
