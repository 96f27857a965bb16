"""The application, for clients behind a proxy: their addresses and schemes are what the
proxies at FORWARDED_ALLOW_IPS say.

Hypercorn's own middleware believes everybody, and copies the application's state with
each request.
"""

import os
import sys
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from myapi import main

Network = IPv4Network | IPv6Network


class ForwardedMiddleware:
    def __init__(self, app: ASGIApp, proxies: Sequence[Network]) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client and self.trusts(client[0]):
            self.believe(scope)
        await self.app(scope, receive, send)

    def trusts(self, address: str) -> bool:
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self.proxies)

    def believe(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        scheme = headers.get("x-forwarded-proto")
        if scheme in ("http", "https"):
            websocket = scope["type"] == "websocket"
            scope["scheme"] = scheme.replace("http", "ws") if websocket else scheme
        given = ",".join(headers.getlist("x-forwarded-for")).split(",")
        if hops := [hop.strip() for hop in given if hop.strip()]:
            # Each proxy adds whom it sees; what a client made up stands before that.
            unknown = [hop for hop in hops if not self.trusts(hop)]
            scope["client"] = (unknown[-1] if unknown else hops[0], 0)


def trusted_proxies() -> Sequence[Network]:
    """FORWARDED_ALLOW_IPS: addresses and networks with commas between them, or `*`."""
    text = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
    parts = "0.0.0.0/0,::/0" if text == "*" else text
    try:
        return [ip_network(part.strip()) for part in parts.split(",") if part.strip()]
    except ValueError as error:
        sys.exit(f"FORWARDED_ALLOW_IPS: {error}")


app = ForwardedMiddleware(main.app, trusted_proxies())
