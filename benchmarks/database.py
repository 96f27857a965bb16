"""How fast a generated application reads from PostgreSQL for somebody who is logged in,
beside minimal ones by hand: FastAPI, Flask and Django.

`python benchmarks/database.py [ROUNDS]` asks all of them in turn for the same row and
the same page of 20 rows, out of the same database, prints the median of each with its
ratio to others, and writes benchmarks/database.svg. It takes about three minutes.
TEST_DATABASE_URL names the server; the database of that name is made anew.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from load import Load, require_programs
from measures import SERVED, Measure, Served, measured, show, uvicorn

PLOT = Path(__file__).with_suffix(".svg")
CONNECTIONS = 16
URL = os.environ.get(
    "TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/fastgen_benchmark"
)
PRODUCT = ("name:str:max=120:index", "price:decimal:10:2", "sku:str:max=40:unique")
OTHERS = ("django", "flask", "gunicorn", "psycopg[binary]")
ENVIRONMENT = {
    "ENVIRONMENT": "production",
    "CORS_ORIGINS": "https://page.example",
    "DATABASE_URL": URL,
    "AUTH_SECRET_KEYS": "one-long-key-for-all-that-are-compared",
    "AUTH_LINK_URL": "https://page.example",
    "AUTH_COOKIE_SECURE": "true",
    "MAIL_URL": "smtp://127.0.0.1:1025",
    "MAIL_FROM": "shop@page.example",
}
PAGE, ROW = "/api/v1/products?limit=20", "/api/v1/products/{id}"


def gunicorn(app: str) -> tuple[str, ...]:
    """As many workers as its documentation recommends for one core."""
    return (
        *("gunicorn", app, "--chdir", str(SERVED)),
        *("--bind", "127.0.0.1:{port}", "--workers", "3"),
    )


def measures(path: str, what: str) -> tuple[Measure, ...]:
    environment = tuple(ENVIRONMENT.items())
    hand, flask, django = (f"{name}: {what}" for name in ("FastAPI", "Flask", "Django"))
    served = {
        hand: uvicorn("by_fastapi:app", "--no-access-log"),
        flask: gunicorn("by_flask:app"),
        django: gunicorn("by_django:application"),
    }
    return (
        *(Measure(n, Served(c, environment), path) for n, c in served.items()),
        Measure(
            f"generated: {what}",
            Served(uvicorn("shop.main:app"), environment),
            path,
            ((hand, 1.0), (flask, 1.5), (django, 1.5)),
            ours=True,
        ),
    )


def new_project(home: Path) -> Path:
    """The programs of a new project's environment, with those of the others in it."""
    fastgen = (sys.executable, "-m", "fastgen")
    new = ("new", "shop", "--with", "auth", "--set", "database.engine=postgres")
    shop = home / "shop"
    resource = ("generate", "resource", "Product", *PRODUCT, "stock:int", "--yes")
    subprocess.run([*fastgen, *new, "--no-git", "--quiet"], cwd=home, check=True)
    subprocess.run([*fastgen, *resource, "--quiet"], cwd=shop, check=True)
    programs = shop / ".venv" / "bin"
    install = (sys.executable, "-m", "uv", "pip", "install", "--quiet")
    subprocess.run(
        [*install, "--python", str(programs / "python"), *OTHERS], check=True
    )
    return programs


def rows(programs: Path) -> dict[str, str]:
    """Somebody's login, and the id of one of their rows."""
    environment = {**os.environ, **ENVIRONMENT}
    shop = programs.parent.parent
    made = subprocess.run(
        [programs / "python", SERVED / "rows.py"],
        cwd=shop,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
    return found


def main(rounds: int) -> None:
    require_programs()
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        home = Path(folder)
        programs = new_project(home)
        made = rows(programs)
        asked = Load(CONNECTIONS, f"Authorization: Bearer {made['token']}")
        both = (
            *measures(PAGE, "page of 20"),
            *measures(ROW.format(id=made["id"]), "one row"),
        )
        runs = measured(both, programs, home, rounds, asked)
    title = "Requests/s with PostgreSQL and a login, on one core (ratios to the others)"
    show(both, runs, title, PLOT)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
