"""The account of all visitors; they share one login, since an address can only log in
so many times."""

import os
import sys
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Self
from urllib.parse import urljoin

import requests
from locust import HttpUser


@dataclass
class Login:
    """Puts an access token into requests, and gets another before it ends."""

    email: str
    password: str = field(repr=False)
    token: str = field(default="", repr=False)
    renew_at: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def from_environment(cls) -> Self:
        try:
            return cls(os.environ["LOADTEST_EMAIL"], os.environ["LOADTEST_PASSWORD"])
        except KeyError as error:
            sys.exit(
                f"{error.args[0]} is not set: LOADTEST_EMAIL and LOADTEST_PASSWORD name"
                " the account of the visitors; `make admin` makes one that may do all."
            )

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        with self.lock:
            if time.monotonic() >= self.renew_at:
                self.renew(str(request.url))
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request

    def renew(self, url: str) -> None:
        form = {"username": self.email, "password": self.password}
        answer = requests.post(urljoin(url, "/api/v1/auth/login"), form, timeout=10)
        answer.raise_for_status()
        tokens = answer.json()
        self.token = tokens["access_token"]
        self.renew_at = time.monotonic() + tokens["expires_in"] / 2


def read_account(visitor: HttpUser) -> None:
    visitor.client.get("/api/v1/auth/me")


def account_id(visitor: HttpUser) -> str:
    return str(visitor.client.get("/api/v1/auth/me").json()["id"])
