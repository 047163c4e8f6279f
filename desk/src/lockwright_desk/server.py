"""The server: uvicorn behind the desk's own door, with TLS."""

from __future__ import annotations

import asyncio
import math
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import cast

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
from lockwright_desk.workers import Worker

_GRACE_SECONDS = 10
_ACCEPTED_AT_ONCE = 4


def serve(
    desk: Desk, sockets: Sequence[socket.socket], ready: Callable[[], None], worker: Worker | None
) -> None:
    """Serve until the process is asked to end; requests in progress are finished.

    Args:
        desk: the desk.
        sockets: what it listens on.
        ready: called once it serves.
        worker: which of several processes this is; None for the only one.

    Raises:
        DeskNotReady: the server's certificate or its key cannot be used.
    """
    limits, share = desk.settings.limits, desk.share
    crowd = Crowd(
        connections_possible(math.ceil(limits.connections / share)),
        math.ceil(limits.address_connections / share),
    )
    door = Door(crowd, _tls(desk.settings), desk.settings.proxy.trusted)
    config = uvicorn.Config(
        application(desk),
        # uvicorn only calls it; the class that it expects could not be told of the door.
        http=cast(type[asyncio.Protocol], door.entrance),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # As many are accepted in one go: of several processes none takes them all.
        backlog=BACKLOG if worker is None else _ACCEPTED_AT_ONCE,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    with suppress(KeyboardInterrupt):  # uvicorn ends in order at Ctrl-C, then hands it on
        _Server(config, ready, worker).run(list(sockets))


class _Server(uvicorn.Server):
    """Tells when it serves; ends with the process that looks after it."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], worker: Worker | None
    ) -> None:
        super().__init__(config)
        self._tell = ready
        self._worker = worker

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(BACKLOG)  # what waits to be accepted; asyncio has made it as few as above
        if self._worker is not None:
            loop = asyncio.get_running_loop()
            loop.add_reader(self._worker.parent, self._parent_gone, self._worker.parent)
        if self.started:
            self._tell()

    def _parent_gone(self, parent: int) -> None:
        asyncio.get_running_loop().remove_reader(parent)
        self.should_exit = True


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
