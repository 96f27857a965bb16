from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from myapi.auth.models import User
from myapi.auth.social.models import SocialAccount


def user_by_social_account(issuer: str, subject: str) -> SelectOfScalar[User]:
    return (
        select(User)
        .join(SocialAccount, col(SocialAccount.user_id) == User.id)
        .where(SocialAccount.issuer == issuer, SocialAccount.subject == subject)
    )
