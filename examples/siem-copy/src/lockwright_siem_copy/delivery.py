"""How records reach a collector: syslog over TCP, UDP or a socket of this computer, or a file."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import SplitResult

from lockwright_siem_copy.record import Record, as_json, as_syslog

_SHARED = 0o640


class Collector:
    """A collector.

    Args:
        to: where it is.
    """

    def __init__(self, to: SplitResult) -> None:
        self._to = to

    def take(self, records: Sequence[Record], seconds: float) -> None:
        """Deliver records.

        Args:
            records: in this order.
            seconds: how long each step may take.

        Raises:
            OSError: it is away; some may have been delivered.
        """
        if self._to.scheme == "file":
            _append(self._to.path, records)
        elif self._to.scheme == "tcp":
            self._over_tcp(records, seconds)
        else:
            self._in_datagrams(records, seconds)

    def _over_tcp(self, records: Sequence[Record], seconds: float) -> None:
        """Each message behind its length (RFC 6587, 3.4.1).

        The collector ends the connection once it has read everything; one that breaks it has not.
        """
        with socket.create_connection(self._address(), seconds) as connection:
            for message in map(as_syslog, records):
                connection.sendall(b"%d %s" % (len(message), message))
            connection.shutdown(socket.SHUT_WR)
            with suppress(TimeoutError):  # one that reads on and says nothing has them as well
                connection.recv(1)

    def _in_datagrams(self, records: Sequence[Record], seconds: float) -> None:
        """A message each; of UDP nobody knows what arrives, but that nobody listens is told."""
        local = self._to.scheme == "unix"
        family = socket.AF_UNIX if local else _family(self._address())
        with socket.socket(family, socket.SOCK_DGRAM) as connection:
            connection.settimeout(seconds)
            connection.connect(self._to.path if local else self._address())
            for message in map(as_syslog, records):
                connection.send(message)
            if not local:
                connection.settimeout(0)
                with suppress(BlockingIOError):
                    connection.recv(1)

    def _address(self) -> tuple[str, int]:
        return self._to.hostname or "", self._to.port or 0


def _family(address: tuple[str, int]) -> int:
    return socket.getaddrinfo(*address, type=socket.SOCK_DGRAM)[0][0]


def _append(path: str, records: Sequence[Record]) -> None:
    fd = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, _SHARED)
    try:
        text = b"".join(as_json(record) + b"\n" for record in records)
        if os.write(fd, text) != len(text):
            raise OSError(path)
    finally:
        os.close(fd)
