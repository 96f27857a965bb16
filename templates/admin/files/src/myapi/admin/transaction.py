from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_admin.helpers import run_on_commit_callbacks

from myapi.auth.csrf import SAFE
from myapi.mail.mailer import Mailer


class TransactionMiddleware:
    """`request.state.session`: one transaction, committed before the answer leaves."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        reads = request.method in SAFE
        sessions = request.state.read_sessions if reads else request.state.sessions
        async with sessions() as session:
            request.state.session = session
            request.state.mailer = Mailer()

            async def send_after_commit(message: Message) -> None:
                if message["type"] == "http.response.start" and message["status"] < 400:
                    await session.commit()
                    await run_on_commit_callbacks(request)
                    for mail in request.state.mailer.messages:
                        await request.state.post(mail)
                await send(message)

            await self.app(scope, receive, send_after_commit)
