import logging
from typing import Any

from hypercorn.config import Config
from hypercorn.run import run

# Its messages go where all others go; middleware.py logs requests.
LOGGERS: dict[str, Any] = {"hypercorn.error": {"handlers": [], "propagate": True}}


def serve(host: str, port: int, *, reload: bool) -> None:
    """Run Hypercorn until it is asked to stop."""
    config = Config()
    config.application_path = "myapi.forwarded:app"
    config.bind = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
    config.worker_class = "uvloop"
    config.workers = 1 if reload else 0  # none: this process serves
    config.use_reloader = reload
    config.errorlog = logging.getLogger("hypercorn.error")
    # Seconds for requests that are under way; a container is killed after ten.
    config.graceful_timeout = 8
    run(config)
