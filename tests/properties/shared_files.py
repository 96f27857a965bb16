"""The shared files of a small generator, and edits next to the lines of modules."""

import re
from collections.abc import Callable, Collection, Mapping
from random import Random

from fastgen.merge.lines import merged_lines
from fastgen.merge.python import merged_python
from fastgen.merge.structure.blocks import Merged
from fastgen.merge.toml import merged_toml
from fastgen.merge.yaml import merged_yaml

MODULES = ("admin", "auth", "billing", "cache", "mail", "search", "tasks", "uploads")

MERGERS: Mapping[str, Callable[[str, str, str], Merged]] = {
    "main.py": merged_python,
    "settings.py": merged_python,
    "lifespan.py": merged_python,
    "pyproject.toml": merged_toml,
    "compose.yaml": merged_yaml,
    ".env.example": merged_lines,
}


def rendered(modules: Collection[str]) -> dict[str, str]:
    """The files for a set of modules, as a formatter would leave them."""
    names = sorted(modules)
    return {
        "main.py": _main(names),
        "settings.py": _settings(names),
        "lifespan.py": _lifespan(names),
        "pyproject.toml": _pyproject(names),
        "compose.yaml": _compose(names),
        ".env.example": _environment(names),
    }


def _lines(*lines: str | list[str]) -> str:
    flat = (
        each for line in lines for each in ([line] if isinstance(line, str) else line)
    )
    return "".join(f"{line}\n" for line in flat)


def _wrapped(head: str, items: list[str], close: str, indent: str = "") -> list[str]:
    """On one line where that fits, else an item a line."""
    opener = {")": "(", "]": "["}[close[0]]
    flat = f"{indent}{head}{opener}{', '.join(items)}{close}"
    if len(flat) <= 88:
        return [flat]
    return [
        f"{indent}{head}{opener}",
        *(f"{indent}    {item}," for item in items),
        f"{indent}{close}",
    ]


def _imported(module: str, names: list[str]) -> list[str]:
    flat = f"from {module} import {', '.join(names)}"
    if len(flat) <= 88:
        return [flat]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


def _main(names: list[str]) -> str:
    return _lines(
        "from typing import Any",
        "",
        f"from fastapi import {'APIRouter, ' if names else ''}FastAPI",
        "",
        "from myapi import health",
        [f"from myapi.{n}.routes import router as {n}" for n in names],
        _imported("myapi.errors", ["NotFound", *(f"{n.title()}Error" for n in names)]),
        "from myapi.settings import Settings",
        "",
        "",
        "def create_app(settings: Settings) -> FastAPI:",
        '    """Everything in one place."""',
        _wrapped(
            "app = FastAPI", ['title="x"', *(f"{n}={n}" for n in names)], ")", "    "
        ),
        "",
        "    # The last one added is the first to see a request.",
        [
            f"    app.add_middleware({n.title()}Middleware, size=1)"
            for n in names
            if n in "admin mail tasks"
        ],
        "    app.add_middleware(",
        "        RequestIdMiddleware,",
        '        header="X-Request-Id",',
        "    )",
        ["", '    api = APIRouter(prefix="/api")'] if names else [],
        [f"    api.include_router({n})" for n in names],
        "",
        "    app.include_router(health.router)",
        "    app.include_router(api)" if names else [],
        "    return app",
        ["", "", "def first() -> Any:", f"    return {names[0]}"] if names else [],
    )


def _settings(names: list[str]) -> str:
    return _lines(
        '"""Read once."""',
        "",
        "from pydantic_settings import BaseSettings",
        "",
        [f"from myapi.{n}.settings import {n.title()}Settings" for n in names],
        "" if names else [],
        "",
        "class Settings(BaseSettings):",
        '    """All of them."""',
        "",
        '    environment: str = "test"  # or production',
        [f"    {n}: {n.title()}Settings = {n.title()}Settings()" for n in names],
        "",
        "    @property",
        "    def is_test(self) -> bool:",
        '        return self.environment == "test"',
    )


