"""The command line: a thin file a command, which parses, calls `change` and shows."""

import sys
from collections.abc import Sequence

from fastgen import __version__
from fastgen.cli.streams import prepare


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `fastgen`; leaves with the exit code that docs/exit-codes.md lists."""
    prepare()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:  # a shell prompt may ask for it: no import is needed
        print(f"fastgen {__version__}")  # noqa: T201
        sys.exit(0)
    import gc
    import signal

    from fastgen.cli.main import run
    from fastgen.errors import TERMINATED

    gc.disable()  # a command is short, and imports make work for the collector
    # So that what was begun is taken back, as for Ctrl+C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    sys.exit(run(given))
