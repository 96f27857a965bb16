"""The command line: one thin file per command that parses, calls `change` and
prints."""

import sys
from collections.abc import Sequence

from fastgen import __version__
from fastgen.cli.streams import prepare


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `fastgen` and exit with a code that docs/exit-codes.md lists."""
    prepare()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:  # keep it fast for shell prompts: no imports
        print(f"fastgen {__version__}")  # noqa: T201
        sys.exit(0)
    import gc
    import signal

    from fastgen.cli.main import run
    from fastgen.errors import TERMINATED

    gc.disable()  # commands are short, and imports keep the collector busy
    # Roll back unfinished work, as for Ctrl+C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    sys.exit(run(given))
