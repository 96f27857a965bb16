from typing import Protocol, TypeVar, TypeVarTuple

from sqlalchemy import Result, ScalarResult, Select

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class ReadSession(Protocol):
    """The methods of a session that read.

    A function that takes a `ReadSession` takes an `AsyncSession` too, and then sees
    what the request has written.
    """

    async def execute(self, statement: Select[*Ts], /) -> Result[*Ts]: ...

    async def scalar(self, statement: Select[T], /) -> T | None: ...

    async def scalars(self, statement: Select[T], /) -> ScalarResult[T]: ...
