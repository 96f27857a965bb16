"""Lines, errors and JSON.

Plans are in drawing.py, because importing Rich would slow down all other output.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any


def interactive() -> bool:
    """Whether fastgen can ask questions: stdin and stdout are terminals, and CI is not
    set."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")


def print_json(value: Mapping[str, Any]) -> None:
    # Escapes are valid in every encoding; other characters may not be in this one.
    unicode = (sys.stdout.encoding or "").lower() in ("utf-8", "utf8")
    print(json.dumps(value, indent=2, ensure_ascii=not unicode))  # noqa: T201


def print_line(text: str = "") -> None:
    print(text)  # noqa: T201


def print_error(text: str) -> None:
    """Print an error line to stderr, after all pending output of stdout."""
    sys.stdout.flush()
    label = "\033[1;31merror:\033[0m" if _colours(sys.stderr) else "error:"
    print(f"{label} {' '.join(text.split())}", file=sys.stderr)  # noqa: T201


def print_note(text: str) -> None:
    """Print a note to stderr, so that it does not disturb `--json`."""
    print(f"note: {text}", file=sys.stderr)  # noqa: T201


def _colours(stream: Any) -> bool:  # noqa: ANN401
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ
