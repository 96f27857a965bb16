"""Serve the application; `--help` says how."""

import os
import sys
from argparse import ArgumentParser
from socket import AF_INET, AF_INET6, create_server

from myapi.logging import configure_logging
from myapi.server import serve
from myapi.settings import get_settings


def main() -> None:
    parser = ArgumentParser(prog="python -m myapi", description="Serve the API.")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 for every network")
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"), type=int)
    parser.add_argument("--root-path", help="where a proxy serves the API: /shop")
    parser.add_argument(
        "--reload", action="store_true", help="start again when the code changes"
    )
    given = parser.parse_args()
    if given.root_path is not None:
        os.environ["ROOT_PATH"] = given.root_path  # the server's processes read it

    settings = get_settings()
    configure_logging(settings.log_level, json=settings.environment == "production")
    check_free(given.host, given.port)
    serve(given.host, given.port, reload=given.reload)


def check_free(host: str, port: int) -> None:
    """End with one line where the server would end with a traceback."""
    family = AF_INET6 if ":" in host else AF_INET
    try:
        create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        sys.exit(f"Cannot serve on {host}, port {port}: {error}")


if __name__ == "__main__":
    main()
