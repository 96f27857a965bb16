"""Who comes in: the application's administrators, by email and password."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.auth import AdminUser, AuthProvider
from starlette_admin.exceptions import LoginFailed
from starlette_admin.helpers import index_url, safe_redirect_url

from myapi.admin.cookie import forget_login, read_cookie, remember_login
from myapi.auth import queries
from myapi.auth.attempts import get_attempts, get_networks
from myapi.auth.credentials import Credentials, get_authenticated_user
from myapi.auth.deps import get_device
from myapi.auth.errors import ForbiddenError, UnauthorizedError
from myapi.auth.events import AccountEvents, client_of
from myapi.auth.logins import create_login
from myapi.auth.models import Role, User
from myapi.auth.settings import AuthSettings, get_verified_only
from myapi.auth.verifier import Verifier
from myapi.db.base import utc_now
from myapi.db.deps import get_read_sessions


@dataclass(kw_only=True)
class Administrator(AdminUser):
    user_id: UUID
    login_id: UUID


class AdministratorProvider(AuthProvider):
    def __init__(self, settings: AuthSettings) -> None:
        super().__init__()
        self.settings = settings

    async def authenticate(self, request: Request) -> Administrator | None:
        """From the database each time: a login that ends, or a role, ends at once."""
        login_id = read_cookie(request, self.settings)
        if login_id is None:
            return None
        read_sessions = await get_read_sessions(request)
        async with read_sessions() as session:
            login = await session.scalar(queries.open_login(login_id))
        if login is None or login.user.role is not Role.ADMIN:
            return None
        request.scope["user_id"] = login.user_id  # for the request log
        return Administrator(
            username=login.user.email, user_id=login.user_id, login_id=login.id
        )

    async def login(
        self, username: str, password: str, remember_me: bool, request: Request
    ) -> Response:
        user = await self.authenticated_user(request)
        if user.role is not Role.ADMIN:
            raise LoginFailed("This account is not an administrator's.")
        agent = request.headers.get("user-agent", "")
        device = await get_device(await get_networks(request), agent)
        events = self.events_of(request)
        login = await create_login(request.state.session, events, user, device)

        index = index_url(request)
        wanted = request.query_params.get("next", index)
        response = RedirectResponse(safe_redirect_url(wanted, request, index), 303)
        remember_login(response, self.settings, login.id)
        return response

    def events_of(self, request: Request) -> AccountEvents:
        mailer = request.state.mailer
        return AccountEvents(mailer, self.settings, client_of(request))

    async def authenticated_user(self, request: Request) -> User:
        """As at the API: just as slow, and with the same limit of attempts."""
        events = self.events_of(request)
        networks = await get_networks(request)
        try:
            return await get_authenticated_user(
                session=request.state.session,
                verifier=Verifier(
                    await get_read_sessions(request),
                    self.settings,
                    await get_attempts(request, networks, events),
                    events,
                    await get_verified_only(request),
                ),
                form=Credentials.model_validate(dict(await request.form())),
            )
        except ValidationError:
            raise LoginFailed("Wrong email or password.") from None
        except (ForbiddenError, UnauthorizedError) as error:
            raise LoginFailed(str(error)) from None

    async def logout(self, request: Request) -> Response:
        administrator: Administrator = request.state.admin_user
        user_id, login_id = administrator.user_id, administrator.login_id
        ended = queries.end_login(user_id, login_id, utc_now())
        await request.state.session.execute(ended)
        response = RedirectResponse(index_url(request), 303)
        forget_login(response, self.settings)
        return response
