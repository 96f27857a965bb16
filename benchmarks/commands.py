"""The processor time of commands, as ratios to one start of Python with its libraries.

`python benchmarks/commands.py [ROUNDS]` runs all of them in turn, so that a noisy
machine hits all alike, and prints the median of each, its ratio to the unit, one run of
`python -c "import typer, rich"`, and the most that this ratio should be.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

BIN = Path(sys.executable).parent
FASTGEN = str(BIN / "fastgen")
UNIT = "unit"
OTHER_FILES = 20_000
RESOURCES = 20
WHOLE = f"every module, {RESOURCES} resources"
FIELDS = """\
fields.title = "str:max=120:unique"
fields.price = "decimal:10:2:min=0:index"
fields.status = "enum:draft:live:index:default=draft"
fields.body = "text:optional"
"""
QUIET = ("--no-install", "--no-git", "--quiet")
# Python keeps bytecode, as it does for users; else a short command mostly compiles.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Measure:
    """A command, what has to be true before it, and the most units it may take."""

    name: str
    command: tuple[str, ...]
    limit: float
    folder: Path
    prepare: Callable[[], None] = lambda: None
    code: int = 0


def fastgen(*arguments: str, folder: Path) -> None:
    subprocess.run([FASTGEN, *arguments], cwd=folder, check=True)


def measures(home: Path) -> list[Measure]:
    small, large = home / "small", home / "large"
    for folder in (small, large):
        folder.mkdir()
        fastgen("new", "x", "--with", "ci,precommit", *QUIET, folder=folder)
    make_large(large / "x")
    whole = home / "whole"
    whole.mkdir()
    (whole / "spec.toml").write_text(everything())
    fastgen("new", "x", "--from", "spec.toml", *QUIET, folder=whole)
    pristine = {folder: saved(folder / "x") for folder in (small, large)}
    new = ("new", "y", "--with", "docker,ci,precommit", "--no-install", "--no-git")

    def without_docker(folder: Path) -> Callable[[], None]:
        return lambda: restore(folder / "x", pristine[folder])

    python = str(BIN / "python")
    return [
        Measure(UNIT, (python, "-c", "import typer, rich"), 1.0, home),
        Measure("--version", (FASTGEN, "--version"), 1.5, home),
        Measure("list", (FASTGEN, "list"), 1.5, home),
        Measure(
            "a refused command", (FASTGEN, "add", "dokcer"), 1.5, small / "x", code=2
        ),
        Measure("--help", (FASTGEN, "--help"), 2.0, home),
        Measure(
            "new, with 3 modules",
            (FASTGEN, *new),
            6.0,
            home,
            lambda: shutil.rmtree(home / "y", ignore_errors=True),
        ),
        Measure(
            "add docker",
            (FASTGEN, "add", "docker"),
            8.0,
            small / "x",
            without_docker(small),
        ),
        Measure(
            f"add docker, {OTHER_FILES:,} files beside it",
            (FASTGEN, "add", "docker"),
            8.0,
            large / "x",
            without_docker(large),
        ),
        Measure("nothing to do", (FASTGEN, "add", "ci"), 3.0, small / "x"),
        *(
            Measure(f"{command}, {WHOLE}", (FASTGEN, command), 6.0, whole / "x")
            for command in ("status", "diff")
        ),
    ]


def everything() -> str:
    """The spec of a project with every module and many resources."""
    modules = json.loads(
        subprocess.run(
            [FASTGEN, "list", "--json"], capture_output=True, text=True, check=True
        ).stdout
    )["modules"]
    tables = [f"[modules.{module['name']}]\n" for module in modules]
    for number in range(RESOURCES):
        reference = 'fields.item = "ref:Item0:optional"\n' if number % 3 == 1 else ""
        tables.append(f"[resources.Item{number}]\n{FIELDS}{reference}")
    return "".join(tables)


def make_large(project: Path) -> None:
    """Many files of the user's, and an environment with a large file."""
    for number in range(OTHER_FILES):
        folder = project / "data" / str(number // 200)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.py").write_text(f"value = {number}\n")
    packages = project / ".venv" / "lib" / "python3" / "site-packages"
    packages.mkdir(parents=True)
    (project / ".venv" / "pyvenv.cfg").write_text("home = .\n")
    (packages / "large.bin").write_bytes(bytes(200_000_000))


def saved(project: Path) -> dict[Path, bytes]:
    """The generated files of a project that has no docker."""
    skipped = ("data", ".venv", ".fastgen")
    return {
        path: path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and path.relative_to(project).parts[0] not in skipped
    }


def restore(project: Path, files: dict[Path, bytes]) -> None:
    shutil.rmtree(project / ".fastgen", ignore_errors=True)
    for name in ("Dockerfile", "compose.yaml", ".dockerignore"):
        (project / name).unlink(missing_ok=True)
    for path, content in files.items():
        path.write_bytes(content)


def seconds(measure: Measure) -> float:
    measure.prepare()
    before = processor_time()
    done = subprocess.run(
        measure.command,
        cwd=measure.folder,
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    taken = processor_time() - before
    if done.returncode != measure.code:
        raise SystemExit(
            f"{measure.name}: exit {done.returncode}: {done.stderr.decode()}"
        )
    return taken


def processor_time() -> float:
    """Seconds that finished children took; how busy the machine is says little."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        todo = measures(Path(folder))
        for measure in todo:
            seconds(measure)  # warm: the second run is what counts
        runs: dict[str, list[float]] = {measure.name: [] for measure in todo}
        for _ in range(rounds):
            for measure in todo:
                runs[measure.name].append(seconds(measure))
    print(f"{'':<40}{'median':>9}{'units':>8}{'limit':>8}")
    for measure in todo:
        taken = median(runs[measure.name])
        # Pair by pair: both halves of a ratio met the same noise.
        pairs = zip(runs[measure.name], runs[UNIT], strict=True)
        ratio = median(a / b for a, b in pairs)
        over = "  above it" if ratio > measure.limit else ""
        figures = f"{taken * 1000:>6.0f} ms{ratio:>8.2f}{measure.limit:>8.1f}"
        print(f"{measure.name:<40}{figures}{over}")
    print(f"medians of {rounds} rounds")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
