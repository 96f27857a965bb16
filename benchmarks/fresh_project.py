"""How long a person waits for the first green run: `make test` of a project with a
database, logins and an admin, in an environment that is not there yet."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from uv import find_uv_bin

MODULES = "database,auth,admin"
TARGET = 120  # seconds, on two cores


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        new = ("new", "my-api", "--with", MODULES, "--no-install", "--quiet")
        subprocess.run([sys.executable, "-m", "fastgen", *new], cwd=folder, check=True)
        project = Path(folder) / "my-api"
        for title in ("the first run", "the second run"):
            seconds, summary = make_test(project)
            print(f"make test with {MODULES}, {title}: {seconds:.0f} s ({summary})")
            if title == "the first run":
                print(f"  of at most {TARGET} s, the environment included")


def make_test(project: Path) -> tuple[float, str]:
    """The seconds, and what pytest says at the end."""
    begun = time.monotonic()
    done = subprocess.run(
        ["make", "test"],
        cwd=project,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return seconds, done.stdout.strip().splitlines()[-1].strip("= ")


def _environment() -> dict[str, str]:
    """With uv on the path, and without the environment of this program."""
    uv = str(Path(find_uv_bin()).parent)
    path = os.pathsep.join([uv, *(p for p in os.get_exec_path() if p != uv)])
    environment = {**os.environ, "PATH": path}
    environment.pop("VIRTUAL_ENV", None)
    return environment


if __name__ == "__main__":
    if not shutil.which("make"):
        sys.exit("make is not there")
    main()
