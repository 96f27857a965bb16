"""Runs inside schemathesis, in the environment of a project: its requests come from
somebody who is logged in; an administrator if ROLE says so."""

import os
import subprocess
import sys
from typing import Any
from uuid import uuid4

import requests
import schemathesis

AUTH = os.environ["ADDRESS"] + "/api/v1/auth"
PASSWORD = "correct horse battery staple"  # noqa: S105 (of nobody)


@schemathesis.auth(refresh_interval=None)
class Somebody:
    """Logging out is among what is asked, and deleting the account: then a new login
    goes on, or somebody else."""

    def __init__(self) -> None:
        self.email = ""
        self.headers: dict[str, str] = {}

    def get(self, case: Any, context: Any) -> dict[str, str]:
        me = requests.get(f"{AUTH}/me", headers=self.headers, timeout=10)
        if me.status_code == 401:
            token = token_of(self.email) if self.email else None
            if token is None:
                self.email = new_account()
                token = token_of(self.email)
            self.headers = {"Authorization": f"Bearer {token}"}
        return self.headers

    def set(self, case: Any, data: dict[str, str], context: Any) -> None:
        case.headers.update(data)


def token_of(email: str) -> str | None:
    form = {"username": email, "password": PASSWORD}
    answer = requests.post(f"{AUTH}/login", data=form, timeout=10)
    return answer.json()["access_token"] if answer.ok else None


def new_account() -> str:
    email = f"{uuid4().hex}@example.com"
    if os.environ["ROLE"] == "admin":
        subprocess.run(
            [sys.executable, "-m", f"{os.environ['PACKAGE']}.auth.create_admin", email],
            cwd=os.environ["ROOT"],
            input=f"{PASSWORD}\n",
            text=True,
            check=True,
        )
    else:
        account = {"email": email, "password": PASSWORD}
        requests.post(f"{AUTH}/users", json=account, timeout=10).raise_for_status()
    return email
