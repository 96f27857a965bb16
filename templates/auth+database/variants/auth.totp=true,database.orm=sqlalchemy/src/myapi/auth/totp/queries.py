from uuid import UUID

from sqlalchemy import Delete, Select, delete, func, select, update
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from myapi.auth.totp.models import RecoveryCode, TOTPSecret


def totp_of(user_id: UUID) -> Select[TOTPSecret]:
    return select(TOTPSecret).where(TOTPSecret.user_id == user_id)


def spend_step(secret_id: UUID, step: int, encrypted: bytes) -> ReturningUpdate[UUID]:
    """Of several requests with one code, a single one gets a row back."""
    return (
        update(TOTPSecret)
        .where(TOTPSecret.id == secret_id, TOTPSecret.last_step < step)
        .values(last_step=step, encrypted=encrypted)
        .returning(TOTPSecret.id)
    )


def recovery_code(user_id: UUID, digest: bytes) -> Select[UUID]:
    return select(RecoveryCode.id).where(
        RecoveryCode.user_id == user_id, RecoveryCode.digest == digest
    )


def spend_recovery_code(user_id: UUID, digest: bytes) -> ReturningDelete[UUID]:
    found = drop_recovery_codes(user_id).where(RecoveryCode.digest == digest)
    return found.returning(RecoveryCode.id)


def number_of_recovery_codes(user_id: UUID) -> Select[int]:
    return select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id)


def drop_recovery_codes(user_id: UUID) -> Delete:
    return delete(RecoveryCode).where(RecoveryCode.user_id == user_id)


def drop_totp(user_id: UUID) -> Delete:
    return delete(TOTPSecret).where(TOTPSecret.user_id == user_id)


def drop_unconfirmed_totp(user_id: UUID) -> Delete:
    return drop_totp(user_id).where(TOTPSecret.confirmed_at.is_(None))
