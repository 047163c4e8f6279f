"""A small EST server over TLS for tests: it issues, makes wait, refuses, and misbehaves on demand.

It is not a model of a good server: it keeps everything in memory and believes every subject.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from lockwright_testkit.pki import TestCa, server_context

PKCS7 = "application/pkcs7-mime"


@dataclass(frozen=True)
class Reply:
    """An answer as a test wants it."""

    status: int = 200
    """Status code."""
    body: bytes = b""
    """Body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers beside Content-Length."""
    cut: int | None = None
    """Close after so many bytes of the body, though Content-Length promises all."""
    pause: float = 0
    """Seconds before each byte of the body."""


@dataclass(frozen=True)
class Asked:
    """A request that came in."""

    method: str
    """Its method."""
    path: str
    """Its path."""
    headers: Mapping[str, str]
    """Its headers, names in lower case."""
    body: bytes
    """Its body."""

    @property
    def operation(self) -> str:
        """The last part of the path, such as ``simpleenroll``."""
        return self.path.rpartition("/")[2]

    @property
    def login(self) -> str | None:
        """Who asks; None without HTTP Basic."""
        return self._basic[0] if self._basic else None

    @property
    def password(self) -> str | None:
        """The password that came with it; None without HTTP Basic."""
        return self._basic[1] if self._basic else None

    @property
    def _basic(self) -> tuple[str, str] | None:
        scheme, _space, pair = self.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return None
        login, _colon, password = base64.b64decode(pair).decode().partition(":")
        return login, password


class EstServer:
    """An EST server on a free port of this computer; use it as a context manager.

    Args:
        ca: issues the certificates.
        logins: one-time passwords by login; a password is good for one key only, as often as it
            is sent.
        server_ca: issues the server's own certificate; None for ``ca``.
        names: what that certificate is for.
    """

    def __init__(
        self,
        ca: TestCa,
        logins: Mapping[str, str],
        *,
        server_ca: TestCa | None = None,
        names: tuple[str, ...] = ("localhost", "127.0.0.1"),
    ) -> None:
        self.ca = ca
        self.logins = dict(logins)
        self.replies: dict[str, list[Reply]] = {}
        """Answers to be given before the usual ones, by operation."""
        self.instead: Callable[[Asked], Reply | None] = lambda _asked: None
        """Answers before anything else does; None leaves it to the others."""
        self.asked: list[Asked] = []
        """Every request that came in, but for those in ``questions``."""
        self.questions: list[Asked] = []
        """Orders without a body and a login, which can only be meant to draw a challenge."""
        self.challenge = 'Basic realm="bank"'
        """What a 401 for no login offers; empty for nothing."""
        self.issued: dict[bytes, x509.Certificate] = {}
        """Certificates by the request that they were ordered with, DER."""
        self._used: dict[str, bytes] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._http.daemon_threads = True
        # A handshake that fails must not end the thread that accepts connections.
        self._http.socket = server_context(server_ca or ca, *names).wrap_socket(
            self._http.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._http.server_port

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://localhost:{self.port}"

    def script(self, operation: str, *replies: Reply) -> None:
        """Have the next requests of an operation answered so; the usual answers follow."""
        self.replies.setdefault(operation, []).extend(replies)

    def forget(self) -> None:
        """Let every password be used for another key."""
        self._used.clear()

    def issued_to(self, login: str) -> x509.Certificate | None:
        """The certificate that a login's password was good for; None if it got none."""
        return self.issued.get(self._used.get(login, b""))

    def operations(self) -> list[str]:
        """The operations that were asked for, in order."""
        return [asked.operation for asked in self.asked]

    def answer(self, asked: Asked) -> Reply:
        """What a request gets; it is noted."""
        if asked.method == "POST" and not asked.body and "authorization" not in asked.headers:
            self.questions.append(asked)
            return self.challenged()
        self.asked.append(asked)
        return self.reply(asked)

    def challenged(self) -> Reply:
        """What nobody's order gets."""
        headers = {"WWW-Authenticate": self.challenge} if self.challenge else {}
        return Reply(401, b"who is it?", {"Content-Type": "text/plain", **headers})

    def reply(self, asked: Asked) -> Reply:
        """What a request gets that asks for something."""
        if (own := self.instead(asked)) is not None:
            return own
        if scripted := self.replies.get(asked.operation):
            return scripted.pop(0)
        match asked.method, asked.operation:
            case "GET", "cacerts":
                return certs_only(self.ca.certificate)
            case "POST", "simpleenroll" | "simplereenroll":
                return self.order(asked)
            case _:
                return Reply(404)

    def order(self, asked: Asked) -> Reply:
        """What an order gets that nothing disturbs."""
        login = asked.login
        if login is None or self.logins.get(login) != asked.password:
            return Reply(401, b"wrong login or password", {"Content-Type": "text/plain"})
        try:
            return certs_only(self.certificate_for(login, base64.b64decode(asked.body)))
        except PermissionError as error:
            return Reply(401, str(error).encode(), {"Content-Type": "text/plain"})

    def certificate_for(self, login: str, request: bytes) -> x509.Certificate:
        """The certificate for a request, PKCS#10 in DER; see ``issue_once``."""
        csr = x509.load_der_x509_csr(request)
        return self.issue_once(login, request, csr.public_key(), csr.subject.rfc4514_string())

    def issue_once(
        self, login: str, request: bytes, public_key: CertificatePublicKeyTypes, subject: str
    ) -> x509.Certificate:
        """A certificate; the same as often as it is asked for.

        Args:
            login: who asks.
            request: what tells this order from others.
            public_key: the key.
            subject: the subject (RFC 4514).

        Raises:
            PermissionError: the login's password was good for another key.
        """
        if (issued := self.issued.get(request)) is not None:
            return issued
        if self._used.setdefault(login, request) != request:
            raise PermissionError("the password is used")
        self.issued[request] = self.ca.issue(public_key, subject)
        return self.issued[request]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._http.shutdown()
        self._http.server_close()


def certs_only(*certificates: x509.Certificate) -> Reply:
    """Certificates as an EST server sends them, in one line of base64."""
    der = pkcs7.serialize_certificates(list(certificates), Encoding.DER)
    return Reply(200, base64.b64encode(der), {"Content-Type": f"{PKCS7}; smime-type=certs-only"})


def _handler_of(server: EstServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # http.server calls it so
            self._serve()

        def do_POST(self) -> None:  # http.server calls it so
            self._serve()

        def log_message(self, *_what: object) -> None:
            """Nothing on stderr."""

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._send(server.answer(Asked(self.command, self.path, headers, body)))

        def _send(self, reply: Reply) -> None:
            with _gone_ignored():
                self.send_response_only(reply.status)  # and not who answers, which a test says
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                if reply.pause:
                    for byte in reply.body:
                        time.sleep(reply.pause)
                        self.wfile.write(bytes([byte]))
                self.wfile.write(reply.body[len(reply.body) if reply.pause else 0 : reply.cut])
            self.close_connection = True

    return Handler


@contextmanager
def _gone_ignored() -> Iterator[None]:
    """A client that went away is what some tests are about."""
    try:
        yield
    except OSError:
        return
