from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

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
            async with self.read_sessions() as session:
                user = await session.scalar(queries.active_user_by_email(email))
            verified = await verify(user, password)
            confirmed = user is not None and user.email_verified_at is not None
            if verified is not None and (confirmed or not self.verified_only):
                return verified
            known = False
            if self.verified_only:
                # The answers are the same for addresses with and without an account.
                async with self.read_sessions() as session:
                    known = await is_registered(session, self.settings, email, password)
            reason = "email not confirmed" if known else "password"
            user_id = user.id if user else None
            self.events.record("login_failed", user_id, reason=reason)
            if known:
                raise UnconfirmedEmailError
            raise UnauthorizedError(
                "Wrong email or password, or the address is not confirmed."
                if self.verified_only
                else "Wrong email or password."
            )

    async def verify_password(self, user_id: UUID, password: str) -> VerifiedPassword:
        """Of a user who is logged in: a login alone must not take over an account."""
        async with self.read_sessions() as session:
            user = await session.scalar(queries.user_by_id(user_id))
        if user is None or user.password_hash is None:
            raise ForbiddenError(
                "This account has no password yet. "
                "Set one with the link that POST /auth/password/forgotten sends."
            )
        async with self.attempts.at(user.email):
            verified = await verify(user, password)
            if verified is None:
                self.events.record("password_not_confirmed", user_id)
                raise ForbiddenError("The password is wrong.")
            return verified


async def verify(user: User | None, password: str) -> VerifiedPassword | None:
    stored = user.password_hash if user else None
    ok, new_hash = await verify_password(password, stored)
    if user is None or stored is None or not ok:
        return None
    return VerifiedPassword(user.id, stored, new_hash)


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
