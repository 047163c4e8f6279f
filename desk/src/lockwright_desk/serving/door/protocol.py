"""HTTP as uvicorn speaks it with h11, and an end to every wait for the client.

uvicorn waits for ever for a head that comes byte by byte, for a body that nobody wants, and for a
client that does not read its answer.
"""

from __future__ import annotations

import asyncio
import ssl
import typing
from collections.abc import Callable
from enum import Enum, auto
from typing import Any

import h11
from lockwright import log as logs
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.h11_impl import H11Protocol

from lockwright_desk.serving.door.reluctant import Reluctant
from lockwright_desk.serving.door.spelling import Spelling

HEAD_SECONDS = 10.0
"""How long the head of a request may take, from the connection or the answer before it."""
PART_SECONDS = 30.0
"""How long a client may take for each part of an answer that it has not read yet."""
LINGER_SECONDS = 2.0
"""How long a client that was answered early is still listened to."""
CLOSE_SECONDS = 5.0
"""How long it may take to part in order."""

_CLOSE = (b"connection", b"close")
_LENGTHS = {b"content-length", b"transfer-encoding"}
_ALL_SAID = {h11.MUST_CLOSE, h11.CLOSED}

log = logs.get("lockwright.desk.door")


class _Phase(Enum):
    """What a connection waits for."""

    HEAD = auto()
    BODY = auto()
    WORK = auto()
    ANSWER = auto()


class Place(typing.Protocol):
    """The place of one connection among all the others."""

    def waits(self) -> None:
        """The desk waits for the client."""

    def works(self) -> None:
        """The client has said all, and waits for the desk."""

    def leave(self) -> None:
        """The connection is gone."""

    def cut(self) -> None:
        """End the connection at once."""


class Protocol(H11Protocol):
    """One connection.

    The deadline of a body is the application's, which answers 408; all the others are here.

    Args:
        place: its place among the others.
        named: what uvicorn gives.
    """

    def __init__(self, place: Place, **named: Any) -> None:
        super().__init__(**named)
        self.conn = Spelling(h11.SERVER)
        self._place = place
        self._phase: tuple[_Phase, object] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._real: asyncio.Transport | None = None
        self._early = bytearray()
        self.lost = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Begin; what came right behind the handshake is there already."""
        self._real = transport
        super().connection_made(Reluctant(transport, self._wrote, self._part))
        tls = transport.get_extra_info("ssl_object")
        der = tls.getpeercert(binary_form=True) if tls is not None else None
        self.app = _closing(self, self.app, ssl.DER_cert_to_PEM_cert(der) if der else None)
        self._look()
        if self._early:
            early, self._early = bytes(self._early), bytearray()
            self.data_received(early)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request; while parting they are dropped.

        So is what comes behind a client's last request: libest sends a line end there.
        """
        if self._real is None:
            self._early += data
        elif not self.transport.is_closing() and self.conn.their_state not in _ALL_SAID:
            super().data_received(data)
            self._look()

    def on_response_complete(self) -> None:
        """The answer is written."""
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        self.lost = True
        self._arm(None)
        self._place.leave()
        if self._real is not None:
            super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server ends."""
        if self.transport.is_closing():
            self._place.cut()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; in the middle of an answer all that is left is to close.

        The application that still works for the request sees its client gone.
        """
        peer = self.transport.get_extra_info("peername")
        log.warning("no HTTP", address=peer[0] if peer else None)
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()
        cycle: Any = self.cycle  # None before the first request, though not by its type
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()

    def _should_upgrade(self) -> bool:
        """Nothing but HTTP/1.1 is spoken; whoever asks for more gets that."""
        return False

    def _look(self) -> None:
        """See what is waited for now; a deadline stands from the beginning of that."""
        phase = (self._phase_now(), self.cycle)
        if phase != self._phase and not self.transport.is_closing():
            self._phase = phase
            if phase[0] is _Phase.WORK:
                self._place.works()
            else:
                self._place.waits()
            self._arm(HEAD_SECONDS if phase[0] is _Phase.HEAD else None, self.transport.close)

    def _phase_now(self) -> _Phase:
        if self.conn.our_state is h11.SEND_BODY:
            return _Phase.ANSWER
        if self.conn.their_state is h11.IDLE:
            return _Phase.HEAD
        return _Phase.BODY if self.conn.their_state is h11.SEND_BODY else _Phase.WORK

    def _wrote(self) -> None:
        """Each part of an answer has a deadline of its own, since it waits for the one before."""
        self._look()
        if self._phase is not None and self._phase[0] is _Phase.ANSWER:
            self._arm(PART_SECONDS, self._place.cut)

    def _arm(self, seconds: float | None, then: Callable[[], None] | None = None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None
        if seconds is not None and then is not None and not self.lost:
            self._deadline = self.loop.call_later(seconds, then)

    def _part(self) -> None:
        """Close, once a client that still sends has had time to read its answer."""
        self._place.waits()
        if self.conn.their_state in {h11.SEND_BODY, h11.ERROR} and self._real is not None:
            self._real.resume_reading()
            self._arm(LINGER_SECONDS, self._close)
        else:
            self._close()

    def _close(self) -> None:
        if self._real is not None:
            self._real.close()
        self._arm(CLOSE_SECONDS, self._place.cut)


def _closing(protocol: Protocol, app: Any, pem: str | None) -> ASGI3Application:
    """The application, told of the client's certificate (the TLS extension of ASGI).

    Its connection closes behind an answer that leaves a part of the request unread, or to a request
    whose end somebody else may see elsewhere.
    """

    async def closing(scope: Any, receive: Any, send: Any) -> None:
        cycle = protocol.cycle
        # Where two lengths were said, a proxy may have believed the other (RFC 9112, 6.1).
        ambiguous = {name for name, _value in scope["headers"]} >= _LENGTHS

        async def sends(message: Any) -> None:
            if message["type"] == "http.response.start" and (cycle.more_body or ambiguous):
                message = {**message, "headers": [*message.get("headers", ()), _CLOSE]}
            await send(message)

        if pem is not None:
            tls = {"client_cert_chain": [pem]}
            scope = {**scope, "extensions": {**scope.get("extensions", {}), "tls": tls}}
        await app(scope, receive, sends)

    return closing
