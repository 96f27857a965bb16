"""`handler`, which AWS Lambda calls for API Gateway, function URLs and balancers."""

import asyncio
import logging
from typing import Any

from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES
from mangum.handlers import ALB
from mangum.types import LambdaContext, LambdaEvent, Scope
from starlette.types import ASGIApp

from myapi.main import app
from myapi.serverless.started_once import StartedOnce

# Seconds for what a request leaves behind, such as mail: when the handler returns,
# Lambda freezes the process.
LATE = 5.0

logging.getLogger("mangum").setLevel(logging.WARNING)  # middleware.py logs requests


class LoadBalancer(ALB):
    """Mangum takes all of X-Forwarded-For for the client's address; what stands before
    its last part is what the client says."""

    @property
    def scope(self) -> Scope:
        scope = super().scope
        forwarded, _ = scope["client"]
        return {**scope, "client": (forwarded.rpartition(",")[2].strip(), 0)}


class LambdaHandler:
    def __init__(self, app: ASGIApp) -> None:
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)  # where Mangum looks for it
        self.app = StartedOnce(app)
        self.adapter = Mangum(
            self.app,
            lifespan="off",  # it would be one of each request
            custom_handlers=[LoadBalancer],
            text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, "application/problem+json"],
        )

    def __call__(self, event: LambdaEvent, context: LambdaContext) -> dict[str, Any]:
        self.loop.run_until_complete(self.app.start())
        before = asyncio.all_tasks(self.loop)
        answer = self.adapter(event, context)
        if late := asyncio.all_tasks(self.loop) - before:
            self.loop.run_until_complete(asyncio.wait(late, timeout=LATE))
        return answer


handler = LambdaHandler(app)
