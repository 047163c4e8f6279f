"""The keeper as the desk asks it: over its socket, within its time, errors as it tells them."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

from lockwright.errors import reason_of
from lockwright.i18n import N_
from lockwright.secret import Secret

from lockwright_desk.configuration.keeper import KeeperPlace
from lockwright_desk.errors import KeeperAway
from lockwright_desk.helpdesk.custody import wire
from lockwright_desk.helpdesk.custody.looked import Looked
from lockwright_desk.helpdesk.custody.port import KeyRecord

_TOO_SLOW = N_("it took too long")
_ODD = N_("what it says has no meaning")
_PAUSE = 0.02
"""Seconds between two tries to connect."""
_T = TypeVar("_T")


class KeeperClient:
    """Asks a keeper, in a connection of its own for each Request; for any number of threads.

    Args:
        place: where it is.
    """

    def __init__(self, place: KeeperPlace) -> None:
        self._place = place

    def respond(self, key: KeyRecord, request: bytes) -> Secret:
        """The Response to a Request; see ``port.Keeper``."""
        return _read(wire.answer, self._message(wire.question(key, request)))

    def look(self, key: KeyRecord | None = None) -> Looked:
        """What the keeper tells of itself, for ``doctor``; it counts as no answer.

        Args:
            key: the record of a token, which the keeper opens and does nothing with.

        Raises:
            KeeperAway: it does not answer, or its HSM does not.
            HsmError, KeyUnusable: a key in the HSM, or this one, is not to be used.
        """
        return _read(wire.looked, self._message(wire.look(key)))

    def check(self) -> None:
        """See that somebody listens.

        Raises:
            KeeperAway: nobody does.
        """
        try:
            self._connected(time.monotonic() + self._place.patience).close()
        except OSError as error:
            raise KeeperAway(reason=reason_of(error)) from None

    def _message(self, question: bytes) -> bytearray:
        try:
            return self._exchanged(question)
        except TimeoutError:
            reason = _TOO_SLOW
        except OSError as error:
            reason = reason_of(error)
        except wire.NotUnderstood:
            reason = _ODD
        raise KeeperAway(reason=reason)

    def _exchanged(self, question: bytes) -> bytearray:
        until = time.monotonic() + self._place.patience
        with closing(self._connected(until)) as connection:
            wire.send(connection, question, until)
            return wire.receive(connection, until)

    def _connected(self, until: float) -> socket.socket:
        if not hasattr(socket, "AF_UNIX"):
            raise OSError(errno.EAFNOSUPPORT, "AF_UNIX")
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(max(until - time.monotonic(), 0.001))
            _connect(connection, str(self._place.socket), until)
        except BaseException:
            connection.close()
            raise
        return connection


def _connect(connection: socket.socket, path: str, until: float) -> None:
    """Connect; a socket on which too many wait refuses at once, and is tried again."""
    while True:
        try:
            return connection.connect(path)
        except BlockingIOError:
            if time.monotonic() + _PAUSE >= until:
                raise
        time.sleep(_PAUSE)


def _read(read: Callable[[bytearray], _T], message: bytearray) -> _T:
    try:
        return read(message)
    except wire.NotUnderstood:
        pass
    raise KeeperAway(reason=_ODD)
