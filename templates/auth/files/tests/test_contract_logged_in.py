"""Every operation that needs a login, called as an administrator."""

import asyncio
from typing import Any

import pytest
from limits import parse
from schemathesis import Case
from schemathesis.filters import HasAPIOperation
from schemathesis.specs.openapi.checks import ignored_auth

from accounts import DEVICE, create_user, events_of
from contract import EXAMPLES, check_contract, schema_of
from myapi.auth import logins
from myapi.auth.models import Role
from myapi.db.engine import connect
from myapi.main import create_app
from myapi.settings import Settings

pytestmark = pytest.mark.slow

app_settings = Settings(environment="test", _env_file=None)
app_settings.auth.login_rate = app_settings.auth.client_rate = parse("1000000/minute")
schema = schema_of(create_app(app_settings))


def log_in() -> str:
    """The login is in the database, where each client of the contract looks for it."""

    async def run() -> str:
        async with connect(app_settings.database) as sessions, sessions() as session:
            admin = await create_user(session, "contract@example.com", Role.ADMIN)
            tokens = await logins.log_in(
                session, events_of(app_settings), admin, DEVICE
            )
            await session.commit()
            return tokens.access_token

    return asyncio.run(run())


@pytest.fixture(scope="module")
def headers(emptied: None) -> dict[str, str]:
    return {"Authorization": f"Bearer {log_in()}"}


def needs_login(context: HasAPIOperation) -> bool:
    return bool(context.operation.definition.raw.get("security"))


# One of them would log this client out.
@(
    schema.include(needs_login)
    .exclude(method="DELETE", path="/api/v1/auth/logins")
    .parametrize()
)
@EXAMPLES
def test_the_application_keeps_to_its_contract_for_who_is_logged_in(
    case: Case[Any], headers: dict[str, str]
) -> None:
    check_contract(case, headers, excluded=[ignored_auth])
