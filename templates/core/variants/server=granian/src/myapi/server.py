from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

# Its messages go where all others go; middleware.py logs requests.
LOGGERS: dict[str, Any] = {"_granian": {"handlers": [], "propagate": True}}


def serve(host: str, port: int, *, reload: bool) -> None:
    """Run Granian, with one worker, until it is asked to stop."""
    server = Server(
        "myapi.forwarded:app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        reload=reload,
        reload_paths=[Path(__file__).parent],
        log_dictconfig={"loggers": LOGGERS},
        # Seconds for requests that are under way; a container is killed after ten.
        workers_kill_timeout=8,
    )
    server.serve()
