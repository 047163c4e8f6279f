"""A client that reads answers as libest's does, which no package brings.

What it does is what cisco/libest 3.2.0p does in ``est_client.c`` and ``est_client_http.c``: TLS 1.2
at most; the first request without credentials, and a second one, over a new connection, with what
the 401 asks for; a line end behind the body that its length does not count; the answer read until
the server closes; at most sixteen headers, three of them known only in one spelling; base64 by
OpenSSL's ``BIO_f_base64``, here the ``openssl`` program's.
"""

from __future__ import annotations

import base64
import socket
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desk_client import Place, basic

_PREFIX = "/.well-known/est"
_CERTIFICATES = "application/pkcs7-mime"
_TYPES = {
    "cacerts": _CERTIFICATES,
    "csrattrs": "application/csrattrs",
    "simpleenroll": f"{_CERTIFICATES}; smime-type=certs-only",
    "simplereenroll": f"{_CERTIFICATES}; smime-type=certs-only",
}
_STATES = (200, 202, 204, 400, 401, 404, 423)
_MOST_HEADERS = 16
_LONGEST = 60


class Unread(Exception):  # as in "the answer was left unread"
    """What libest could not use of an answer."""


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    rest: bytes


class LibestLike:
    """The client.

    Args:
        server: the server.
        identity: files with a certificate and its key.
        label: the path segment that it was built and told to use; None for none.
    """

    def __init__(
        self, server: Place, identity: tuple[Path, Path] | None = None, *, label: str | None = None
    ) -> None:
        self._port = server.port
        self._root = f"{_PREFIX}/{label}" if label else _PREFIX
        self._context = ssl.create_default_context(cafile=str(server.ca))
        self._context.maximum_version = ssl.TLSVersion.TLSv1_2
        if identity is not None:
            self._context.load_cert_chain(*identity)

    def get(self, operation: str) -> bytes:
        """What is at ``/cacerts`` or ``/csrattrs``, DER."""
        return _payload(self._ask(f"GET {self._root}/{operation} HTTP/1.1\r\n", ""), operation)

    def order(self, operation: str, csr: bytes, login: str = "", password: str = "") -> bytes | int:
        """The certificate's CMS, DER; the seconds to wait if it is not there yet."""
        text = base64.encodebytes(csr).decode()
        line = f"POST {self._root}/{operation} HTTP/1.1\r\n"
        about = f"Content-Type: application/pkcs10\r\nContent-Length: {len(text)}\r\n"
        heard = self._ask(line, f"{text}\r\n", about)
        if heard.status == 401 and login:
            if not heard.headers.get("WWW-Authenticate", "").startswith("Basic"):
                raise Unread("no scheme of authentication that is known")
            about += f"Authorization: {basic(login, password)}\r\n"
            heard = self._ask(line, f"{text}\r\n", about)
        if heard.status == 202:
            return int(heard.headers["Retry-After"])
        return _payload(heard, operation)

    def _ask(self, line: str, body: str, about: str = "") -> Heard:
        said = (
            f"{line}User-Agent: libest 3.2.0p\r\nConnection: close\r\n"
            f"Host: localhost:{self._port}\r\nAccept: */*\r\n{about}\r\n{body}"
        )
        raw = socket.create_connection(("127.0.0.1", self._port), _LONGEST)
        with self._context.wrap_socket(raw, server_hostname="localhost") as connection:
            connection.sendall(said.encode())
            heard = b""
            while part := connection.recv(65536):
                heard += part
        return _parsed(heard)


def _parsed(heard: bytes) -> Heard:
    head, _blank, rest = heard.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    for status in _STATES:
        if first.startswith(f"HTTP/1.1 {status}"):
            pairs = (line.partition(":") for line in lines[:_MOST_HEADERS])
            return Heard(status, {name: value.strip() for name, _colon, value in pairs}, rest)
    raise Unread(first)


def _payload(heard: Heard, operation: str) -> bytes:
    if heard.status != 200:
        raise Unread(f"{heard.status} {heard.rest.decode()}")
    if not heard.headers.get("Content-Type", "").startswith(_TYPES[operation]):
        raise Unread(f"no Content-Type that is known: {heard.headers}")
    body = heard.rest[: int(heard.headers.get("Content-Length", "0"))]
    done = subprocess.run(["openssl", "base64", "-d"], input=body, check=False, capture_output=True)
    if done.returncode != 0 or not done.stdout:
        raise Unread(f"no base64 in lines: {body[:80]!r}")
    return done.stdout
