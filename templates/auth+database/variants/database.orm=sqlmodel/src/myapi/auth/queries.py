from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.orm import contains_eager
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate
from sqlmodel import col

from myapi.auth.models import EmailToken, Login, Purpose, RefreshToken, User

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


def active_user_by_email(email: str) -> Select[User]:
    return user_by_email(email).where(col(User.is_active))


def lock_user(user_id: UUID, password_hash: str) -> Select[User]:
    return (
        user_by_id(user_id)
        .where(col(User.password_hash) == password_hash, col(User.is_active))
        .with_for_update(key_share=True)  # other rows may refer to it meanwhile
        .execution_options(populate_existing=True)
    )


def drop_unconfirmed_password(user_id: UUID) -> Update:
    unconfirmed = update(User).where(col(User.email_verified_at).is_(None))
    return unconfirmed.where(col(User.id) == user_id).values(password_hash=None)


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


def login_from(email: str, networks: Collection[bytes]) -> Select[UUID]:
    """A login of an account from a network, whether it has ended or not."""
    return (
        select(col(Login.id))
        .join(User)
        .where(col(User.email) == email, col(Login.network).in_(networks))
        .limit(1)
    )


def open_logins(user_id: UUID, used_after: datetime) -> Select[Login]:
    return select(Login).where(
        col(Login.user_id) == user_id,
        col(Login.revoked_at).is_(None),
        col(Login.last_used_at) > used_after,
    )


def devices(user_id: UUID) -> Select[str, bytes]:
    return (
        select(col(Login.user_agent), col(Login.network))
        .where(col(Login.user_id) == user_id)
        .distinct()
    )


def end_all_logins(now: datetime) -> Update:
    return update(Login).where(col(Login.revoked_at).is_(None)).values(revoked_at=now)


def end_logins(user_id: UUID, now: datetime) -> Update:
    return end_all_logins(now).where(col(Login.user_id) == user_id)


def end_login(user_id: UUID, login_id: UUID, now: datetime) -> ReturningUpdate[UUID]:
    return (
        end_logins(user_id, now)
        .where(col(Login.id) == login_id)
        .returning(col(Login.id))
    )


def end_login_of_token(digest: bytes, now: datetime) -> Update:
    """The login that a refresh token belongs to, spent or not."""
    login = select(col(RefreshToken.login_id)).where(col(RefreshToken.digest) == digest)
    return end_all_logins(now).where(col(Login.id).in_(login))


def forget_logins(before: datetime) -> Delete:
    """Some of those that no refresh token can keep alive any more, of any user."""
    dead = select(col(Login.id)).where(col(Login.last_used_at) < before)
    some = dead.limit(BATCH).with_for_update(skip_locked=True)
    return delete(Login).where(col(Login.id).in_(some))


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


def forget_refresh_tokens(login_id: UUID, now: datetime) -> Delete:
    """Delete expired tokens. Used ones stay until then, so that reuse is noticed."""
    of_login = delete(RefreshToken).where(col(RefreshToken.login_id) == login_id)
    return of_login.where(col(RefreshToken.expires_at) <= now)


def valid_email_token(
    digests: Collection[bytes], purposes: Collection[Purpose], now: datetime
) -> Select[str]:
    return select(col(EmailToken.email)).where(_is_valid(digests, purposes, now))


def take_email_token(
    digest: bytes, purposes: Collection[Purpose], now: datetime
) -> ReturningDelete[EmailToken]:
    found = delete(EmailToken).where(_is_valid([digest], purposes, now))
    return found.returning(EmailToken)


def _is_valid(
    digests: Collection[bytes], purposes: Collection[Purpose], now: datetime
) -> ColumnElement[bool]:
    return and_(
        col(EmailToken.digest).in_(digests),
        col(EmailToken.purpose).in_(purposes),
        col(EmailToken.expires_at) > now,
    )


def forget_email_tokens(user_id: UUID) -> Delete:
    return delete(EmailToken).where(col(EmailToken.user_id) == user_id)


def forget_email_token(digests: Collection[bytes]) -> Delete:
    return delete(EmailToken).where(col(EmailToken.digest).in_(digests))


def forget_expired_email_tokens(now: datetime) -> Delete:
    """Some of those of any user."""
    expired = select(col(EmailToken.id)).where(col(EmailToken.expires_at) < now)
    some = expired.limit(BATCH).with_for_update(skip_locked=True)
    return delete(EmailToken).where(col(EmailToken.id).in_(some))
