from sqlalchemy import Select, select

from myapi.auth.models import User
from myapi.auth.social.models import SocialAccount


def user_by_social_account(issuer: str, subject: str) -> Select[User]:
    return (
        select(User)
        .join(SocialAccount, SocialAccount.user_id == User.id)
        .where(SocialAccount.issuer == issuer, SocialAccount.subject == subject)
    )
