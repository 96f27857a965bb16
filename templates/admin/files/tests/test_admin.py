"""What the admin does with tables, and what it refuses."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError
from starlette.types import Message

from accounts import DEVICE, create_user, events_of
from admin_browsing import Browser
from myapi.admin.columns import is_hidden
from myapi.admin.users import UserView
from myapi.auth import email_tokens, logins, queries
from myapi.auth.models import Purpose, Role, User
from myapi.db.models import Base
from myapi.db.session import AsyncSession
from myapi.mail.delivery import Delivery
from myapi.mail.message import Message as Mail
from myapi.settings import Settings

pytestmark = pytest.mark.slow


async def test_every_table_has_its_pages(admin: Browser) -> None:
    home = await admin.see("/")
    pages = set(re.findall(r'"https://test/admin(/[\w-]+/list)"', home.text))
    mappers = inspect(User).registry.mappers
    mapped = {str(mapper.local_table) for mapper in mappers if not is_hidden(mapper)}
    tables = mapped & set(Base.metadata.tables)
    assert pages == {f"/{name.replace('_', '-')}/list" for name in tables}
    for page in pages:
        for query in (
            "",
            "?q=a",
            "?q=%00",
            "?sort=id__asc",
            "?page=99999999999999999999",
        ):
            assert (await admin.see(page + query)).status_code < 500, page + query


async def test_a_user_is_created_edited_and_deleted(
    admin: Browser, session: AsyncSession, user: User
) -> None:
    form = {"email": "New@Example.com", "role": "user", "is_active": "on"}
    answer = await admin.send("/users/create", **form)
    assert answer.status_code == 303, answer.text
    created = await session.scalar(queries.user_by_email("new@example.com"))
    assert created is not None
    assert created.password_hash is None

    form = {"email": created.email, "role": "admin"}
    await admin.send(f"/users/edit?pk={created.id}", **form)
    await session.refresh(created)
    assert (created.role, created.is_active) == (Role.ADMIN, False)

    assert (await admin.act("delete", created)).status_code == 200
    assert await session.scalar(queries.user_by_email("new@example.com")) is None


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"email": "ada@example.com"}, "Another row has this value."),
        ({"email": "nonsense"}, "Invalid email address"),
        ({"email": "x\0@example.com"}, "Invalid email address"),
        ({"role": "emperor"}, "This is not valid."),
        ({"email_verified_at": "yesterday"}, "This is not valid."),
        ({"role": "user"}, "This is your own account."),
        ({"is_active": ""}, "This is your own account."),
    ],
)
async def test_what_cannot_be_saved_is_said_in_the_form(
    admin: Browser, admin_user: User, user: User, form: dict[str, str], says: str
) -> None:
    before = {"email": admin_user.email, "role": "admin", "is_active": "on"}
    answer = await admin.send(f"/users/edit?pk={admin_user.id}", **{**before, **form})
    assert answer.status_code == 422
    assert says in answer.text
    assert await admin.is_inside()


async def test_an_administrator_cannot_delete_themselves(
    admin: Browser, admin_user: User
) -> None:
    answer = await admin.act("delete", admin_user)
    assert answer.json() == {"msg": "This is your own account."}
    assert await admin.is_inside()


async def test_tables_of_logins_are_read_only(admin: Browser) -> None:
    assert (await admin.see("/logins/list")).status_code == 200
    assert (await admin.see("/logins/create")).status_code == 403
    assert (await admin.send("/logins/create", user="x")).status_code == 403


@pytest.mark.parametrize("key", ["users", "logins", "refresh-tokens", "email-tokens"])
async def test_secrets_are_never_shown(
    admin: Browser,
    session: AsyncSession,
    settings: Settings,
    admin_user: User,
    key: str,
) -> None:
    await logins.log_in(session, events_of(settings), admin_user, DEVICE)
    await email_tokens.issue(
        session, admin_user, Purpose.VERIFY_EMAIL, "a@example.com", timedelta(1)
    )
    await session.commit()

    export = f"/_api/{key}/action?name=export&all=1"
    answers = [
        await admin.see(f"/{key}/list"),
        await admin.see(f"/_api/{key}/relation-lookup"),
        await admin.send(export, scope="all", format="csv", fields="password_hash"),
        await admin.send(export, scope="all", format="json", fields="digest"),
    ]
    rows = answers[-1].json()
    for row in rows:
        answers.append(await admin.see(f"/{key}/detail?pk={row['Id']}"))
        answers.append(await admin.see(f"/{key}/edit?pk={row['Id']}"))
    assert rows
    for answer in answers:
        found = re.search(r"argon2|password.hash|digest", answer.text, re.IGNORECASE)
        assert found is None, (answer.url, found)


async def test_texts_are_no_formulas_of_spreadsheets(
    admin: Browser, session: AsyncSession
) -> None:
    await create_user(session, "=1+1@example.com")
    answer = await admin.send(
        "/_api/users/action?name=export&all=1", scope="all", format="csv"
    )
    assert ",'=1+1@example.com," in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/logout",
        "/users/create",
        "/users/edit?pk={id}",
        "/_api/users/action?name=delete&pks={id}",
        "/_api/users/row-action?name=delete&pk={id}",
        "/_api/users/inline-edit?pk={id}&field=email",
        "/_api/users/import",
    ],
)
async def test_a_form_of_another_site_is_refused(
    admin: Browser, user: User, path: str
) -> None:
    url = f"/admin{path.format(id=user.id)}"
    form = {"email": "x@example.com", "role": "admin"}
    for headers in (
        {},
        {"X-CSRFToken": "nonsense"},
        {"X-CSRFToken": admin.token, "Sec-Fetch-Site": "same-site"},
        {"X-CSRFToken": admin.token, "Origin": "https://elsewhere.example"},
    ):
        answer = await admin.client.post(url, data=form, headers=headers)
        assert answer.status_code == 403, headers
    assert await admin.is_inside()


async def test_another_site_may_link_here_but_not_read(admin: Browser) -> None:
    site = {"Sec-Fetch-Site": "cross-site"}
    link = {**site, "Sec-Fetch-Mode": "navigate"}
    script = {**site, "Sec-Fetch-Mode": "cors"}
    for headers, status in ((link, 200), (script, 403)):
        answer = await admin.client.get("/admin/users/list", headers=headers)
        assert answer.status_code == status


async def test_pages_ask_no_other_host_and_stand_in_no_frame(
    admin_browser: Browser, admin_user: User
) -> None:
    pages = [await admin_browser.see("/login")]
    await admin_browser.log_in(admin_user.email)
    pages += [
        await admin_browser.see(path) for path in ("/", "/users/list", "/users/create")
    ]
    for page in pages:
        assert page.status_code == 200
        policy = page.headers["content-security-policy"]
        assert "default-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        linked = re.findall(
            r"""(?:src|href|action|url)[=(]["']?https?:([^"')]+)""", page.text
        )
        assert {url.split("/")[2] for url in linked} == {"test"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/users/detail?pk=nonsense", 404),
        ("/users/edit?pk=nonsense", 404),
        ("/nothing/list", 404),
        ("/_api/users/relation-lookup?pks=nonsense", 200),
    ],
)
async def test_an_address_with_nonsense_is_no_crash(
    admin: Browser, path: str, status: int
) -> None:
    assert (await admin.see(path)).status_code == status


