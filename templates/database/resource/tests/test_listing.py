from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from myapi.db.reading import Reader
from myapi.db.session import AsyncSession
from myapi.listing import Listing, list_page
from myapi.pagination import PageQuery
from notes import Note


class NoteRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    text: str


class NoteQuery(PageQuery):
    before: str | None = None
    sort: Literal["created_at", "-created_at"]


LISTING = Listing(select(Note), NoteRead, {"before": Note.text < bindparam("before")})


@pytest.mark.parametrize(("sort", "rest"), [("created_at", "c"), ("-created_at", "a")])
async def test_a_page_goes_on_after_a_row_that_does_not_fit_any_more(
    connection: AsyncConnection,
    session: AsyncSession,
    reader: Reader,
    sort: Literal["created_at", "-created_at"],
    rest: str,
) -> None:
    await connection.run_sync(Note.metadata.create_all)
    session.add_all(notes := [Note(text=text) for text in "abc"])
    await session.flush()
    query = NoteQuery(before="d", sort=sort, limit=2)
    first = await list_page(reader, LISTING, query)
    assert first.next == notes[1].id
    notes[1].text = "e"
    await session.flush()
    query = NoteQuery(before="d", sort=sort, after=first.next)
    assert (await list_page(reader, LISTING, query)).data == [NoteRead(text=rest)]
