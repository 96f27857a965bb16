"""Send a test message to the address that is given."""

import argparse
import asyncio
import sys

from aiosmtplib import SMTPException

from myapi.mail.message import written
from myapi.mail.transport import transport_for
from myapi.settings import get_settings


def main() -> None:
    parser = argparse.ArgumentParser(description="Send a test message.")
    parser.add_argument("address")
    address = parser.parse_args().address
    settings = get_settings().mail
    try:
        asyncio.run(transport_for(settings).deliver(written(address, "mail/test")))
    except (OSError, ValueError, SMTPException) as error:
        sys.exit(f"Not sent: {' '.join(str(error).split())}")
    sys.stdout.write(f"Sent to {address}.\n")


if __name__ == "__main__":
    main()
