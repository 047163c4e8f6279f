"""A mail server and a service that takes notices, both over TLS, as a bank has them."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What a mail server took."""

    port: int = 0
    replies: list[str] = field(default_factory=list)
    """What it says to the next messages, in place of taking them."""
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        if self.replies:
            return self.replies.pop(0)
        assert isinstance(envelope.original_content, bytes)
        mail = message_from_bytes(envelope.original_content, policy=policy.SMTPUTF8)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class _OnAnyPort(Controller):
    """A controller that looks for itself where it is, not at the port 0 that it was given."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library says nothing


@contextmanager
def mail_server(context: ssl.SSLContext | None) -> Iterator[Mailbox]:
    """A mail server on a free port; without a context it does not offer STARTTLS."""
    box = Mailbox()
    controller = _OnAnyPort(
        box,
        hostname="127.0.0.1",
        port=0,
        server_hostname="localhost",
        tls_context=context,
        require_starttls=context is not None,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


@dataclass
class Posted:
    """What a service was sent."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """What a service took."""

    port: int = 0
    statuses: list[int] = field(default_factory=list)
    """What it answers next, in place of 204."""
    posted: list[Posted] = field(default_factory=list)


@contextmanager
def service(context: ssl.SSLContext) -> Iterator[Service]:
    """A service on a free port."""
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that the server calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.posted.append(Posted(self.path, dict(self.headers), body))
            self.send_response(made.statuses.pop(0) if made.statuses else 204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
