"""What a bank has before its replicas: connections go to the first that takes them."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_MOST = 65536


class Balancer:
    """It knows nothing of what goes through.

    Args:
        ports: of the replicas, in the order in which they are tried.
    """

    def __init__(self, *ports: int) -> None:
        self._ports = ports
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """Take no more, and wait for the ends of what there is."""
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                self._threads.append(threading.Thread(target=self._carry, args=(client,)))
                self._threads[-1].start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError), self._replica() as replica:
            ends = {client: replica, replica: client}
            while True:
                for one in select.select(list(ends), [], [])[0]:
                    data = one.recv(_MOST)
                    if not data:
                        return
                    ends[one].sendall(data)

    def _replica(self) -> socket.socket:
        for port in self._ports:
            with suppress(ConnectionRefusedError):
                return socket.create_connection(("127.0.0.1", port))
        raise ConnectionRefusedError


@contextmanager
def balancing(*ports: int) -> Iterator[Balancer]:
    """One, until the block ends."""
    made = Balancer(*ports)
    try:
        yield made
    finally:
        made.close()
