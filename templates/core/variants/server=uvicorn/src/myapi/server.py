import logging
from pathlib import Path
from typing import Any

import uvicorn


def drop_color_message(record: logging.LogRecord) -> bool:
    """Uvicorn sends each of its messages a second time, with colours."""
    record.__dict__.pop("color_message", None)
    return True


# Its messages go where all others go; middleware.py logs requests.
LOGGERS: dict[str, Any] = {
    "uvicorn": {"handlers": [], "propagate": True},
    "uvicorn.error": {"handlers": [], "filters": [drop_color_message]},
    "uvicorn.access": {"handlers": [], "propagate": False},
}


def serve(host: str, port: int, *, reload: bool) -> None:
    """Run Uvicorn until it is asked to stop."""
    uvicorn.run(
        "myapi.main:app",
        host=host,
        port=port,
        reload=reload,
        reload_dirs=str(Path(__file__).parent) if reload else None,
        log_config=None,  # logging.py has it
        access_log=False,
        # Seconds for requests that are under way; a container is killed after ten.
        timeout_graceful_shutdown=8,
    )
