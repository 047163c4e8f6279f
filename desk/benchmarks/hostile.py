"""Enrol beside a client that means harm, and print what that costs the others.

One address opens silent connections by the hundred, and opens each anew that was closed; it also
sends bodies that never come to an end. Other addresses enrol at the same time. Quiet rounds and
hostile ones take turns, so that both have the same computer.
"""

from __future__ import annotations

import argparse
import os
import socket
import ssl
import statistics
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

import enrol_load  # noqa: E402  # its folder is added above
from desk_client import connected  # noqa: E402  # the same
from desk_home import Home, Server  # noqa: E402  # the same

HOSTILE = "127.0.0.66"
OTHERS = [f"127.0.2.{each}" for each in range(1, 51)]
ENROLMENTS, ROUNDS = 50, 4
MOST = 2.0
"""How many times the quiet p99 the hostile one may be."""
POST = (
    b"POST /.well-known/est/client/simpleenroll HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/pkcs10\r\nContent-Length: 60000\r\n\r\n"
)


def main() -> int:
    """Run it; the exit code says whether none was lost, and none was much slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--silent", type=int, default=500, help="silent connections (500)")
    parser.add_argument("--slow", type=int, default=10, help="slow bodies (10)")
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, whose load is {os.getloadavg()[0]:.1f}")
    latencies: dict[str, list[float]] = {"quiet": [], "hostile": []}
    statuses: dict[str, Counter[int]] = {"quiet": Counter(), "hostile": Counter()}
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.init()
        wanted = {
            each: enrol_load.orders(home, ENROLMENTS, kind=str(each), addresses=OTHERS)
            for each in range(-1, 2 * ROUNDS)
        }
        with home.serving() as server:
            enrol_load.run(server, wanted[-1])  # the first one of all is slower than any other
            for each in range(ROUNDS):
                measured = enrol_load.run(server, wanted[2 * each])
                _add("quiet", measured, latencies, statuses)
                with besieged(server, given.silent, given.slow):
                    measured = enrol_load.run(server, wanted[2 * each + 1])
                _add("hostile", measured, latencies, statuses)
    return 0 if _told(latencies, statuses) else 1


def _add(
    kind: str,
    measured: enrol_load.Measured,
    latencies: dict[str, list[float]],
    statuses: dict[str, Counter[int]],
) -> None:
    latencies[kind] += measured.latencies
    statuses[kind] += measured.statuses


def _told(latencies: dict[str, list[float]], statuses: dict[str, Counter[int]]) -> bool:
    p99 = {}
    for kind, taken in latencies.items():
        cuts = statistics.quantiles(taken, n=100)
        p99[kind] = cuts[98]
        print(
            f"{kind + ':':9} {len(taken)} enrolments, p50 {cuts[49] * 1000:.0f} ms,"
            f" p99 {cuts[98] * 1000:.0f} ms; answers by status {dict(statuses[kind])}"
        )
    times = p99["hostile"] / p99["quiet"]
    print(f"p99 is {times:.2f} times the quiet one; {MOST} are allowed")
    return times <= MOST and all(set(each) == {200} for each in statuses.values())


@contextmanager
def besieged(server: Server, silent: int, slow: int) -> Iterator[None]:
    """Silent connections and slow bodies, as many as asked for, until the block ends."""
    hostile = Hostile(server, silent, _mute), Hostile(server, slow, _slow)
    for each in hostile:
        each.start()
    for each in hostile:
        each.complete.wait()
    try:
        yield
    finally:
        for each in hostile:
            each.over.set()
        for each in hostile:
            each.join()


class Hostile(threading.Thread):
    """Keeps connections open; one that the server has closed is opened again within a second.

    Args:
        server: the server.
        count: how many.
        opened: opens one.
    """

    def __init__(
        self, server: Server, count: int, opened: Callable[[Server], socket.socket]
    ) -> None:
        super().__init__()
        self.complete, self.over = threading.Event(), threading.Event()
        self._server, self._count, self._opened = server, count, opened

    def run(self) -> None:
        """Until it is over."""
        held: list[socket.socket] = []
        while not self.over.wait(1 if self.complete.is_set() else 0):
            held = [each for each in held if not _is_closed(each)]
            with suppress(OSError):
                held += [self._opened(self._server) for _each in range(self._count - len(held))]
            self.complete.set()
        for each in held:
            each.close()


def _mute(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), 10, (HOSTILE, 0))


def _slow(server: Server) -> ssl.SSLSocket:
    connection = connected(server, HOSTILE)
    connection.sendall(POST + b"A")
    return connection


def _is_closed(connection: socket.socket) -> bool:
    """Whether it was closed; one that is still open drips another byte where it may."""
    connection.settimeout(0)
    try:
        if isinstance(connection, ssl.SSLSocket):
            connection.send(b"A")
        return connection.recv(1) == b""
    except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
        return False
    except OSError:
        return True


if __name__ == "__main__":
    sys.exit(main())
