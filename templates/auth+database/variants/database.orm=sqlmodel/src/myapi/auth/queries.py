from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import contains_eager
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate
from sqlmodel import col

from myapi.auth.models import EmailToken, Login, RefreshToken, User
from myapi.auth.purposes import Purpose

KEPT_REFRESH_TOKENS = 5  # of a login
BATCH = 100  # rows that are deleted at once

# The id and the role of a user who is logged in. Made once: each request asks for it.
USER_OF_LOGIN = (
    select(col(User.id), col(User.role))
    .join(Login, col(Login.user_id) == col(User.id))
    .where(
        col(User.id) == bindparam("user_id"),
        col(User.is_active),
        col(Login.id) == bindparam("login_id"),
        col(Login.revoked_at).is_(None),
    )
)


def user_by_id(user_id: UUID) -> Select[User]:
    return select(User).where(col(User.id) == user_id)


def user_by_email(email: str) -> Select[User]:
    return select(User).where(col(User.email) == email)


PASSWORDS = select(
    col(User.id), col(User.email), col(User.password_hash), col(User.email_verified_at)
)


def password_by_email(email: str) -> Select[UUID, str, str | None, datetime | None]:
    return PASSWORDS.where(col(User.email) == email, col(User.is_active))


def password_of(user_id: UUID) -> Select[UUID, str, str | None, datetime | None]:
    return PASSWORDS.where(col(User.id) == user_id)


def lock_user(user_id: UUID, password_hash: str) -> Select[User]:
    return (
        select(User)
        .where(
            col(User.id) == user_id,
            col(User.password_hash) == password_hash,
            col(User.is_active),
        )
        .with_for_update(key_share=True)  # other rows may refer to it meanwhile
        .execution_options(populate_existing=True)
    )


def drop_unconfirmed_password(user_id: UUID) -> ReturningUpdate[UUID]:
    return (
        update(User)
        .where(col(User.id) == user_id, col(User.email_verified_at).is_(None))
        .values(password_hash=None)
        .returning(col(User.id))
    )


def open_login(login_id: UUID) -> Select[Login]:
    """A login that holds, together with its user."""
    return (
        select(Login)
        .join(User)
        .options(contains_eager(Login.user))  # type: ignore[arg-type]
        .where(
            col(Login.id) == login_id,
            col(Login.revoked_at).is_(None),
            col(User.is_active),
        )
    )


def login_from(email: str, network: bytes) -> Select[UUID]:
    """A login of an account from a network, whether it has ended or not."""
    return (
        select(col(Login.id))
        .join(User)
        .where(col(User.email) == email, col(Login.network) == network)
        .limit(1)
    )


def open_logins(user_id: UUID, used_after: datetime) -> Select[Login]:
    return select(Login).where(
        col(Login.user_id) == user_id,
        col(Login.revoked_at).is_(None),
        col(Login.last_used_at) > used_after,
    )


def end_login(
    login_id: UUID, now: datetime, user_id: UUID | None = None
) -> ReturningUpdate[UUID]:
    query = update(Login).where(
        col(Login.id) == login_id, col(Login.revoked_at).is_(None)
    )
    if user_id is not None:
        query = query.where(col(Login.user_id) == user_id)
    return query.values(revoked_at=now).returning(col(Login.id))


def end_login_of(digest: bytes, now: datetime) -> ReturningUpdate[UUID]:
    """The login that a refresh token belongs to, spent or not."""
    login = select(col(RefreshToken.login_id)).where(col(RefreshToken.digest) == digest)
    return (
        update(Login)
        .where(col(Login.id).in_(login), col(Login.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(Login.id))
    )


def end_logins(user_id: UUID, now: datetime) -> ReturningUpdate[UUID]:
    return (
        update(Login)
        .where(col(Login.user_id) == user_id, col(Login.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(Login.id))
    )


def devices(user_id: UUID) -> Select[str, bytes]:
    return (
        select(col(Login.user_agent), col(Login.network))
        .where(col(Login.user_id) == user_id)
        .distinct()
    )


def forget_logins(before: datetime) -> ReturningDelete[UUID]:
    """Some of those that no refresh token can keep alive any more, of any user."""
    dead = select(col(Login.id)).where(col(Login.last_used_at) < before)
    some = dead.limit(BATCH).with_for_update(skip_locked=True)
    return delete(Login).where(col(Login.id).in_(some)).returning(col(Login.id))


def refresh_token(digest: bytes) -> Select[RefreshToken]:
    return select(RefreshToken).where(col(RefreshToken.digest) == digest)


def spend_refresh_token(digest: bytes, now: datetime) -> ReturningUpdate[UUID]:
    return (
        update(RefreshToken)
        .where(
            col(RefreshToken.digest) == digest,
            col(RefreshToken.used_at).is_(None),
            col(RefreshToken.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(RefreshToken.login_id))
    )


def forget_refresh_tokens(login_id: UUID) -> ReturningDelete[UUID]:
    """All but the last few: whoever brings one back must have copied it."""
    of_login = select(col(RefreshToken.id)).where(
        col(RefreshToken.login_id) == login_id
    )
    last = of_login.order_by(col(RefreshToken.id).desc()).limit(KEPT_REFRESH_TOKENS)
    return (
        delete(RefreshToken)
        .where(
            col(RefreshToken.login_id) == login_id, col(RefreshToken.id).not_in(last)
        )
        .returning(col(RefreshToken.id))
    )


def valid_email_token(
    digest: bytes, purposes: Collection[Purpose], now: datetime
) -> Select[str]:
    return select(col(EmailToken.email)).where(
        col(EmailToken.digest) == digest,
        col(EmailToken.purpose).in_(purposes),
        col(EmailToken.expires_at) > now,
    )


def take_email_token(
    digest: bytes, purposes: Collection[Purpose], now: datetime
) -> ReturningDelete[EmailToken]:
    return (
        delete(EmailToken)
        .where(
            col(EmailToken.digest) == digest,
            col(EmailToken.purpose).in_(purposes),
            col(EmailToken.expires_at) > now,
        )
        .returning(EmailToken)
    )


def forget_email_tokens(user_id: UUID) -> ReturningDelete[UUID]:
    return (
        delete(EmailToken)
        .where(col(EmailToken.user_id) == user_id)
        .returning(col(EmailToken.id))
    )


def forget_expired_email_tokens(now: datetime) -> ReturningDelete[UUID]:
    """Some of those of any user."""
    expired = select(col(EmailToken.id)).where(col(EmailToken.expires_at) < now)
    some = expired.limit(BATCH).with_for_update(skip_locked=True)
    return (
        delete(EmailToken)
        .where(col(EmailToken.id).in_(some))
        .returning(col(EmailToken.id))
    )


def forget_email_token(digest: bytes) -> ReturningDelete[UUID]:
    return (
        delete(EmailToken)
        .where(col(EmailToken.digest) == digest)
        .returning(col(EmailToken.id))
    )
