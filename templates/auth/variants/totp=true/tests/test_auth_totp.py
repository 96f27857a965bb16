from datetime import UTC, datetime, timedelta

import httpx2
import pyotp
import pytest
from limits import parse
from pydantic import SecretStr
from sqlalchemy import select

from accounts import PASSWORD
from myapi.auth.models import User
from myapi.auth.totp import codes
from myapi.auth.totp.models import RecoveryCode, TOTPSecret
from myapi.db.session import AsyncSession
from myapi.mail.message import Message
from myapi.settings import Settings

TOTP = "/api/v1/auth/totp"
LOGIN = "/api/v1/auth/login"


class App:
    """An authenticator app, and the time that it shows a code for."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.secret = ""
        self.recovery_codes: list[str] = []

    @property
    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.now)

    def next_code(self) -> str:
        self.now += timedelta(seconds=30)
        return self.code


@pytest.fixture
def app_of_user(monkeypatch: pytest.MonkeyPatch) -> App:
    app = App()
    monkeypatch.setattr(codes, "utc_now", lambda: app.now)
    return app


async def enrol(client: httpx2.AsyncClient, app: App) -> None:
    answer = await client.post(TOTP, json={"password": PASSWORD})
    assert answer.status_code == 201, answer.text
    app.secret = answer.json()["secret"]


@pytest.fixture
async def enrolled(as_user: httpx2.AsyncClient, app_of_user: App) -> App:
    await enrol(as_user, app_of_user)
    answer = await as_user.post(f"{TOTP}/confirm", json={"code": app_of_user.code})
    assert answer.status_code == 200, answer.text
    app_of_user.recovery_codes = answer.json()["recovery_codes"]
    return app_of_user


async def log_in(
    client: httpx2.AsyncClient, code: str | None = None, password: str = PASSWORD
) -> httpx2.Response:
    form = {"username": "ada@example.com", "password": password}
    if code is not None:
        form["code"] = code
    return await client.post(LOGIN, data=form)


async def problem_without_login(
    client: httpx2.AsyncClient, code: str | None = None, password: str = PASSWORD
) -> str:
    answer = await log_in(client, code, password)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    kind: str = answer.json()["type"]
    return kind.removeprefix("urn:problem-type:")


async def test_a_login_needs_a_code_from_the_first_code_on(
    as_user: httpx2.AsyncClient, app_of_user: App
) -> None:
    await enrol(as_user, app_of_user)
    assert (await log_in(as_user)).status_code == 200
    await as_user.post(f"{TOTP}/confirm", json={"code": app_of_user.code})
    assert await problem_without_login(as_user) == "code-required"
    assert (await log_in(as_user, app_of_user.next_code())).status_code == 200


async def test_only_who_knows_the_password_learns_that_a_code_is_needed(
    as_user: httpx2.AsyncClient, enrolled: App
) -> None:
    for code in (None, enrolled.next_code(), "000000"):
        problem = await problem_without_login(as_user, code, "not the password")
        assert problem == "unauthorized"


async def test_a_code_works_once(as_user: httpx2.AsyncClient, enrolled: App) -> None:
    assert await problem_without_login(as_user, enrolled.code) == "wrong-code"
    assert (await log_in(as_user, enrolled.next_code())).status_code == 200
    assert await problem_without_login(as_user, enrolled.code) == "wrong-code"


async def test_a_code_before_one_that_was_used_is_spent_too(
    as_user: httpx2.AsyncClient, enrolled: App
) -> None:
    missed = enrolled.next_code()
    assert (await log_in(as_user, enrolled.next_code())).status_code == 200
    assert await problem_without_login(as_user, missed) == "wrong-code"


@pytest.mark.parametrize("steps", [-2, 2])
async def test_a_code_of_another_time_is_refused(
    as_user: httpx2.AsyncClient, enrolled: App, steps: int
) -> None:
    code = enrolled.next_code()
    enrolled.now -= timedelta(seconds=30 * steps)
    assert await problem_without_login(as_user, code) == "wrong-code"


@pytest.mark.parametrize("code", ["000000", "x", "a\0b", "é" * 90, "\uff11" * 6])
async def test_a_malformed_code_is_refused(
    as_user: httpx2.AsyncClient, enrolled: App, code: str
) -> None:
    assert await problem_without_login(as_user, code) == "wrong-code"


async def test_a_recovery_code_works_once_however_it_is_typed(
    as_user: httpx2.AsyncClient, enrolled: App
) -> None:
    code = enrolled.recovery_codes[0]
    typed = f" {code.upper().replace('-', '')} "
    assert (await log_in(as_user, typed)).status_code == 200
    assert await problem_without_login(as_user, code) == "wrong-code"
    assert (await as_user.get(TOTP)).json() == {"enabled": True, "recovery_codes": 9}


@pytest.fixture
def three_attempts(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.auth, request.param, parse("3/day"))


@pytest.mark.parametrize(
    "three_attempts", ["login_rate", "account_rate"], indirect=True
)
async def test_wrong_codes_are_limited_though_the_password_is_right(
    three_attempts: None, as_user: httpx2.AsyncClient, enrolled: App
) -> None:
    answers = [(await log_in(as_user, "000000")).status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]
    answer = await log_in(as_user, enrolled.next_code())
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_codes_are_disabled_with_password_and_code(
    as_user: httpx2.AsyncClient, session: AsyncSession, enrolled: App
) -> None:
    wrong = {"password": "not the password", "code": enrolled.next_code()}
    assert (await as_user.post(f"{TOTP}/disable", json=wrong)).status_code == 403
    wrong = {"password": PASSWORD, "code": "000000"}
    assert (await as_user.post(f"{TOTP}/disable", json=wrong)).status_code == 401
    right = {"password": PASSWORD, "code": enrolled.code}
    assert (await as_user.post(f"{TOTP}/disable", json=right)).status_code == 204
    assert (await log_in(as_user)).status_code == 200
    assert (await session.scalars(select(TOTPSecret))).all() == []
    assert (await session.scalars(select(RecoveryCode))).all() == []


async def test_a_confirmed_app_is_not_replaced(
    as_user: httpx2.AsyncClient, enrolled: App
) -> None:
    answer = await as_user.post(TOTP, json={"password": PASSWORD})
    assert answer.status_code == 409
    assert (await log_in(as_user, enrolled.next_code())).status_code == 200


async def test_confirming_without_an_enrolment_is_a_conflict(
    as_user: httpx2.AsyncClient,
) -> None:
    answer = await as_user.post(f"{TOTP}/confirm", json={"code": "123456"})
    assert answer.status_code == 409


async def test_the_uri_is_for_authenticator_apps(
    as_user: httpx2.AsyncClient, user: User
) -> None:
    answer = await as_user.post(TOTP, json={"password": PASSWORD})
    app = pyotp.parse_uri(answer.json()["uri"])
    assert isinstance(app, pyotp.TOTP)
    assert (app.name, app.issuer) == (user.email, "myapi")
    assert app.secret == answer.json()["secret"]


async def test_secrets_are_encrypted_in_the_database(
    as_user: httpx2.AsyncClient, session: AsyncSession, enrolled: App
) -> None:
    row = (await session.scalars(select(TOTPSecret))).one()
    assert enrolled.secret.encode() not in row.encrypted
    digests = {row.digest for row in await session.scalars(select(RecoveryCode))}
    assert digests == {codes.digest_of(code) for code in enrolled.recovery_codes}


async def test_after_a_change_of_the_key_recovery_codes_still_work(
    as_user: httpx2.AsyncClient,
    enrolled: App,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = [SecretStr("another" * 5)]
    monkeypatch.setattr(settings.auth, "secret_keys", new)
    assert await problem_without_login(as_user, enrolled.next_code()) == "wrong-code"
    assert (await log_in(as_user, enrolled.recovery_codes[0])).status_code == 200


async def test_new_recovery_codes_replace_the_former_ones(
    as_user: httpx2.AsyncClient, enrolled: App
) -> None:
    url = f"{TOTP}/recovery-codes"
    wrong = {"password": "not the password", "code": enrolled.next_code()}
    assert (await as_user.post(url, json=wrong)).status_code == 403
    wrong = {"password": PASSWORD, "code": "000000"}
    assert (await as_user.post(url, json=wrong)).status_code == 401
    answer = await as_user.post(url, json={"password": PASSWORD, "code": enrolled.code})
    codes = answer.json()["recovery_codes"]
    assert len(codes) == 10
    former = enrolled.recovery_codes[0]
    assert await problem_without_login(as_user, former) == "wrong-code"
    assert (await log_in(as_user, codes[0])).status_code == 200


async def test_an_account_whose_address_is_not_confirmed_sets_up_no_app(
    as_user: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    user.email_verified_at = None
    await session.commit()
    answer = await as_user.post(TOTP, json={"password": PASSWORD})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:problem-type:email-not-confirmed"


async def test_the_first_proof_of_the_address_removes_the_app(
    as_user: httpx2.AsyncClient,
    user: User,
    enrolled: App,
    session: AsyncSession,
    outbox: list[Message],
) -> None:
    user.email_verified_at = None
    await session.commit()
    auth = "/api/v1/auth"
    await as_user.post(f"{auth}/password/forgotten", json={"email": user.email})
    token = outbox[-1].text.partition("#token=")[2].split()[0]
    body = {"token": token, "new_password": "another battery of horses"}
    await as_user.post(f"{auth}/password/reset", json=body)
    answer = await log_in(as_user, password="another battery of horses")
    assert answer.status_code == 200
    assert (await session.scalars(select(RecoveryCode))).all() == []


async def test_a_secret_is_encrypted_again_when_a_key_is_replaced(
    as_user: httpx2.AsyncClient,
    enrolled: App,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former, new = settings.auth.secret_keys, [SecretStr("another" * 5)]
    monkeypatch.setattr(settings.auth, "secret_keys", new + former)
    assert (await log_in(as_user, enrolled.next_code())).status_code == 200
    monkeypatch.setattr(settings.auth, "secret_keys", new)
    assert (await log_in(as_user, enrolled.next_code())).status_code == 200


async def test_the_owner_is_told_when_an_app_is_added_or_removed(
    as_user: httpx2.AsyncClient,
    enrolled: App,
    outbox: list[Message],
    capsys: pytest.CaptureFixture[str],
) -> None:
    body = {"password": PASSWORD, "code": enrolled.next_code()}
    await as_user.post(f"{TOTP}/disable", json=body)
    titles = ["Authenticator app set up", "Authenticator app removed"]
    assert [message.subject for message in outbox] == titles
    logged = capsys.readouterr().out
    assert "totp_disabled" in logged
    for secret in (enrolled.secret, enrolled.code, *enrolled.recovery_codes):
        assert secret not in logged
