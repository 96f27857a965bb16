from uuid import UUID

from sqlalchemy import Delete, Select, delete, select

from myapi.auth.models import User
from myapi.auth.social.models import SocialAccount


def user_by_social_account(issuer: str, subject: str) -> Select[User]:
    return (
        select(User)
        .join(SocialAccount, SocialAccount.user_id == User.id)
        .where(SocialAccount.issuer == issuer, SocialAccount.subject == subject)
    )


def unlink_social_accounts(user_id: UUID) -> Delete:
    return delete(SocialAccount).where(SocialAccount.user_id == user_id)
