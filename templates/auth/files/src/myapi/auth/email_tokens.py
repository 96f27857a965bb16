"""Tokens that go by mail: whoever sends one back reads what is sent to the address."""

import hmac
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from myapi.auth import queries, tokens
from myapi.auth.errors import InvalidLinkError
from myapi.auth.models import EmailToken, Purpose, User
from myapi.auth.schemas import UserCreate
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession


async def issue(
    session: AsyncSession, user: User, purpose: Purpose, email: str, ttl: timedelta
) -> str:
    await session.execute(queries.forget_expired_email_tokens(utc_now()))
    token, digest = tokens.create_secret()
    session.add(
        EmailToken(
            user_id=user.id,
            purpose=purpose,
            email=email,
            digest=digest,
            expires_at=utc_now() + ttl,
        )
    )
    await session.flush()
    return token


def registration_digests(
    settings: AuthSettings, email: str, password: str
) -> list[bytes]:
    """By each secret key, the newest first."""
    keys = tokens.derived_keys(settings, "registration")
    text = f"{email}\0{password}".encode()
    return [hmac.digest(key, text, "sha256") for key in keys]


async def remember_registration(
    session: AsyncSession, settings: AuthSettings, user: User, new: UserCreate
) -> None:
    """Whoever registers an address is told at login to confirm it, for as long as the
    link holds, and whether the account is theirs or of somebody who had it before."""
    digests = registration_digests(settings, new.email, new.password)
    row = EmailToken(
        user_id=user.id,
        purpose=Purpose.REGISTRATION,
        email=new.email,
        digest=digests[0],
        expires_at=utc_now() + settings.verify_ttl,
    )
    await session.execute(queries.forget_email_token(digests))
    with suppress(IntegrityError):  # the same, at the same time
        async with session.begin_nested():
            session.add(row)


async def is_registered(
    session: ReadSession, settings: AuthSettings, email: str, password: str
) -> bool:
    digests = registration_digests(settings, email, password)
    found = queries.valid_email_token(digests, [Purpose.REGISTRATION], utc_now())
    return await session.scalar(found) is not None


async def find_address(session: ReadSession, token: str, *purposes: Purpose) -> str:
    valid = queries.valid_email_token([tokens.digest(token)], purposes, utc_now())
    email = await session.scalar(valid)
    if email is None:
        raise InvalidLinkError
    return email


async def redeem(session: AsyncSession, token: str, *purposes: Purpose) -> EmailToken:
    """The `DELETE` is the lock: of many requests with one token a single one wins."""
    found = await session.scalar(
        queries.take_email_token(tokens.digest(token), purposes, utc_now())
    )
    if found is None:
        raise InvalidLinkError
    return found
