"""What is measured of servers, side by side, and how it is shown."""

import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from chart import Bar, draw
from load import Load, Run, load, serving

SECONDS = 2
SERVED = Path(__file__).parent / "served"


@dataclass(frozen=True)
class Served:
    """What is started: a command, in which `{port}` stands for its port, and an
    environment."""

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Measure:
    """What is asked of a server, and the least that its ratios to others should be."""

    name: str
    served: Served
    path: str
    goals: tuple[tuple[str, float | None], ...] = ()
    ours: bool = False


def uvicorn(app: str, *options: str) -> tuple[str, ...]:
    return ("uvicorn", app, "--app-dir", str(SERVED), "--port", "{port}", *options)


def measured(
    measures: tuple[Measure, ...],
    programs: Path,
    home: Path,
    rounds: int,
    asked: Load,
) -> dict[str, list[Run]]:
    """Each round has servers of its own: one and the same program is up to a tenth
    slower or faster from one process to the next, for as long as the process lives."""
    runs: dict[str, list[Run]] = {measure.name: [] for measure in measures}
    for _ in range(rounds):
        with ExitStack() as stack:
            servers = {
                served: stack.enter_context(
                    serving(
                        [str(programs / served.command[0]), *served.command[1:]],
                        dict(served.environment),
                        home / f"{number}.log",
                    )
                )
                for number, served in enumerate({m.served: None for m in measures})
            }
            warm = {measure.served: measure.path for measure in measures}
            for served, path in warm.items():
                load(servers[served], path, 1, asked)
            for measure in measures:
                run = load(servers[measure.served], measure.path, SECONDS, asked)
                runs[measure.name].append(run)
    return runs


def ratios(ours: list[Run], theirs: list[Run]) -> tuple[float, float]:
    """Of requests/s and of processor time, round by round: both met the same noise."""
    pairs = list(zip(ours, theirs, strict=True))
    return (
        median(a.rate / b.rate for a, b in pairs),
        median(b.cost / a.cost for a, b in pairs),
    )


def show(
    measures: tuple[Measure, ...], runs: dict[str, list[Run]], title: str, plot: Path
) -> None:
    """Print a table, and draw it."""
    print(f"{'':<36}{'requests/s':>11}{'CPU':>11}{'ratio':>8}{'by CPU':>8}{'goal':>7}")
    bars = []
    for measure in measures:
        rate = median(run.rate for run in runs[measure.name])
        cost = median(run.cost for run in runs[measure.name])
        text = f"{rate:,.0f}"
        print(f"{measure.name:<36}{rate:>11,.0f}{cost:>8,.0f} us")
        for beside, goal in measure.goals:
            ratio, by_cost = ratios(runs[measure.name], runs[beside])
            line = f"{'  beside ' + beside:<58}{ratio:>8.2f}{by_cost:>8.2f}"
            if goal:
                line += f"{goal:>7.2f}{'  below it' * (ratio < goal)}"
            print(line)
            text += f" ({ratio:.2f})"
        bars.append(Bar(measure.name, rate, text, measure.ours))
    rounds = len(next(iter(runs.values())))
    print(f"medians of {rounds} rounds; load: {os.getloadavg()[0]:.1f}; plot: {plot}")
    plot.write_text(draw(title, bars), encoding="utf-8")
