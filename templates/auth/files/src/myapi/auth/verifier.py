from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import Row, Select

from myapi.auth import queries
from myapi.auth.attempts import Attempts, AttemptsDep
from myapi.auth.email_tokens import is_registered
from myapi.auth.errors import (
    ForbiddenError,
    UnauthorizedError,
    UnconfirmedEmailError,
)
from myapi.auth.events import AccountEvents, AccountEventsDep
from myapi.auth.models import User
from myapi.auth.passwords import verify_password
from myapi.auth.settings import AuthSettings, AuthSettingsDep, VerifiedOnlyDep
from myapi.db.deps import ReadSessionsDep
from myapi.db.session import AsyncSession, Sessions


@dataclass(frozen=True)
class VerifiedPassword:
    """The hash that a password matched, and a new one if that is outdated."""

    user_id: UUID
    password_hash: str
    new_hash: str | None


@dataclass(frozen=True)
class Verifier:
    """Verifies passwords and codes outside of the request's transaction.

    It reads by itself, so the request holds no connection while Argon2 works, and
    nothing that the request has written is committed.
    """

    read_sessions: Sessions
    settings: AuthSettings
    attempts: Attempts
    events: AccountEvents
    verified_only: bool

    async def verify_login(self, email: str, password: str) -> VerifiedPassword:
        email = email.lower()
        async with self.attempts.at(email):
            row = await self.read(queries.password_by_email(email))
            verified = await verify(row, password)
            confirmed = row is not None and row.email_verified_at is not None
            if verified is not None and (confirmed or not self.verified_only):
                return verified
            user_id = row.id if row else None
            if not self.verified_only:
                self.events.login_failed(user_id, reason="password")
                raise UnauthorizedError("Wrong email or password.")
            # All answers below are the same for addresses with and without an account.
            async with self.read_sessions() as session:
                known = await is_registered(session, self.settings, email, password)
            if known:
                self.events.login_failed(user_id, reason="email not confirmed")
                raise UnconfirmedEmailError
            self.events.login_failed(user_id, reason="password")
            raise UnauthorizedError(
                "Wrong email or password, or the address is not confirmed."
            )

    async def verify_password(self, user_id: UUID, password: str) -> VerifiedPassword:
        """Of a user who is logged in: a login alone must not take over an account."""
        row = await self.read(queries.password_of(user_id))
        if row is None or row.password_hash is None:
            raise ForbiddenError(
                "This account has no password yet. "
                "Set one with the link that POST /auth/password/forgotten sends."
            )
        async with self.attempts.at(row.email):
            verified = await verify(row, password)
            if verified is None:
                self.events.record("password_not_confirmed", user_id)
                raise ForbiddenError("The password is wrong.")
            return verified

    async def read(
        self, statement: Select[UUID, str, str | None, datetime | None]
    ) -> Row[UUID, str, str | None, datetime | None] | None:
        async with self.read_sessions() as session:
            return (await session.execute(statement)).one_or_none()


async def verify(
    row: Row[UUID, str, str | None, datetime | None] | None, password: str
) -> VerifiedPassword | None:
    stored = row.password_hash if row else None
    ok, new_hash = await verify_password(password, stored)
    if row is None or stored is None or not ok:
        return None
    return VerifiedPassword(row.id, stored, new_hash)


async def lock_user(session: AsyncSession, verified: VerifiedPassword) -> User:
    """The user, whose password cannot change before this transaction ends.

    So a login with the former password is either refused here, or ended by the change.
    """
    user = await session.scalar(
        queries.lock_user(verified.user_id, verified.password_hash)
    )
    if user is None:
        raise UnauthorizedError("Wrong email or password.")
    if verified.new_hash:
        user.password_hash = verified.new_hash
    return user


async def get_verifier(
    read_sessions: ReadSessionsDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    events: AccountEventsDep,
    verified_only: VerifiedOnlyDep,
) -> Verifier:
    return Verifier(read_sessions, settings, attempts, events, verified_only)


VerifierDep = Annotated[Verifier, Depends(get_verifier)]
