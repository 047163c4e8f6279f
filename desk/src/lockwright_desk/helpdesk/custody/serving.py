"""The keeper's socket: who may ask, one question for each connection, many at once."""

from __future__ import annotations

import os
import selectors
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from lockwright import log as logs
from lockwright.console.signals import taken
from lockwright.errors import (
    KeyUnusable,
    LockwrightError,
    ModuleError,
    PinError,
    reason_of,
)
from lockwright.files import durable
from lockwright.files.lock import locked
from lockwright.i18n import N_
from lockwright.secret import Secret

from lockwright_desk.configuration.keeper import KeeperPlace
from lockwright_desk.errors import AddressUnusable, KeeperAway
from lockwright_desk.helpdesk.custody import wire
from lockwright_desk.helpdesk.custody.errors import HsmHangs, HsmUnusable, KeeperForbids
from lockwright_desk.helpdesk.custody.looked import Looked
from lockwright_desk.helpdesk.custody.peers import Allowed, Peer, peer
from lockwright_desk.helpdesk.custody.port import KeyRecord

AT_ONCE = 64
"""Connections that are served at once; others wait until one is free."""
STRANGERS = 8
"""Connections of accounts that are not allowed which are told so at once; more are just closed.

They have no part of ``AT_ONCE``: the socket is open to every account of the computer.
"""
_FAREWELL = 1.0
"""Seconds."""
_ALONE, _FOR_OTHERS = 0o600, 0o666
_OF_THE_HSM = (HsmUnusable, ModuleError, PinError)
_NOT_LET_IN = N_("its HSM does not let it in; its log says why")
_ITS_HSM_IS_AWAY = N_("its HSM does not answer; its log says how")
_ITS_HSM_HANGS = N_("its HSM hangs, so it ends, to be started anew")
_FAILED = N_("it failed at this question; its log says how")

log = logs.get("lockwright.desk.keeper")


class Keeps(Protocol):
    """Who answers behind the socket."""

    def respond(self, key: KeyRecord, request: bytes) -> Secret:
        """The Response; see ``port.Keeper``."""

    def look(self, key: KeyRecord | None) -> Looked:
        """What it tells of itself; see ``looked.look``."""


