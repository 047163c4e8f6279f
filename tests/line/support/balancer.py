"""What a bank has before its replicas: connections go to the first that takes them."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from relay import MOST, Relay


class Balancer(Relay):
    """It knows nothing of what goes through.

    Args:
        ports: of the replicas, in the order in which they are tried.
    """

    def __init__(self, *ports: int) -> None:
        self._ports = ports
        listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = listening.getsockname()[1]
        super().__init__(listening)

    def carry(self, client: socket.socket) -> None:
        """Carry one connection to the first replica that takes it."""
        with client, suppress(OSError), self._replica() as replica:
            ends = {client: replica, replica: client}
            while True:
                for one in select.select(list(ends), [], [])[0]:
                    data = one.recv(MOST)
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
