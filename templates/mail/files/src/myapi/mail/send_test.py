"""Send a test message: `python -m myapi.mail.send_test ada@example.com`."""

import asyncio
import sys

from myapi.mail.message import written
from myapi.mail.transport import transport
from myapi.settings import get_settings


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m myapi.mail.send_test ADDRESS")
    settings = get_settings().mail
    try:
        message = written(sys.argv[1], "mail/test")
        asyncio.run(transport(settings).deliver(message))
    except Exception as error:
        sys.exit(f"Not sent: {error}")
    sys.stdout.write(f"Sent to {message.to}.\n")


if __name__ == "__main__":
    main()
