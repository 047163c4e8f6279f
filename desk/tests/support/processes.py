"""Processes: whether those of a server have begun, and what they use and hold (proc(5))."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from desk_home import Server
from lockwright_testkit.waiting import until


def workers_begun(server: Server, count: int) -> None:
    """Wait until it has so many workers; one process that serves alone has none."""
    until(lambda: count == 1 or len(server.workers) >= count)
    time.sleep(1 if count > 1 else 0)  # until the last of them serves, too


def processor_seconds(server: Server) -> float:
    """Processor time that the server and its workers have used, also those that are gone."""
    return sum(map(_seconds, (server.process.pid, *server.workers)))


def memory(pid: int) -> bytes:
    """What a process may write to in its own memory, as a core file would have it."""
    parts = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as whole:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_rest = line.split()
            if rights.startswith("rw") and not line.endswith(("[vvar]", "[vsyscall]")):
                start, end = (int(each, 16) for each in place.split("-"))
                with suppress(OSError):  # a part of SQLite's index that no file is behind
                    whole.seek(start)
                    parts.append(whole.read(end - start))
    return b"".join(parts)


def working_in(folder: Path) -> list[int]:
    """Processes whose working folder is that one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder:
                found.append(int(process.name))
    return found


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / os.sysconf("SC_CLK_TCK")
