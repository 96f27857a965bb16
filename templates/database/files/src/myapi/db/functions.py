"""Functions of SQL that both databases have by one name."""

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction, now

# In the form in which SQLAlchemy stores a UUID: 32 digits. Two of them are not random,
# because they say that the version is 4.
IN_SQLITE = (
    "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2)"
    " || '8' || substr(hex(randomblob(8)), 2))"
)


class gen_random_uuid(GenericFunction[UUID]):  # noqa: N801 (its name in SQL)
    """A function of PostgreSQL. `func.gen_random_uuid()` is this class, also in
    migrations."""

    type = Uuid()
    inherit_cache = True


@compiles(gen_random_uuid, "sqlite")
def compile_uuid_for_sqlite(*_: object, **__: object) -> str:
    return IN_SQLITE


@compiles(now, "sqlite")
def compile_now_for_sqlite(*_: object, **__: object) -> str:
    """CURRENT_TIMESTAMP has whole seconds. SQLAlchemy stores six digits of a second."""
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
