"""Programs that a test runs, in an environment apart from the one of pytest."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from uv import find_uv_bin

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache" / "projects"

UV = find_uv_bin()

_KEPT = (
    "FASTGEN_CACHE_DIR",
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
)
_KEPT_KINDS = ("PIP_", "UV_", "XDG_")  # where packages come from, and are cached
_PERSON = {"NAME": "A Person", "EMAIL": "person@example.com"}


def clean_environment() -> dict[str, str]:
    """What a person's shell has: no virtual environment, no settings of pytest, none
    of the application; and a name to commit under."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in _KEPT or key.startswith(_KEPT_KINDS) or key.lower().endswith("_proxy")
    }
    kept.pop("UV_PROJECT_ENVIRONMENT", None)
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        git |= {f"GIT_{role}_{key}": value for key, value in _PERSON.items()}
    return kept | git


def run(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    text: str = "",
    code: int = 0,
) -> str:
    """Run `command` in `folder`, with `text` for it to read; what it printed. Another
    exit code than `code` fails the test, with it."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=clean_environment() if environment is None else environment,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    words = " ".join(map(str, command))
    assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}"
    return done.stdout


def fastgen(*arguments: str | Path, folder: Path, code: int = 0) -> str:
    """Run `fastgen` out of the checkout, in `folder`."""
    return run([sys.executable, "-m", "fastgen", *arguments], folder, code=code)
