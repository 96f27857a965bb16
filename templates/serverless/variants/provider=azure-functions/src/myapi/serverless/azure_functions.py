"""The application as a function app of Azure: one function, for every route."""

import azure.functions as func
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from myapi.serverless.started_once import StartedOnce


class ClientAddress:
    """Gives a request the address of its client, which Azure's front end writes at the
    end of X-Forwarded-For; what stands before it is what the client says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        forwarded = Headers(scope=scope).get("x-forwarded-for", "")
        address = forwarded.rpartition(",")[2].strip()
        if address.startswith("["):  # [2001:db8::1]:1234
            address = address[1:].partition("]")[0]
        elif address.count(":") == 1:  # 203.0.113.7:1234
            address = address.partition(":")[0]
        client = (address, 0) if address else None
        await self.app({**scope, "client": client}, receive, send)


def create_function_app(app: StartedOnce) -> func.FunctionApp:
    """Azure's own AsgiFunctionApp would start the application once for each request
    that comes before it has started."""
    adapter = func.AsgiMiddleware(ClientAddress(app))  # type: ignore[no-untyped-call]
    # Anonymous: the application itself says who may do what.
    functions = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

    @functions.route("{*path}", methods=[*func.HttpMethod])
    async def http(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        answer: func.HttpResponse = await adapter.handle_async(req, context)
        return answer

    return functions
