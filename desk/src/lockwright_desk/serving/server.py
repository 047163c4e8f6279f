"""The server: uvicorn behind the desk's own door, with TLS."""

from __future__ import annotations

import asyncio
import math
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import uvicorn
from lockwright.errors import reason_of
from lockwright.i18n import _

from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment.desk import Desk
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.serving.door.crowd import Crowd
from lockwright_desk.serving.door.descriptors import BACKLOG, connections_possible
from lockwright_desk.serving.door.entrance import Door
from lockwright_desk.serving.halves import Halves
from lockwright_desk.serving.metrics import Metrics
from lockwright_desk.serving.monitoring import counted, monitoring
from lockwright_desk.serving.workers import Worker

_GRACE_SECONDS = 10
_ACCEPTED_AT_ONCE = 4
_WATCHERS = 64
"""Connections of the bank's own network that ask how the desk is."""


@dataclass(frozen=True, slots=True)
class Served:
    """What one process serves, and whom it tells."""

    sockets: Sequence[socket.socket]
    """What clients connect to."""
    monitored: Sequence[socket.socket]
    """What the bank's own network asks; may be none."""
    tls: ssl.SSLContext | None
    """Made before the processes are forked, so that each takes up what another has begun."""
    metrics: Metrics
    ready: Callable[[], None]
    """Called once it serves."""
    worker: Worker | None = None
    """Which of several processes this is; None for the only one."""


def serve(desk: Desk, served: Served) -> None:
    """Serve until the process is asked to end; requests in progress are finished.

    Args:
        desk: the desk.
        served: what is served.
    """
    limits, share = desk.settings.limits, desk.share
    crowd = Crowd(
        connections_possible(math.ceil(limits.connections / share)),
        math.ceil(limits.address_connections / share),
    )
    door = Door(crowd, served.tls, desk.settings.proxy.trusted)
    # As many are accepted in one go: of several processes none takes them all.
    backlog = BACKLOG if served.worker is None else _ACCEPTED_AT_ONCE
    halves = Halves(desk)
    config = _config(counted(halves, served.metrics), door, backlog)
    beside = _config(
        monitoring(desk, served.metrics),
        Door(Crowd(_WATCHERS, _WATCHERS), None, ()),
        _ACCEPTED_AT_ONCE,
    )
    server = _Server(config, uvicorn.Server(beside), crowd, served)
    server.ends = halves.end
    # uvicorn ends in order at Ctrl-C, then hands it on.
    with suppress(KeyboardInterrupt):
        server.run(list(served.sockets))


def _config(app: Any, door: Door, backlog: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        # uvicorn only calls it; the class that it expects could not be told of the door.
        http=cast(type[asyncio.Protocol], door.entrance),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=backlog,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


class _Server(uvicorn.Server):
    """Serves clients, and beside them whoever watches; ends with the parent of workers."""

    def __init__(
        self, config: uvicorn.Config, beside: uvicorn.Server, crowd: Crowd, served: Served
    ) -> None:
        super().__init__(config)
        self._beside = beside
        self._crowd = crowd
        self._served = served
        self.ends: Callable[[], None] = lambda: None
        """Called before connections are waited for."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._served.monitored:
            self._beside.config.load()
            self._beside.lifespan = self._beside.config.lifespan_class(self._beside.config)
            await self._beside.startup(list(self._served.monitored))
        for each in (*self._served.sockets, *self._served.monitored):
            each.listen(BACKLOG)  # what waits to be accepted; asyncio has made it as few as above
        worker = self._served.worker
        if worker is not None:
            asyncio.get_running_loop().add_reader(worker.parent, self._parent_gone, worker.parent)
        if self.started:
            self._served.ready()

    async def on_tick(self, counter: int) -> bool:
        self._served.metrics.connected(self._crowd.count)
        if self._beside.started:
            await self._beside.on_tick(counter)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.ends()
        await super().shutdown(sockets)
        if self._beside.started:
            await self._beside.shutdown(list(self._served.monitored))

    def _parent_gone(self, parent: int) -> None:
        asyncio.get_running_loop().remove_reader(parent)
        self.should_exit = True


def tls(settings: Settings) -> ssl.SSLContext | None:
    """TLS 1.2 or newer; a client may show a certificate, which then must lead to a CA of ours.

    Beside the desk's own those may be CAs whose certificates operators sign in with. Enrolment
    knows each certificate that it issued by its bytes, and takes none of theirs for its own.

    The keys of its tickets are made with it (RFC 5077; RFC 8446, 2.2): in processes that are forked
    after that, a client takes its session up again whichever of them it meets.

    Returns:
        The context; None behind a proxy that ends TLS.

    Raises:
        DeskNotReady: the server's certificate or its key cannot be used.
    """
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
    if settings.signin is not None and settings.signin.client_ca is not None:
        _trust(context, settings.signin.client_ca)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.options |= ssl.OP_NO_RENEGOTIATION  # a handshake is the server's work
    # The CA itself is trusted, also where the root above it is not in its file.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _trust(context: ssl.SSLContext, file: Path) -> None:
    try:
        context.load_verify_locations(file)
    except ssl.SSLError as error:
        said = _("TLS cannot use the CAs of {file} ({reason})")
        raise DeskNotReady(reason=said.format(file=file, reason=error.reason or "PEM")) from None
    except OSError as error:
        raise DeskNotReady(reason=f"{file}: {_(reason_of(error))}") from None