class KeeperServer:
    """Listens until it is told to stop.

    Args:
        place: where.
        allowed: who is answered.
        keeper: makes Responses.
        give_up: is called where the HSM hangs, once whoever asked was told.

    Raises:
        AddressUnusable: another keeper listens there, or nothing can.
    """

    def __init__(
        self, place: KeeperPlace, allowed: Allowed, keeper: Keeps, give_up: Callable[[], None]
    ) -> None:
        self._place = place
        self._allowed = allowed
        self._keeper = keeper
        self._give_up = give_up
        self._hangs = False
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._strangers = threading.BoundedSemaphore(STRANGERS)
        self._lock = _only_one(place.socket)
        self._listener = self._listening()
        self._woken, self._wakes = socket.socketpair()
        self._wakes.settimeout(0)

    def serve(self) -> None:
        """Answer until ``stop`` is called, or a signal that ends programs comes."""
        with taken(lambda _signal, _frame: self.stop()), selectors.DefaultSelector() as ready:
            ready.register(self._listener, selectors.EVENT_READ)
            ready.register(self._woken, selectors.EVENT_READ)
            while True:
                found = {key.fileobj for key, _events in ready.select()}
                if self._woken in found:
                    return
                self._take()

    def stop(self) -> None:
        """Let ``serve`` end; from a signal's handler or another thread."""
        with suppress(OSError):
            self._wakes.send(b"\0")

    def close(self) -> None:
        """Listen no more, and wait for the answers that are being made."""
        self._listener.close()
        with suppress(OSError):
            self._place.socket.unlink()
        until = time.monotonic() + self._place.patience
        for _each in range(AT_ONCE):
            self._room.acquire(timeout=max(until - time.monotonic(), 0))
        self._woken.close()
        self._wakes.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def _listening(self) -> socket.socket:
        """The socket; what a keeper that was killed has left of it is replaced."""
        file = self._place.socket
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with suppress(FileNotFoundError):
                if stat.S_ISSOCK(file.lstat().st_mode):
                    file.unlink()
            listener.bind(str(file))
            file.chmod(_FOR_OTHERS if self._allowed.others else _ALONE)
            listener.listen(AT_ONCE)
            listener.settimeout(0)
        except OSError as error:
            listener.close()
            self._lock.close()
            reason = reason_of(error)
        else:
            return listener
        raise AddressUnusable(address=str(file), reason=reason)

    def _take(self) -> None:
        """A connection, in a thread of its own; whoever comes when all are busy waits."""
        try:
            connection, _address = self._listener.accept()
        except OSError:
            return
        try:
            asks = peer(connection)
        except OSError:
            connection.close()
            return
        if self._allowed.allows(asks):
            self._room.acquire()
            self._begin(self._room, self._serve, connection)
        elif self._strangers.acquire(blocking=False):
            log.warning("an account that is not allowed asked", uid=asks.uid, pid=asks.pid)
            self._begin(self._strangers, self._turn_away, connection, asks)
        else:
            connection.close()

    def _begin(
        self,
        room: threading.BoundedSemaphore,
        work: Callable[..., None],
        connection: socket.socket,
        *arguments: object,
    ) -> None:
        """Work on a connection in a thread, which gives its place in a room back at the end."""

        def does() -> None:
            try:
                with closing(connection), suppress(OSError):
                    work(connection, *arguments)
            finally:
                room.release()
            if self._hangs:
                self._give_up()

        try:
            threading.Thread(target=does, daemon=True).start()
        except RuntimeError:  # the system gives no thread
            connection.close()
            room.release()

    def _serve(self, connection: socket.socket) -> None:
        until = time.monotonic() + self._place.patience
        with _sent(self._answer(connection, until)) as message:
            wire.send(connection, message, until)
        _heard_out(connection)

    def _turn_away(self, connection: socket.socket, asks: Peer) -> None:
        refused = wire.refusal(KeeperForbids(uid=asks.uid, gid=asks.gid))
        wire.send(connection, refused, time.monotonic() + _FAREWELL)
        _heard_out(connection)

    def _answer(self, connection: socket.socket, until: float) -> bytes | bytearray:
        try:
            key, request = wire.asked(wire.receive(connection, until))
            if key is None or request is None:
                return wire.told(self._keeper.look(key))
            with self._keeper.respond(key, request) as response:
                return wire.given(response)
        except wire.NotUnderstood as error:
            log.warning("a question had no meaning", reason=str(error))
            return wire.refusal(KeyUnusable(reason=N_("the keeper does not know what is asked")))
        except HsmHangs as error:
            self._hangs = True
            log.error("the HSM hangs, the keeper ends", **error.facts)  # noqa: TRY400  # the same
            return wire.refusal(KeeperAway(reason=_ITS_HSM_HANGS))
        except _OF_THE_HSM as error:
            log.error("the HSM does not answer", code=error.code, **error.facts)  # noqa: TRY400  # no frames of it
            reason = _NOT_LET_IN if isinstance(error, PinError) else _ITS_HSM_IS_AWAY
            return wire.refusal(KeeperAway(reason=reason, ckr=error.ckr))
        except LockwrightError as error:
            log.warning("no Response was given", code=error.code)
            return wire.refusal(error)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001  # the next question is to be answered
            log.error("a question failed", kind=type(error).__name__)  # noqa: TRY400  # the same
            return wire.refusal(KeeperAway(reason=_FAILED))


@contextmanager
def _sent(message: bytes | bytearray) -> Iterator[bytes | bytearray]:
    """A message that is wiped once it was sent."""
    try:
        yield message
    finally:
        if isinstance(message, bytearray):
            message[:] = bytes(len(message))


def _heard_out(connection: socket.socket) -> None:
    """Read what was not read until the other side closes, or for a second.

    What is left unread when a socket is closed takes the answer along (unix(7), ``ECONNRESET``).
    """
    until = time.monotonic() + _FAREWELL
    connection.shutdown(socket.SHUT_WR)
    while (left := until - time.monotonic()) > 0:
        connection.settimeout(left)
        if not connection.recv(4096):
            break


def _only_one(file: Path) -> ExitStack:
    """Hold the lock that a keeper of this socket holds; it ends with the process.

    Raises:
        AddressUnusable: another one does.
    """
    lock = file.with_name(f"{file.name}.lock")
    try:
        with ExitStack() as held:
            durable.make_folder(file.parent)
            descriptor = durable.open_owned(lock)
            held.callback(os.close, descriptor)
            held.enter_context(locked(descriptor, wait=False))
            return held.pop_all()
    except BlockingIOError:
        reason = N_("another keeper answers there")
    except OSError as error:
        reason = reason_of(error)
    raise AddressUnusable(address=str(file), reason=reason)
