"""The server: uvicorn with TLS, and the client's certificate handed on to the application."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn
from lockwright.errors import reason_of
from lockwright.i18n import _
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.h11_impl import H11Protocol

from lockwright_desk.desk import Desk
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.est.asgi import application
from lockwright_desk.settings import Settings

_GRACE_SECONDS = 10
FIRST_REQUEST_SECONDS = 10
"""How long the head of the first request may take."""


def serve(desk: Desk, started: Callable[[int], None], *, port: int | None = None) -> None:
    """Serve until the process is asked to end; requests in progress are finished.

    Args:
        desk: the desk.
        started: called with the port, once the server listens.
        port: port to listen on instead of the configured one.

    Raises:
        DeskNotReady: the server's certificate or its key cannot be used.
    """
    settings = desk.settings.server
    context = _tls(desk.settings)
    config = uvicorn.Config(
        application(desk),
        host=settings.host,
        port=settings.port if port is None else port,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_context_factory=None if context is None else lambda _config, _usual: context,
    )
    with suppress(KeyboardInterrupt):  # uvicorn ends in order at Ctrl-C, then hands it on
        _Server(config, started).run()


class _Server(uvicorn.Server):
    """Tells when it listens, and on which port."""

    def __init__(self, config: uvicorn.Config, started: Callable[[int], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell(self.servers[0].sockets[0].getsockname()[1])


class _Protocol(H11Protocol):
    """Adds what uvicorn leaves out: the TLS extension of ASGI, and an end to waiting.

    uvicorn waits for ever for the head of a first request.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self.loop.call_later(FIRST_REQUEST_SECONDS, self._end_if_idle)
        tls = transport.get_extra_info("ssl_object")
        der = tls.getpeercert(binary_form=True) if tls is not None else None
        if der is not None:
            self.app = _with_certificate(self.app, ssl.DER_cert_to_PEM_cert(der))

    def _end_if_idle(self) -> None:
        if self.cycle is None:  # uvicorn leaves the None out of its type
            self.transport.close()  # type: ignore[unreachable]  # see above


def _with_certificate(app: Any, pem: str) -> ASGI3Application:
    async def told(scope: Any, receive: Any, send: Any) -> None:
        tls = {"client_cert_chain": [pem]}
        await app(
            {**scope, "extensions": {**scope.get("extensions", {}), "tls": tls}}, receive, send
        )

    return told


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """TLS 1.2 or newer; a client may show a certificate, which then must lead to our CA."""
    server = settings.server
    if server.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(server.certificate, server.key)
        context.load_verify_locations(settings.ca.certificate)
    except ssl.SSLError as error:
        said = _("TLS cannot use the certificate {file} with its key ({reason})")
        reason = said.format(file=server.certificate, reason=error.reason or "PEM")
        raise DeskNotReady(reason=reason) from None
    except OSError as error:
        raise DeskNotReady(reason=f"{server.certificate}: {_(reason_of(error))}") from None
    context.verify_mode = ssl.CERT_OPTIONAL
    # The CA itself is trusted, also where the root above it is not in its file.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
