"""Every operation of a running server's OpenAPI document, asked once."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from .commands import run
from .generated import Generated, ask
from .openapi import Operation, operations

LOGIN = "/api/v1/auth/login"
EMAIL, PASSWORD = "admin@example.com", "correct horse battery staple"


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is an answer, and may lead away from this machine."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


OPENER = build_opener(_NoRedirect)


@dataclass(frozen=True)
class Short:
    """The part of an answer that every operation documents."""

    status: int
    kind: str


def check_every_route(project: Generated, address: str) -> None:
    """No operation fails, and each answers as documented; where there are accounts,
    an administrator asks."""
    document = ask(f"{address}/openapi.json").document
    logged_in = LOGIN in document["paths"]
    if logged_in:
        create_admin(project)
    token = log_in(address) if logged_in else ""
    for operation in operations(document):
        answer = asked(address, operation, token)
        if answer.status == 401 and operation.needs_login:  # logged out by another
            token = log_in(address)
            answer = asked(address, operation, token)
            assert answer.status != 401, operation
        assert answer.status < 500, f"{operation}: {answer}"
        assert operation.allows(answer.status, answer.kind), f"{operation}: {answer}"


def create_admin(project: Generated) -> None:
    python = f"{project.root}/.venv/bin/python"
    command = [python, "-m", f"{project.package}.auth.create_admin", EMAIL]
    run(command, project.root, project.environment, text=f"{PASSWORD}\n")


def log_in(address: str) -> str:
    form = urlencode({"username": EMAIL, "password": PASSWORD}).encode()
    with OPENER.open(f"{address}{LOGIN}", form, timeout=10) as answer:
        return str(json.load(answer)["access_token"])


def asked(address: str, operation: Operation, token: str) -> Short:
    headers = operation.headers
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = operation.body
    if body:
        headers["Content-Type"] = body[0]
    request = Request(  # noqa: S310 (our own server)
        address + operation.target,
        body[1] if body else None,
        headers,
        method=operation.method,
    )
    try:
        with OPENER.open(request, timeout=10) as answer:
            return Short(answer.status, _kind(answer))
    except HTTPError as error:
        with error:
            return Short(error.code, _kind(error))


def _kind(answer: Any) -> str:
    """The content type, as the header says it; empty if there is none."""
    return str(answer.headers.get("Content-Type") or "").partition(";")[0]
