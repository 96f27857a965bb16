from typing import Annotated

from pydantic import BaseModel, PlainValidator
from pydantic_settings import NoDecode
from sqlalchemy import URL

from myapi.db.url import database_url

DEFAULT = database_url("postgresql://postgres:postgres@localhost:5432/myapi")


class DatabaseSettings(BaseModel):
    url: Annotated[URL, NoDecode, PlainValidator(database_url)] = DEFAULT
    echo: bool = False
    # Connections of a process: those that stay open for transactions, how many more
    # there may be in a rush, and those for reads alone, which take turns.
    pool_size: int = 10
    max_overflow: int = 5
    read_pool_size: int = 5
    # Seconds for a connection, or for the lock of a SQLite file; then it is a 503.
    timeout: float = 3
    # Seconds for one statement on PostgreSQL; migrations have as many as they need.
    statement_timeout: float | None = 10

    def production_problems(self) -> list[str]:
        return ["DATABASE_URL is that of development"] if self.url == DEFAULT else []
