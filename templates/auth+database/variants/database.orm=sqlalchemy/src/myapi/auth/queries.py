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

from myapi.auth.models import EmailToken, Login, Purpose, RefreshToken, User

BATCH = 100  # rows that are deleted at once

# The id and the role of a user who is logged in. Made once: each request asks for it.
USER_OF_LOGIN = (
    select(User.id, User.role)
    .join(Login, Login.user_id == User.id)
    .where(
        User.id == bindparam("user_id"),
        User.is_active,
        Login.id == bindparam("login_id"),
        Login.revoked_at.is_(None),
    )
)


def user_by_id(user_id: UUID) -> Select[User]:
    return select(User).where(User.id == user_id)


def user_by_email(email: str) -> Select[User]:
    return select(User).where(User.email == email)


def active_user_by_email(email: str) -> Select[User]:
    return user_by_email(email).where(User.is_active)


def lock_user(user_id: UUID, password_hash: str) -> Select[User]:
    return (
        user_by_id(user_id)
        .where(User.password_hash == password_hash, User.is_active)
        .with_for_update(key_share=True)  # other rows may refer to it meanwhile
        .execution_options(populate_existing=True)
    )


def drop_unconfirmed_password(user_id: UUID) -> Update:
    unconfirmed = update(User).where(User.email_verified_at.is_(None))
    return unconfirmed.where(User.id == user_id).values(password_hash=None)


def open_login(login_id: UUID) -> Select[Login]:
    """A login that holds, together with its user."""
    return (
        select(Login)
        .join(Login.user)
        .options(contains_eager(Login.user))
        .where(Login.id == login_id, Login.revoked_at.is_(None), User.is_active)
    )


def login_from(email: str, networks: Collection[bytes]) -> Select[UUID]:
    """A login of an account from a network, whether it has ended or not."""
    return (
        select(Login.id)
        .join(Login.user)
        .where(User.email == email, Login.network.in_(networks))
        .limit(1)
    )


def open_logins(user_id: UUID, used_after: datetime) -> Select[Login]:
    return select(Login).where(
        Login.user_id == user_id,
        Login.revoked_at.is_(None),
        Login.last_used_at > used_after,
    )


def devices(user_id: UUID) -> Select[str, bytes]:
    return (
        select(Login.user_agent, Login.network)
        .where(Login.user_id == user_id)
        .distinct()
    )


def end_all_logins(now: datetime) -> Update:
    return update(Login).where(Login.revoked_at.is_(None)).values(revoked_at=now)


def end_logins(user_id: UUID, now: datetime) -> Update:
    return end_all_logins(now).where(Login.user_id == user_id)


def end_login(user_id: UUID, login_id: UUID, now: datetime) -> ReturningUpdate[UUID]:
    return end_logins(user_id, now).where(Login.id == login_id).returning(Login.id)


def end_login_of_token(digest: bytes, now: datetime) -> Update:
    """The login that a refresh token belongs to, spent or not."""
    login = select(RefreshToken.login_id).where(RefreshToken.digest == digest)
    return end_all_logins(now).where(Login.id.in_(login))


def forget_logins(before: datetime) -> Delete:
    """Some of those that no refresh token can keep alive any more, of any user."""
    dead = select(Login.id).where(Login.last_used_at < before)
    some = dead.limit(BATCH).with_for_update(skip_locked=True)
    return delete(Login).where(Login.id.in_(some))


def refresh_token(digest: bytes) -> Select[RefreshToken]:
    return select(RefreshToken).where(RefreshToken.digest == digest)


def spend_refresh_token(digest: bytes, now: datetime) -> ReturningUpdate[UUID]:
    return (
        update(RefreshToken)
        .where(
            RefreshToken.digest == digest,
            RefreshToken.used_at.is_(None),
            RefreshToken.expires_at > now,
        )
        .values(used_at=now)
        .returning(RefreshToken.login_id)
    )


def forget_refresh_tokens(login_id: UUID, now: datetime) -> Delete:
    """Delete expired tokens. Used ones stay until then, so that reuse is noticed."""
    of_login = delete(RefreshToken).where(RefreshToken.login_id == login_id)
    return of_login.where(RefreshToken.expires_at <= now)


def valid_email_token(
    digests: Collection[bytes], purposes: Collection[Purpose], now: datetime
) -> Select[str]:
    return select(EmailToken.email).where(_is_valid(digests, purposes, now))


def take_email_token(
    digest: bytes, purposes: Collection[Purpose], now: datetime
) -> ReturningDelete[EmailToken]:
    found = delete(EmailToken).where(_is_valid([digest], purposes, now))
    return found.returning(EmailToken)


def _is_valid(
    digests: Collection[bytes], purposes: Collection[Purpose], now: datetime
) -> ColumnElement[bool]:
    return and_(
        EmailToken.digest.in_(digests),
        EmailToken.purpose.in_(purposes),
        EmailToken.expires_at > now,
    )


def forget_email_tokens(user_id: UUID) -> Delete:
    return delete(EmailToken).where(EmailToken.user_id == user_id)


def forget_email_token(digests: Collection[bytes]) -> Delete:
    return delete(EmailToken).where(EmailToken.digest.in_(digests))


def forget_expired_email_tokens(now: datetime) -> Delete:
    """Some of those of any user."""
    expired = select(EmailToken.id).where(EmailToken.expires_at < now)
    some = expired.limit(BATCH).with_for_update(skip_locked=True)
    return delete(EmailToken).where(EmailToken.id.in_(some))
