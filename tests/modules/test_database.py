"""The database of a project, reached as `DATABASE_URL` says."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from tests.projects.conftest import Make

SSL_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])

CONNECT = """
import asyncio
from shop.db.engine import create_engine
from shop.settings import get_settings

async def connect():
    async with create_engine(get_settings().database).connect():
        pass

try:
    asyncio.run(connect())
except Exception as error:
    print(repr(error))
"""


@dataclass
class TLSServer:
    """Speaks the TLS part of the PostgreSQL protocol, then closes the connection."""

    listening: socket.socket
    context: ssl.SSLContext
    certificate: Path
    over_tls: int = 0
    in_clear: int = 0

    def serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                connection, _ = self.listening.accept()
                with connection, suppress(OSError):
                    self.answer(connection)

    def answer(self, connection: socket.socket) -> None:
        if connection.recv(8) != SSL_REQUEST:
            self.in_clear += 1
            return
        connection.sendall(b"S")
        with self.context.wrap_socket(connection, server_side=True) as safe:
            if safe.recv(8):
                self.over_tls += 1


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[TLSServer]:
    key, certificate = tmp_path / "server.key", tmp_path / "server.crt"
    new = ("openssl", "req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=localhost")
    names = ("-addext", "subjectAltName=DNS:localhost")
    files = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run([*new, *names, *files], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = TLSServer(listening, context, certificate)
        Thread(target=server.serve, daemon=True).start()
        yield server


def test_sslmode_is_what_libpq_makes_of_it(make: Make, tls_server: TLSServer) -> None:
    project = make("shop", "--with", "database", "--set", "database.engine=postgres")
    root = f"&sslrootcert={tls_server.certificate}"

    def connect(host: str, parameters: str) -> str:
        tls_server.over_tls = tls_server.in_clear = 0
        port = tls_server.listening.getsockname()[1]
        url = f"postgres://user@{host}:{port}/shop?{parameters}"
        own = project.with_variables(DATABASE_URL=url)
        return own.tool("python", "-c", CONNECT)

    for mode in ("require", "require&channel_binding=require"):
        connect("127.0.0.1", f"sslmode={mode}")
        assert (tls_server.over_tls, tls_server.in_clear) == (1, 0), mode
    connect("127.0.0.1", f"sslmode=verify-ca{root}")
    assert tls_server.over_tls == 1
    connect("localhost", f"sslmode=verify-full{root}")
    assert tls_server.over_tls == 1
    for host, parameters in (
        ("127.0.0.1", f"sslmode=verify-full{root}"),
        ("localhost", "sslmode=verify-full&sslrootcert=system"),
    ):
        assert "certificate verify failed" in connect(host, parameters)
        assert (tls_server.over_tls, tls_server.in_clear) == (0, 0)
    connect("127.0.0.1", "sslmode=disable")
    assert (tls_server.over_tls, tls_server.in_clear) == (0, 1)
