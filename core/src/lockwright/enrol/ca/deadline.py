"""A deadline over a whole exchange, whatever the other side is doing when it comes."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Self

_LEAST = 0.001


class Deadline:
    """Ends a connection when its time is over; use it as a context manager.

    A timeout of a socket bounds each read, so that a server that sends a byte now and then could
    go on for ever.

    Args:
        seconds: until then.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._over = False
        self._watched: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    @property
    def over(self) -> bool:
        """Whether it has come."""
        return self._over or time.monotonic() >= self._end

    @property
    def left(self) -> float:
        """Seconds until it comes; a millisecond after it, since 0 is no timeout to a socket."""
        return max(self._end - time.monotonic(), _LEAST)

    def watch(self, connection: socket.socket) -> None:
        """Say which connection to end, from its first moment, before any TLS.

        What is kept is a second handle on it: a TLS handshake takes the first one away, and a
        TLS socket that is shut down forgets its state under the reader's feet.
        """
        handle = socket.fromfd(
            connection.fileno(), connection.family, connection.type, connection.proto
        )
        with self._lock:
            self._forget()
            self._watched = handle
            if self._over:
                _shut(handle)

    def _cut(self) -> None:
        with self._lock:
            self._over = True
            if self._watched is not None:
                _shut(self._watched)

    def _forget(self) -> None:
        if self._watched is not None:
            self._watched.close()
            self._watched = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._forget()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