def _lifespan(names: list[str]) -> str:
    return _lines(
        "from typing import TypedDict",
        "",
        "from myapi.settings import Settings",
        [f"from myapi.{n}.client import connect as connect_{n}" for n in names],
        "",
        "",
        "class State(TypedDict):",
        "    settings: Settings",
        [f"    {n}: object" for n in names],
        "",
        "",
        "async def lifespan(app):",
        "    async with Stack() as stack:",
        "        state = State(",
        "            settings=app.settings,",
        [
            f"            {n}=await stack.enter(connect_{n}(app.settings)),"
            for n in names
        ],
        "        )",
        "        yield state",
    )


def _pyproject(names: list[str]) -> str:
    return _lines(
        "[project]",
        'name = "x"',
        "dependencies = [",
        '    "fastapi>=0.120",',
        [f'    "lib-{n}>=1",' for n in names],
        '    "uvicorn",',
        "]",
        "",
        "[dependency-groups]",
        "dev = ["
        + ", ".join(
            f'"{d}"'
            for d in sorted(
                ["pytest", *(n for n in names if n in "auth cache mail search")]
            )
        )
        + "]",
        "",
        "[tool.ruff]",
        "line-length = 88",
        ["", "[tool.tasks]", "workers = 2"] if "tasks" in names else [],
        "",
        "[tool.pytest]",
        'addopts = ["-ra"]',
    )


def _compose(names: list[str]) -> str:
    volumes = [f"  {n}:" for n in names if n in ("cache", "search")]
    return _lines(
        "services:",
        "  api:",
        "    build: .",
        "    environment:",
        '      PORT: "8000"',
        [f"      {n.upper()}_URL: http://{n}" for n in names],
        ["    depends_on:", *(f"      - {n}" for n in names)] if names else [],
        [
            line
            for n in names
            for line in ("", f"  {n}:", f"    image: {n}:1", '    ports: ["1:1"]')
        ],
        ["", "volumes:", *volumes] if volumes else [],
    )


def _environment(names: list[str]) -> str:
    return _lines(
        "# test or production",
        "ENVIRONMENT=test",
        [
            line
            for n in names
            for line in ("", f"# of {n}", f"{n.upper()}_URL=http://{n}")
        ],
    )


EDITS: Mapping[str, Mapping[str, str]] = {
    "main.py": {
        "from myapi.mine import router as mine": r"from myapi( |\.\w+\.routes )import",
        "    app.include_router(mine)  # noqa: X": r"    \w+\.include_router",
        "    app.add_middleware(MineMiddleware)": r"    app\.add_middleware",
    },
    "settings.py": {'    mine: str = "a, b"': r"    \w+: \w+ = "},
    "lifespan.py": {
        "from myapi.mine import connect": r"from myapi",
        "    mine: object": r"    \w+: \w+$",
        "            mine=await connect_mine(),": r"            \w+=",
    },
    "pyproject.toml": {'    "mine>=2",  # ours': r'    "'},
    "compose.yaml": {"      MINE: '1'": r"      [A-Z]+", "      - mine": r"      - "},
    ".env.example": {"MINE=1": r"[A-Z]+"},
}
"""Lines of the user's, and what the lines look like beside which they stand."""


def edited(path: str, text: str, random: Random) -> str:
    """`text` with the lines of EDITS, each above or below one that it may stand at."""
    lines = text.splitlines(keepends=True)
    for own, pattern in EDITS[path].items():
        places = [i for i, line in enumerate(lines) if re.match(pattern, line)]
        if places:
            place = random.choice(places)
            opens = lines[place].endswith("(\n")
            lines.insert(place + (0 if opens else random.randint(0, 1)), f"{own}\n")
    return "".join(lines)


def own_lines(path: str, text: str) -> list[str]:
    """Those of EDITS that are in `text`, in their order there."""
    return [line for line in text.splitlines() if line in EDITS[path]]
