"""How fast a generated application answers, beside FastAPI without anything else.

`python benchmarks/application.py [ROUNDS]` asks all of them in turn, so that a noisy
machine hits all alike, prints the median of each with its ratio to what it is compared
with, and writes benchmarks/application.svg. It takes about two minutes.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from chart import Bar, draw
from load import Run, load, require_programs, serving

HERE = Path(__file__).parent
PLOT = HERE / "application.svg"
SECONDS = 2
LIVE = "/health/live"
FIRST, LAST = "/api/v1/things0/0", "/api/v1/things11/4"
PRODUCTION = {"ENVIRONMENT": "production", "CORS_ORIGINS": "https://page.example"}
QUIET = {**PRODUCTION, "LOG_LEVEL": "WARNING"}


@dataclass(frozen=True)
class Served:
    """What is started: an application, options of uvicorn, an environment."""

    app: str
    options: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Measure:
    """What is asked of a server, and the least that its ratio to another should be."""

    name: str
    served: Served
    path: str
    beside: str | None = None
    goal: float | None = None

    @property
    def ours(self) -> bool:
        return bool(self.served.environment)


NO_LOG = ("--no-access-log",)
BARE = Served("bare:app", NO_LOG)
BARE_LOG = Served("bare:app")
FLAT = Served("bare:flat", NO_LOG)
ROUTERS = Served("bare:routers", NO_LOG)
GENERATED = Served("shop.main:app", (), tuple(QUIET.items()))
GENERATED_LOG = Served("shop.main:app", (), tuple(PRODUCTION.items()))
SIXTY = Served("generated:app", (), tuple(QUIET.items()))

MEASURES = (
    Measure("FastAPI", BARE, LIVE),
    Measure("generated, log off", GENERATED, LIVE, "FastAPI", 0.85),
    Measure("FastAPI, access log", BARE_LOG, LIVE),
    Measure("generated, request log", GENERATED_LOG, LIVE, "FastAPI, access log", 1.0),
    Measure("FastAPI, 60 routes: first", FLAT, FIRST),
    Measure("FastAPI, 60 routes: last", FLAT, LAST, "FastAPI, 60 routes: first"),
    Measure("FastAPI, 60 in 12 routers: first", ROUTERS, FIRST),
    Measure(
        "FastAPI, 60 in 12 routers: last",
        ROUTERS,
        LAST,
        "FastAPI, 60 in 12 routers: first",
    ),
    Measure("generated, 60 in 12 routers: first", SIXTY, FIRST),
    Measure(
        "generated, 60 in 12 routers: last",
        SIXTY,
        LAST,
        "generated, 60 in 12 routers: first",
        0.7,
    ),
)


def new_project(home: Path) -> Path:
    """The programs of a new project's environment."""
    new = ("new", "shop", "--no-git", "--quiet")
    subprocess.run([sys.executable, "-m", "fastgen", *new], cwd=home, check=True)
    return home / "shop" / ".venv" / "bin"


def measured(home: Path, rounds: int) -> dict[str, list[Run]]:
    programs = new_project(home)
    runs: dict[str, list[Run]] = {measure.name: [] for measure in MEASURES}
    with ExitStack() as stack:
        servers = {
            served: stack.enter_context(
                serving(
                    [
                        str(programs / "uvicorn"),
                        served.app,
                        *("--app-dir", str(HERE / "served")),
                        *served.options,
                    ],
                    dict(served.environment),
                    home / f"{number}.log",
                )
            )
            for number, served in enumerate({m.served: None for m in MEASURES})
        }
        for number in range(rounds + 1):
            for measure in MEASURES:
                # The first round warms up.
                seconds = SECONDS if number else 1
                run = load(servers[measure.served], measure.path, seconds)
                if number:
                    runs[measure.name].append(run)
    return runs


def ratios(ours: list[Run], theirs: list[Run]) -> tuple[float, float]:
    """Of requests/s and of processor time, round by round: both met the same noise."""
    pairs = list(zip(ours, theirs, strict=True))
    return (
        median(a.rate / b.rate for a, b in pairs),
        median(b.cost / a.cost for a, b in pairs),
    )


def main(rounds: int) -> None:
    require_programs()
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        runs = measured(Path(folder), rounds)
    print(f"{'':<36}{'requests/s':>11}{'CPU':>8}{'ratio':>8}{'by CPU':>8}{'goal':>7}")
    bars = []
    for measure in MEASURES:
        rate = median(run.rate for run in runs[measure.name])
        cost = median(run.cost for run in runs[measure.name])
        line = f"{measure.name:<36}{rate:>11,.0f}{cost:>5.0f} us"
        text = f"{rate:,.0f}"
        if measure.beside:
            ratio, by_cost = ratios(runs[measure.name], runs[measure.beside])
            line += f"{ratio:>8.2f}{by_cost:>8.2f}"
            text += f" ({ratio:.2f})"
            if measure.goal:
                line += f"{measure.goal:>7.2f}{'  below it' * (ratio < measure.goal)}"
        print(line)
        bars.append(Bar(measure.name, rate, text, measure.ours))
    print(f"medians of {rounds} rounds; load: {os.getloadavg()[0]:.1f}; plot: {PLOT}")
    title = "Requests/s on one core (ratio to the one it is compared with)"
    PLOT.write_text(draw(title, bars), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
