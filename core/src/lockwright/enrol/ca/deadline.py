"""A deadline over a whole exchange, whatever the other side is doing when it comes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self


class Deadline:
    """Ends a connection when its time is over.

    A timeout of a socket bounds each read, so that a server that sends a byte now and then could
    go on for ever.

    Args:
        seconds: until then.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        """Whether it has come."""
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def watch(self, connection: socket.socket | None) -> None:
        """Say which connection to end; a TLS handshake makes a new socket of an old one."""
        self._socket = connection

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn of the connection from httpx (its request extension ``trace``)."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self.watch(info["return_value"].get_extra_info("socket"))

    def _end(self) -> None:
        self.over = True
        if self._socket is not None:
            with suppress(OSError):
                # Not that of the TLS socket, which would forget its state under the reader's feet.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._timer.cancel()
