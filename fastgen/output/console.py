"""Lines, errors and JSON. Plans are drawn by drawing.py, with Rich, which an error, a
list and a version do not wait for."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any


def interactive() -> bool:
    """Whether somebody can be asked: a terminal on both ends, and not in CI."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")


def print_json(value: Mapping[str, Any]) -> None:
    # Its escapes are valid in every character set; those of the stream are not.
    unicode = (sys.stdout.encoding or "").lower() in ("utf-8", "utf8")
    print(json.dumps(value, indent=2, ensure_ascii=not unicode))  # noqa: T201


def print_line(text: str = "") -> None:
    print(text)  # noqa: T201


def print_error(text: str) -> None:
    """One line on stderr, below what stdout has already been told."""
    sys.stdout.flush()
    label = "\033[1;31merror:\033[0m" if _colours(sys.stderr) else "error:"
    print(f"{label} {' '.join(text.split())}", file=sys.stderr)  # noqa: T201


def print_note(text: str) -> None:
    """A line on stderr that no `--json` is disturbed by."""
    print(f"note: {text}", file=sys.stderr)  # noqa: T201


def _colours(stream: Any) -> bool:  # noqa: ANN401
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ
