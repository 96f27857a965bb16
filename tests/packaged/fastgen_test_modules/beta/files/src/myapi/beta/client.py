from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from fastapi import Request


@dataclass(frozen=True)
class Beta:
    name: str


@asynccontextmanager
async def connect(name: str) -> AsyncIterator[Beta]:
    yield Beta(name)


async def check(request: Request) -> None:
    beta = cast("Beta", request.state.beta)
    if not beta.name:
        raise ConnectionError("beta has no name")
