"""An account is deleted with all its rows, whatever these refer to, and also after a
migration rebuilt one of their tables on SQLite; or it is refused, never an error."""

import pytest

from .commands import fastgen
from .conftest import Make
from .database import OTHER_WAYS, WAYS, shop_with
from .rotation import rotated

RESOURCES = (
    ("resource", "Project", "name:str"),
    ("resource", "Label", "name:str"),
    (
        *("resource", "Task", "title:str", "project:ref:Project"),
        *("parent:ref:Task:restrict:optional", "next:ref:Project:optional"),
        *("within:ref:Project:cascade", "labels:many:Label", "related:many:Task"),
        *("reviewer:ref:User:optional", "author:ref:User:cascade"),
    ),
    ("resource", "Comment", "text:str", "task:ref:Task", "label:ref:Label"),
    ("resource", "Notice", "text:str", "editor:ref:User", "--public-read"),
    ("resource", "Sheet", "text:str", "editor:ref:User:cascade", "--public-read"),
    ("resource", "Post", "text:str", "editor:ref:User:cascade", "--public-read"),
    ("resource", "Note", "sheet:ref:Sheet", "post:ref:Post:cascade", "--public-read"),
    # SQLite creates these tables anew, and then cascades to them in another order.
    ("field", "Project", "name:str:max=300:unique"),
    ("field", "Sheet", "text:str:max=300:unique"),
)

TEST = """\
import pytest
from httpx2 import AsyncClient
from sqlalchemy import func, select

from accounts import PASSWORD
from factories.comments import add_comment
from factories.labels import add_label
from factories.notes import add_note
from factories.notices import add_notice
from factories.sheets import add_sheet
from factories.posts import add_post
from factories.projects import add_project
from factories.tasks import add_task
from shop.auth.models import User
from shop.comments.models import Comment
from shop.db.session import AsyncSession
from shop.labels.models import Label
from shop.notes.models import Note
from shop.projects.models import Project
from shop.tasks.models import Task, tasks_labels, tasks_related

GONE = (Comment, Label, Project, Task, tasks_labels, tasks_related)


async def delete(client: AsyncClient) -> tuple[int, str]:
    body = {"password": PASSWORD}
    answer = await client.post("/api/v1/auth/me/delete", json=body)
    detail = answer.json()["detail"] if answer.content else ""
    return answer.status_code, detail


async def add_rows(session: AsyncSession, user: User) -> Task:
    project = await add_project(session, user)
    keys = {"project_id": project.id, "next_id": project.id, "within_id": project.id}
    keys |= {"reviewer_id": user.id, "author_id": user.id}
    parent = await add_task(session, user, **keys)
    task = await add_task(session, user, parent_id=parent.id, **keys)
    label = await add_label(session, user)
    await add_comment(session, user, task_id=task.id, label_id=label.id)
    pair = {"task_id": task.id, "label_id": label.id}
    await session.execute(tasks_labels.insert().values(pair))
    pair = {"task_id": task.id, "other_task_id": parent.id}
    await session.execute(tasks_related.insert().values(pair))
    await session.commit()
    return task


async def test_rows_are_deleted_with_their_owner(
    as_user: AsyncClient, session: AsyncSession, user: User
) -> None:
    task = await add_rows(session, user)
    used = await as_user.delete(f"/api/v1/tasks/{task.id}")
    assert (used.status_code, used.json()["detail"]) == (409, "Other rows refer to it.")
    assert await delete(as_user) == (204, "")
    for rows in GONE:
        assert await session.scalar(select(func.count()).select_from(rows)) == 0


async def test_a_reviewer_is_deleted_and_the_task_stays(
    as_user: AsyncClient, session: AsyncSession, user: User, admin_user: User
) -> None:
    task = await add_rows(session, admin_user)
    task.reviewer_id = user.id
    await session.commit()
    assert await delete(as_user) == (204, "")
    await session.refresh(task)
    assert task.reviewer_id is None


async def test_an_account_that_other_rows_need_is_kept(
    as_user: AsyncClient, session: AsyncSession, user: User
) -> None:
    await add_notice(session, user)
    await session.commit()
    assert await delete(as_user) == (409, "Other rows refer to it.")


async def test_a_row_that_goes_by_two_ways_is_deleted_or_refused(
    as_user: AsyncClient, session: AsyncSession, user: User
) -> None:
    sheet = await add_sheet(session, user)
    post = await add_post(session, user)
    await add_note(session, user, sheet_id=sheet.id, post_id=post.id)
    await session.commit()
    # PostgreSQL cascades to the sheet, checks it, and cascades to the post.
    sqlite = session.get_bind().dialect.name == "sqlite"
    expected = (204, "") if sqlite else (409, "Other rows refer to it.")
    assert await delete(as_user) == expected
"""


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.parametrize(("orm", "engine"), [*WAYS, *rotated(OTHER_WAYS)])
def test_an_account_is_deleted_with_its_rows(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    project = shop_with("auth", make, orm, engine)
    for words in RESOURCES:
        fastgen("generate", *words, folder=project.root)
    test = project.root / "tests" / "test_account_deletion.py"
    test.write_text(TEST)
    if engine == "postgres":
        project = project.with_variables(TEST_DATABASE_URL=postgres)
    project.passed(files=("tests/test_account_deletion.py", "tests/test_migrations.py"))
