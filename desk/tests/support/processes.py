"""The processes of a server: whether they have begun, and what they use (proc(5))."""

from __future__ import annotations

import os
import time
from pathlib import Path

from desk_home import Server

_LONGEST = 60


def workers_begun(server: Server, count: int) -> None:
    """Wait until it has so many workers; one process that serves alone has none."""
    until = time.monotonic() + _LONGEST
    while count > 1 and len(server.workers) < count:
        if time.monotonic() > until:
            raise TimeoutError(f"{len(server.workers)} of {count} workers have begun")
        time.sleep(0.05)
    time.sleep(1 if count > 1 else 0)  # until the last of them serves, too


def processor_seconds(server: Server) -> float:
    """Processor time that the server and its workers have used, also those that are gone."""
    return sum(map(_seconds, (server.process.pid, *server.workers)))


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / os.sysconf("SC_CLK_TCK")
