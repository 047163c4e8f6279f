"""Something between two ends of a connection: it takes connections, each in a thread of its own."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

MOST = 65536
"""Bytes that are read at once."""


class Relay:
    """Takes connections until it is closed; what it does with each is ``carry``.

    Args:
        listening: where they come.
    """

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def carry(self, client: socket.socket) -> None:
        """Carry what goes through one connection, and close it in the end."""
        raise NotImplementedError

    def close(self) -> None:
        """Take no more connections, and wait for the ends of those that there are."""
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                self._threads.append(threading.Thread(target=self.carry, args=(client,)))
                self._threads[-1].start()
