from uuid import UUID

from sqlalchemy import Delete, Select, delete, select
from sqlmodel import col

from myapi.auth.models import User
from myapi.auth.social.models import SocialAccount


def user_by_social_account(issuer: str, subject: str) -> Select[User]:
    return (
        select(User)
        .join(SocialAccount, col(SocialAccount.user_id) == col(User.id))
        .where(
            col(SocialAccount.issuer) == issuer, col(SocialAccount.subject) == subject
        )
    )


def unlink_social_accounts(user_id: UUID) -> Delete:
    return delete(SocialAccount).where(col(SocialAccount.user_id) == user_id)
