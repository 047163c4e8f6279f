"""The server: uvicorn behind the desk's own door, with TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import uvicorn
from lockwright.errors import reason_of
from lockwright.i18n import _

from lockwright_desk.desk import Desk
from lockwright_desk.door.crowd import Crowd
from lockwright_desk.door.descriptors import BACKLOG, connections_possible
from lockwright_desk.door.entrance import Door
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.est.asgi import application
from lockwright_desk.settings import Settings

_GRACE_SECONDS = 10


def serve(desk: Desk, started: Callable[[int], None], *, port: int | None = None) -> None:
    """Serve until the process is asked to end; requests in progress are finished.

    Args:
        desk: the desk.
        started: called with the port, once the server listens.
        port: port to listen on instead of the configured one.

    Raises:
        DeskNotReady: the server's certificate or its key cannot be used.
    """
    settings, limits = desk.settings.server, desk.settings.limits
    crowd = Crowd(connections_possible(limits.connections), limits.address_connections)
    door = Door(crowd, _tls(desk.settings), desk.settings.proxy.trusted)
    config = uvicorn.Config(
        application(desk),
        host=settings.host,
        port=settings.port if port is None else port,
        # uvicorn only calls it; the class that it expects could not be told of the door.
        http=cast(type[asyncio.Protocol], door.entrance),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=_GRACE_SECONDS,
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
    context.options |= ssl.OP_NO_RENEGOTIATION  # a handshake is the server's work
    # The CA itself is trusted, also where the root above it is not in its file.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
