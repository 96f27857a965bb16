from uuid import UUID

from sqlalchemy import Delete, Select, delete, func, select, update
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate
from sqlmodel import col

from myapi.auth.totp.models import RecoveryCode, TOTPSecret


def totp_of(user_id: UUID) -> Select[TOTPSecret]:
    return select(TOTPSecret).where(col(TOTPSecret.user_id) == user_id)


def spend_step(secret_id: UUID, step: int, encrypted: bytes) -> ReturningUpdate[UUID]:
    """Of several requests with one code, a single one gets a row back."""
    return (
        update(TOTPSecret)
        .where(col(TOTPSecret.id) == secret_id, col(TOTPSecret.last_step) < step)
        .values(last_step=step, encrypted=encrypted)
        .returning(col(TOTPSecret.id))
    )


def recovery_code(user_id: UUID, digest: bytes) -> Select[UUID]:
    return select(col(RecoveryCode.id)).where(
        col(RecoveryCode.user_id) == user_id, col(RecoveryCode.digest) == digest
    )


def spend_recovery_code(user_id: UUID, digest: bytes) -> ReturningDelete[UUID]:
    found = drop_recovery_codes(user_id).where(col(RecoveryCode.digest) == digest)
    return found.returning(col(RecoveryCode.id))


def number_of_recovery_codes(user_id: UUID) -> Select[int]:
    return select(func.count(col(RecoveryCode.id))).where(
        col(RecoveryCode.user_id) == user_id
    )


def drop_recovery_codes(user_id: UUID) -> Delete:
    return delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id)


def drop_totp(user_id: UUID) -> Delete:
    return delete(TOTPSecret).where(col(TOTPSecret.user_id) == user_id)


def drop_unconfirmed_totp(user_id: UUID) -> Delete:
    return drop_totp(user_id).where(col(TOTPSecret.confirmed_at).is_(None))
