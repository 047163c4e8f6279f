"""A line to PostgreSQL that breaks at a commit: before the server has it, or before it answers."""

from __future__ import annotations

import select
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from relay import MOST, Relay

_SOCKET = ".s.PGSQL.5432"
_COMMIT = b"COMMIT\0"


class Cut(Enum):
    """Where it breaks."""

    NEVER = "never"
    BEFORE = "before the server has it"
    AFTER = "before the server's answer arrives"


class Line(Relay):
    """The line.

    Args:
        server: the server's socket.
        folder: where the line's own socket is made.
    """

    def __init__(self, server: Path, folder: Path) -> None:
        self.next = Cut.NEVER
        """What happens to the next commit, once."""
        self._server = str(server)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(folder / _SOCKET))
        listening.listen()
        super().__init__(listening)

    def carry(self, client: socket.socket) -> None:
        """Carry one connection; it breaks where ``next`` says."""
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._server)
            while True:
                ready, _writable, _failed = select.select([client, server], [], [])
                one, other = (client, server) if client in ready else (server, client)
                data = one.recv(MOST)
                cut = self.next if one is client and _COMMIT in data else Cut.NEVER
                if not data or cut is Cut.BEFORE:
                    break
                other.sendall(data)
                if cut is Cut.AFTER:
                    server.recv(MOST)  # by then it is stored
                    break
            if cut is not Cut.NEVER:
                self.next = Cut.NEVER


@contextmanager
def line(url: str) -> Iterator[tuple[Line, str]]:
    """A line to a database, and the URL at its near end."""
    [folder] = parse_qs(urlsplit(url).query)["host"]
    with tempfile.TemporaryDirectory(prefix="desk-line-") as near:
        made = Line(Path(folder) / _SOCKET, Path(near))
        try:
            yield made, url.replace(quote(folder, safe=""), quote(near, safe=""))
        finally:
            made.close()
