"""Edits that reach over several files: a format, a router, a middleware, a setting."""

import re
import subprocess

from fastgen.tools.ruff import ruff_program

from .editing import Editing, inserted, project_edit, text_edit
from .source import after_imports, with_lines

GROUP = "project"


def _reformatted(editing: Editing, *replacements: tuple[str, str]) -> bool:
    path = editing.root / "pyproject.toml"
    text = editing.read("pyproject.toml")
    changed = text
    for old, new in replacements:
        changed = re.sub(old, new, changed, count=1, flags=re.MULTILINE)
    if changed == text:
        return False
    editing.write("pyproject.toml", changed)
    assert path.is_file()
    command = [ruff_program(), "format", "--no-cache", "--quiet", "src", "tests"]
    subprocess.run(command, cwd=editing.root, check=False, capture_output=True)
    return True


@project_edit(GROUP, "reformatted with longer lines", rare=True)
def longer_lines(editing: Editing) -> bool:
    return _reformatted(editing, (r"^line-length = 88$", "line-length = 120"))


@project_edit(GROUP, "reformatted with shorter lines", rare=True)
def shorter_lines(editing: Editing) -> bool:
    return _reformatted(editing, (r"^line-length = 88$", "line-length = 72"))


@project_edit(GROUP, "reformatted with single quotes", rare=True)
def single_quotes(editing: Editing) -> bool:
    return _reformatted(
        editing,
        (
            r"\A(?!.*quote-style)([\s\S]*)\Z",
            r'\1\n[tool.ruff.format]\nquote-style = "single"\n',
        ),
    )


@project_edit(GROUP, "reformatted with tabs", rare=True)
def tabs(editing: Editing) -> bool:
    return _reformatted(
        editing,
        (
            r"\A(?![\s\S]*ruff\.format)([\s\S]*)\Z",
            r'\1\n[tool.ruff.format]\nindent-style = "tab"\n',
        ),
    )


@project_edit(GROUP, "reformatted with two spaces", rare=True)
def two_spaces(editing: Editing) -> bool:
    return _reformatted(
        editing, (r"^line-length = 88$", "line-length = 100\nindent-width = 2")
    )


def _main(editing: Editing) -> str:
    return f"{editing.package_folder}/main.py"


@project_edit(GROUP, "a router of one's own")
def router(editing: Editing) -> bool:
    main = _main(editing)
    if not (editing.root / main).is_file():
        return False
    text = editing.read(main)
    place = re.search(r"^    (app|api)\.include_router\(.*\)\n", text, re.MULTILINE)
    if not place:
        return False
    name = editing.mark()
    module = f"{editing.package}.{name}"
    text = inserted(text, place.end(), f"    app.include_router({name}.router)\n")
    editing.write(
        main,
        with_lines(text, after_imports(text), f"from {editing.package} import {name}"),
    )
    assert module
    editing.write(
        f"{editing.package_folder}/{name}.py",
        "from fastapi import APIRouter\n\n"
        f'router = APIRouter(prefix="/{name}")\n\n\n@router.get("")\n'
        f'async def read_{name}() -> str:\n    return "{name}"\n',
    )
    return True


@project_edit(GROUP, "a middleware of one's own")
def middleware(editing: Editing) -> bool:
    main = _main(editing)
    if not (editing.root / main).is_file():
        return False
    text = editing.read(main)
    found = [
        *re.finditer(
            r"^    app\.add_middleware\((?:.*\)\n|\n(?: {8}.*\n)+    \)\n)",
            text,
            re.MULTILINE,
        )
    ]
    if not found:
        return False
    name = editing.mark().capitalize()
    match = editing.random.choice(found)
    place = editing.random.choice((match.start(), match.end()))
    text = f"{text[:place]}    app.add_middleware({name})\n{text[place:]}"
    module = f"timing{editing.number}"
    text = with_lines(
        text, after_imports(text), f"from {editing.package}.{module} import {name}"
    )
    editing.write(main, text)
    editing.write(
        f"{editing.package_folder}/{module}.py",
        f"class {name}:\n    def __init__(self, app: object) -> None:\n"
        "        self.app = app\n",
    )
    return True


@text_edit(GROUP, r"^src/\w+/settings\.py$", "a setting of one's own")
def setting(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^    (\w+): [\w\[\], \"]+ = .*\n",
            text.partition("class Settings")[2],
            re.MULTILINE,
        )
    ]
    if not found:
        return None
    match = editing.random.choice(found)
    line = f'    {editing.mark()}: str = "{editing.mark()}"\n'
    return text.replace(
        match[0], editing.random.choice((match[0] + line, line + match[0])), 1
    )


@text_edit(GROUP, r"^src/\w+/settings\.py$", "a group of settings of one's own")
def settings_group(text: str, editing: Editing) -> str | None:
    if "class Settings(BaseSettings):" not in text or "    log_level" not in text:
        return None
    name = editing.mark()
    group = f"class {name.capitalize()}(BaseModel):\n    limit: int = 3\n\n\n"
    text = text.replace(
        "class Settings(BaseSettings):", f"{group}class Settings(BaseSettings):", 1
    )
    return text.replace(
        "    log_level",
        f"    {name}: {name.capitalize()} = {name.capitalize()}()\n    log_level",
        1,
    )


@project_edit(GROUP, "code of one's own that uses a module", may_conflict=True)
def uses_module(editing: Editing) -> bool:
    known = {
        "db/deps.py": "from {}.db.deps import SessionDep",
        "auth/deps.py": "from {}.auth.deps import CurrentUser",
        "mail/mailer.py": "from {}.mail.mailer import Mailer",
        "pagination.py": "from {}.pagination import Page",
        "errors.py": "from {}.errors import NotFoundError",
    }
    folder, package = editing.package_folder, editing.package
    found = []
    for path, line in known.items():
        name = line.rpartition(" ")[2]
        if (editing.root / folder / path).is_file() and name in editing.read(
            f"{folder}/{path}"
        ):
            found.append(line.format(package))
    resources = editing.paths(rf"^{re.escape(folder)}/\w+/summary\.py$")
    for path in resources:
        module = path.split("/")[-2]
        models = f"{folder}/{module}/models.py"
        if (editing.root / models).is_file():
            match = re.search(
                r"^class (\w+)\(Record\b", editing.read(models), re.MULTILINE
            )
            if match:
                found.append(f"from {package}.{module}.models import {match[1]}")
    if not found:
        return False
    line = editing.random.choice(found)
    name = line.rpartition(" ")[2]
    editing.write(f"{folder}/{editing.mark()}.py", f"{line}\n\nUSED = {name}\n")
    return True


@project_edit(GROUP, "tests of one's own")
def own_tests(editing: Editing) -> bool:
    name = editing.mark()
    editing.write(
        f"tests/test_{name}.py",
        f"from {editing.package}.main import create_app\n\n\n"
        f"def test_{name}() -> None:\n    assert create_app\n",
    )
    return True


@project_edit(GROUP, "a ruff.toml of one's own", rare=True)
def ruff_toml(editing: Editing) -> bool:
    if (editing.root / "ruff.toml").exists():
        return False
    editing.write("ruff.toml", f"# {editing.mark()}\nline-length = 100\n")
    command = [ruff_program(), "format", "--no-cache", "--quiet", "src", "tests"]
    subprocess.run(command, cwd=editing.root, check=False, capture_output=True)
    return True
