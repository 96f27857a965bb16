"""How fast a generated application answers, beside FastAPI without anything else.

`python benchmarks/application.py [ROUNDS]` asks all of them in turn, so that a noisy
machine hits all alike, prints the median of each with its ratio to what it is compared
with, and writes benchmarks/application.svg. It takes about three minutes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from load import Load, require_programs
from measures import Measure, Served, measured, show, uvicorn

PLOT = Path(__file__).with_suffix(".svg")
LIVE = "/health/live"
FIRST, LAST = "/api/v1/things0/0", "/api/v1/things11/4"
PRODUCTION = {"ENVIRONMENT": "production", "CORS_ORIGINS": "https://page.example"}
QUIET = {**PRODUCTION, "LOG_LEVEL": "WARNING"}

NO_LOG = "--no-access-log"
BARE = Served(uvicorn("bare:app", NO_LOG))
BARE_LOG = Served(uvicorn("bare:app"))
FLAT = Served(uvicorn("bare:flat", NO_LOG))
ROUTERS = Served(uvicorn("bare:routers", NO_LOG))
GENERATED = Served(uvicorn("shop.main:app"), tuple(QUIET.items()))
GENERATED_LOG = Served(uvicorn("shop.main:app"), tuple(PRODUCTION.items()))
SIXTY = Served(uvicorn("generated:app"), tuple(QUIET.items()))


def last_of(name: str, served: Served, *, ours: bool = False) -> tuple[Measure, ...]:
    """The first and the last of 60 routes."""
    first, last = f"{name}: first", f"{name}: last"
    return (
        Measure(first, served, FIRST, ours=ours),
        Measure(last, served, LAST, ((first, None),), ours=ours),
    )


MEASURES = (
    Measure("FastAPI", BARE, LIVE),
    Measure("generated, log off", GENERATED, LIVE, (("FastAPI", 0.85),), ours=True),
    Measure("FastAPI, access log", BARE_LOG, LIVE),
    Measure(
        "generated, request log",
        GENERATED_LOG,
        LIVE,
        (("FastAPI, access log", 1.0),),
        ours=True,
    ),
    *last_of("FastAPI, 60 routes", FLAT),
    *last_of("FastAPI, 60 in 12 routers", ROUTERS),
    *last_of("generated, 60 in 12 routers", SIXTY, ours=True),
)


def new_project(home: Path) -> Path:
    """The programs of a new project's environment."""
    new = ("new", "shop", "--no-git", "--quiet")
    subprocess.run([sys.executable, "-m", "fastgen", *new], cwd=home, check=True)
    return home / "shop" / ".venv" / "bin"


def main(rounds: int) -> None:
    require_programs()
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        home = Path(folder)
        runs = measured(MEASURES, new_project(home), home, rounds, Load(connections=32))
    title = "Requests/s on one core (ratio to the one it is compared with)"
    show(MEASURES, runs, title, PLOT)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
