"""The first that a connection meets: it is counted here, and its TLS handshake has an end."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import sslproto
from dataclasses import dataclass
from typing import Any

from lockwright_desk.configuration.settings import Network
from lockwright_desk.http import addresses
from lockwright_desk.serving.door.crowd import Crowd, Guest
from lockwright_desk.serving.door.protocol import CLOSE_SECONDS, HEAD_SECONDS, Protocol

_BUFFER = 16 * 1024
"""Bytes that asyncio keeps to read into for each connection that begins TLS: a record's length."""

sslproto.SSLProtocol.max_size = _BUFFER  # 256 KiB otherwise, and a thousand may be silent


@dataclass(frozen=True, slots=True)
class Door:
    """What all connections have in common."""

    crowd: Crowd
    context: ssl.SSLContext | None
    """TLS; None behind a proxy that ends it."""
    proxies: tuple[Network, ...]
    """Whose connections stand for those of many addresses."""

    def entrance(self, *, _loop: asyncio.AbstractEventLoop | None = None, **named: Any) -> Entrance:
        """What uvicorn makes for each connection that it accepts."""
        del _loop
        return Entrance(self, named)


class Entrance(asyncio.Protocol):
    """A connection before its TLS handshake, and its place among the others until it is gone.

    uvicorn would know of a connection only when the handshake is done, so those that say nothing
    would not be counted.

    Args:
        door: what all have in common.
        named: what uvicorn gives to a protocol.
    """

    def __init__(self, door: Door, named: dict[str, Any]) -> None:
        self._door = door
        self._others: set[Any] = named["server_state"].connections
        self._inner = Protocol(self, **named)
        self._raw: asyncio.Transport | None = None
        self._guest: Guest | None = None
        self._handshake: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Let it in, or not."""
        self._raw = transport
        guest = Guest(self._place_of(transport), self.cut)
        if not self._door.crowd.enter(guest):
            self.cut()
            return
        self._guest = guest
        if self._door.context is None:
            transport.set_protocol(self._inner)
            self._inner.connection_made(transport)
        else:
            transport.pause_reading()  # until TLS reads
            self._others.add(self)
            self._handshake = asyncio.get_running_loop().create_task(
                self._secure(transport, self._door.context)
            )

    def waits(self) -> None:
        """The desk waits for the client."""
        if self._guest is not None:
            self._door.crowd.waits_for(self._guest)

    def works(self) -> None:
        """The client waits for the desk."""
        if self._guest is not None:
            self._door.crowd.works_for(self._guest)

    def leave(self) -> None:
        """It is gone."""
        self._others.discard(self)
        if self._guest is not None:
            self._door.crowd.leave(self._guest)

    def cut(self) -> None:
        """End it at once."""
        if self._raw is not None:
            self._raw.abort()

    def shutdown(self) -> None:
        """The server ends: a handshake is not waited for."""
        self.cut()

    async def _secure(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        secured = None
        try:
            secured = await asyncio.get_running_loop().start_tls(
                transport,
                self._inner,
                context,
                server_side=True,
                ssl_handshake_timeout=HEAD_SECONDS,
                ssl_shutdown_timeout=CLOSE_SECONDS,
            )
        except OSError:
            pass  # no TLS, or none in time; asyncio has closed it
        finally:
            if secured is None:
                self.cut()
                self.leave()
        if secured is not None:
            self._others.discard(self)
            if not self._inner.lost:
                self._inner.connection_made(secured)

    def _place_of(self, transport: asyncio.Transport) -> str | None:
        peer = transport.get_extra_info("peername")
        address = addresses.read(str(peer[0])) if peer else None
        if address is None or addresses.is_in(address, self._door.proxies):
            return None
        return addresses.place(str(address))
