"""The user who belongs to a profile at a provider."""

from sqlalchemy.exc import IntegrityError

from myapi.auth.accounts import confirm_email
from myapi.auth.errors import ForbiddenError
from myapi.auth.events import AccountEvents
from myapi.auth.models import User
from myapi.auth.queries import user_by_email
from myapi.auth.social.client import Profile
from myapi.auth.social.models import SocialAccount
from myapi.auth.social.queries import user_by_social_account
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.errors import ConflictError


async def find_or_create_user(
    session: AsyncSession, events: AccountEvents, issuer: str, profile: Profile
) -> User:
    user = await session.scalar(user_by_social_account(issuer, profile.subject))
    if user is None:
        user = await _link(session, events, issuer, profile)
    if not user.is_active:
        raise ForbiddenError("This account is not active.")
    return user


async def _link(
    session: AsyncSession, events: AccountEvents, issuer: str, profile: Profile
) -> User:
    """The address joins the two accounts, so the provider must have verified it.

    Whoever registered here with the address of another shares no account with the
    owner, who comes by way of a provider: nothing is left of what was set up before.
    """
    if profile.email is None or not profile.email_verified:
        raise ForbiddenError("The provider has not verified your email address.")
    user = await session.scalar(user_by_email(profile.email))
    if user is not None and user.email_verified_at is None:
        user.password_hash = None
        await confirm_email(session, events, user)
    try:
        async with session.begin_nested():
            if user is None:
                # Without a password: one can be set by way of a forgotten password.
                user = User(email=profile.email, email_verified_at=utc_now())
                session.add(user)
                await session.flush()
            session.add(
                SocialAccount(user_id=user.id, issuer=issuer, subject=profile.subject)
            )
    except IntegrityError as error:  # the same login came twice, at once
        raise ConflictError(
            "Another request is completing this login. Try again."
        ) from error
    return user
