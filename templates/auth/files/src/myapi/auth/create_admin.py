"""Make an administrator; `--help` says how."""

import asyncio
import sys
from argparse import ArgumentParser
from getpass import getpass

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError

from myapi.auth import accounts
from myapi.auth.commands import what_is_wrong
from myapi.auth.models import Role, User
from myapi.auth.passwords import hash_password
from myapi.auth.schemas import Email, NewPassword
from myapi.db.base import utc_now
from myapi.db.engine import connect
from myapi.logging import configure_logging
from myapi.settings import get_settings

log = structlog.get_logger(__name__)


async def create_admin(email: str, *, promote: bool) -> str:
    """What was done. Ends the process when it cannot be."""
    async with connect(get_settings().database) as sessions, sessions() as session:
        user = await accounts.find_user(session, email)
        done = f"{email} is an administrator now."
        if user is None:
            # With SQLite nobody else writes in a transaction: end it before somebody
            # types.
            await session.rollback()
            password = await asyncio.to_thread(ask_password)
            user = User(
                email=email,
                password_hash=await hash_password(password),
                role=Role.ADMIN,
                email_verified_at=utc_now(),
            )
            session.add(user)
        elif user.role is Role.ADMIN:
            return f"{email} is an administrator already."
        elif promote:
            user.role = Role.ADMIN
            done = f"{email} is an administrator now; the password is as before."
        else:
            sys.exit(f"{email} has an account: make it an administrator by --promote.")
        await session.commit()
    log.info("role_changed", user_id=str(user.id), role="admin", by="create_admin")
    return done


def ask_password() -> str:
    """Without showing it; from standard input when that is no terminal."""
    if not sys.stdin.isatty():
        return checked(sys.stdin.readline().rstrip("\r\n"))
    password = checked(getpass())
    if getpass("Again: ") != password:
        sys.exit("The two passwords differ.")
    return password


def checked(password: str) -> str:
    try:
        return TypeAdapter[str](NewPassword).validate_python(password)
    except ValidationError:
        sys.exit("A password has 12 to 128 characters, and is not easy to guess.")


def main() -> None:
    parser = ArgumentParser(prog="python -m myapi.auth.create_admin")
    parser.add_argument("email")
    parser.add_argument(
        "--promote", action="store_true", help="an account that there is already"
    )
    arguments = parser.parse_args()
    try:
        email = TypeAdapter[str](Email).validate_python(arguments.email)
    except ValidationError:
        sys.exit("That is no email address.")
    settings = get_settings()
    configure_logging(settings.log_level, json=settings.environment == "production")
    try:
        done = asyncio.run(create_admin(email, promote=arguments.promote))
    except DBAPIError as error:
        sys.exit(what_is_wrong(error))
    sys.stdout.write(f"{done}\n")


if __name__ == "__main__":
    main()
