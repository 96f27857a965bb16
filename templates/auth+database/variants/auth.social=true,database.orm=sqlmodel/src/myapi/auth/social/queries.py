from uuid import UUID

from sqlalchemy.sql.dml import ReturningDelete
from sqlmodel import col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from myapi.auth.models import User
from myapi.auth.social.models import SocialAccount


def user_by_social_account(issuer: str, subject: str) -> SelectOfScalar[User]:
    return (
        select(User)
        .join(SocialAccount, col(SocialAccount.user_id) == User.id)
        .where(SocialAccount.issuer == issuer, SocialAccount.subject == subject)
    )


def unlink_social_accounts(user_id: UUID) -> ReturningDelete[UUID]:
    return (
        delete(SocialAccount)
        .where(col(SocialAccount.user_id) == user_id)
        .returning(col(SocialAccount.id))
    )
