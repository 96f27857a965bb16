"""The application, with an endpoint that takes its time."""

import asyncio
import runpy

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from myapi.main import app

log = structlog.get_logger()


async def slow(_: Request) -> PlainTextResponse:
    log.debug("slow request started")
    await asyncio.sleep(0.5)
    return PlainTextResponse("done")


app.router.routes.insert(0, Route("/slow", slow))

if __name__ == "__main__":
    runpy.run_module("myapi", run_name="__main__")
