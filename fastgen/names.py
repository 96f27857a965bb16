"""Valid names for projects and packages, and the Python versions a project can use."""

import keyword
import re
import sys
import unicodedata
from pathlib import Path

from fastgen.errors import WrongUsage

PYTHONS = ("3.11", "3.12", "3.13", "3.14")

LONGEST = 50
"""The maximum length in characters. Longer package names make import lines that exceed
the line length of the generated project's ruff."""

_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")

DEVICES = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10)]
)
"""Names that Windows reserves for devices; no file can have them."""

# Import names that generated projects use, or that break their tools.
_TAKEN = frozenset(
    """
    aiosqlite alembic annotated_types anyio asgi_lifespan asyncpg click dotenv
    fastapi fastapi_cli fastgen granian gunicorn h11 httpcore httptools httpx httpx2
    hypercorn hypothesis idna jinja2 jwt mypy packaging pip pkg_resources pluggy
    polyfactory pwdlib pydantic pydantic_core pydantic_settings pytest python redis
    rich ruff schemathesis setuptools sniffio sqlalchemy sqlmodel src starlette
    structlog taskiq test tests typer typing_extensions uv uvicorn uvloop venv
    watchfiles websockets wheel yaml
    """.split()  # noqa: SIM905
)


class EmptyName(WrongUsage):
    """A project needs a name; for example `fastgen new my-api`."""


class NameIsPath(WrongUsage):
    """{name!r} is a path, and a project needs a name; the folder to make it in goes
    into --output: `fastgen new {nearest} --output {folder}`."""


class NameTooLong(WrongUsage):
    """A project's name has at most {longest} characters, and this one has {length}."""


class InvalidName(WrongUsage):
    """{name!r} cannot name a project: a name has ASCII letters, digits, `-`, `_` and
    `.`, begins with a letter and ends with a letter or a digit.
    Try `fastgen new {nearest}`."""


class ReservedName(WrongUsage):
    """{name!r} cannot name a project: `{package}` is {what}.
    Try `fastgen new {nearest}`."""


def normalized_name(name: str) -> str:
    """`name` normalized as in PEP 503: `My.API` gives `my-api`.

    Equals `packaging.utils.canonicalize_name`, whose import takes longer than most
    fastgen commands.
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def package_of(name: str) -> str:
    """The import name of the project `name`: `My-API` gives `my_api`."""
    return normalized_name(name).replace("-", "_")


def check_name(name: str) -> None:
    """Raise WrongUsage if `name` is not valid as a distribution, a package and a
    folder."""
    if not name.strip():
        raise EmptyName
    if "/" in name or "\\" in name or name in (".", ".."):
        path = Path(name.replace("\\", "/"))
        raise NameIsPath(
            name=name, nearest=nearest_name(path.name), folder=path.parent.as_posix()
        )
    if len(name) > LONGEST:
        raise NameTooLong(longest=LONGEST, length=len(name))
    if not _DISTRIBUTION.fullmatch(name) or not name[0].isalpha():
        raise InvalidName(name=name, nearest=nearest_name(name))
    if what := _reservation(package_of(name)):
        raise ReservedName(
            name=name,
            package=package_of(name),
            what=what,
            nearest=f"{normalized_name(name)}-api",
        )


def nearest_name(text: str) -> str:
    """The valid name closest to `text`: `naïve app` gives `naive-app`."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:LONGEST]
    if not name:
        return "my-api"
    if not name[0].isalpha():
        name = f"api-{name}"
    return f"{name}-api" if _reservation(package_of(name)) else name


def check_package(package: str) -> str | None:
    """The reason why `package` is not a valid import name for a project, or None."""
    if not package.isidentifier() or not package.isascii():
        return "is not an identifier of ASCII letters, digits and `_`"
    if what := _reservation(package):
        return f"is {what}"
    return None


def _reservation(package: str) -> str | None:
    if keyword.iskeyword(package) or keyword.issoftkeyword(package):
        return "a keyword of Python"
    if package in DEVICES:
        return "a device name on Windows"
    if package in sys.stdlib_module_names:
        return "a module of Python's standard library"
    if package in _TAKEN:
        return "a name that the project's own libraries and tools use"
    return None
