"""Tokens that go by mail: whoever sends one back reads what is sent to the address."""

from datetime import timedelta

from myapi.auth import queries, tokens
from myapi.auth.errors import InvalidLinkError
from myapi.auth.models import EmailToken, User
from myapi.auth.purposes import Purpose
from myapi.db.base import utc_now
from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession


async def issue(
    session: AsyncSession, user: User, purpose: Purpose, email: str, ttl: timedelta
) -> str:
    await session.scalars(queries.forget_expired_email_tokens(utc_now()))
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


async def refuse_invalid(
    session: ReadSession, token: str, *purposes: Purpose
) -> None:
    valid = queries.valid_email_token(tokens.digest(token), purposes, utc_now())
    if await session.scalar(valid) is None:
        raise InvalidLinkError


async def redeem(session: AsyncSession, token: str, *purposes: Purpose) -> EmailToken:
    """The `DELETE` is the lock: of many requests with one token a single one wins."""
    found = await session.scalar(
        queries.take_email_token(tokens.digest(token), purposes, utc_now())
    )
    if found is None:
        raise InvalidLinkError
    return found