async def test_a_crash_tells_nothing(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: object, **__: object) -> None:
        raise RuntimeError("the secret plan")

    monkeypatch.setattr(UserView, "find_all", crash)
    answer = await admin.see("/users/list")
    assert answer.status_code == 500
    assert answer.text == "Internal server error"


async def test_a_database_that_is_down_is_no_crash(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError(None, None, ConnectionRefusedError())

    monkeypatch.setattr(queries, "open_login", fail)
    answer = await admin.see("/users/list")
    assert answer.status_code == 503
    assert answer.text == "Database unavailable"


async def test_there_are_no_websockets(app: FastAPI) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/admin/users/list", "headers": []}
    await app(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_a_change_of_a_role_is_logged(
    admin: Browser, admin_user: User, user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    form = {"email": user.email, "role": "admin", "is_active": "on"}
    await admin.send(f"/users/edit?pk={user.id}", **form)
    (line,) = [
        line for line in capsys.readouterr().out.splitlines() if "role_changed" in line
    ]
    for part in (f"user_id={user.id}", f"by={admin_user.id}", "client=127.0.0.1"):
        assert part in line


async def test_the_owner_is_told_of_an_address_that_an_administrator_changes(
    admin: Browser,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sent = []

    async def deliver(_: Delivery, mail: Mail) -> None:
        sent.append((mail.to, mail.subject))

    monkeypatch.setattr(Delivery, "deliver", deliver)
    form = {"email": "new@example.com", "role": "user", "is_active": "on"}
    for _ in range(2):  # the second time, nothing changes
        await admin.send(f"/users/edit?pk={user.id}", **form)
    assert sent == [("ada@example.com", "New address")]
    assert capsys.readouterr().out.count("email_changed") == 1
