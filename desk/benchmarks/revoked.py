"""Revoke a hundred thousand certificates, ask for the list, and print what enrolment feels of it.

Rounds in which the first list of all is made and asked for by many take turns with quiet ones. Then
one more certificate is revoked, and the next list is made from the last.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

import enrol_load  # noqa: E402  # its folder is added above
import revoked  # noqa: E402  # the same
from cryptography import x509  # noqa: E402  # below the folder
from desk_client import Client, Reply  # noqa: E402  # its folder is added above
from desk_home import Home, Server  # noqa: E402  # the same
from lockwright_desk import clock  # noqa: E402  # below the folder
from lockwright_desk.enrolment import revocation  # noqa: E402  # below the folder
from lockwright_desk.store.database import Database  # noqa: E402  # the same
from lockwright_desk.store.tables.enrolment import RevocationList  # noqa: E402  # the same
from postgres_cluster import cluster  # noqa: E402  # its folder is added above
from sqlalchemy import delete  # noqa: E402  # below the folder

ENROLMENTS, ROUNDS, ASKING = 100, 3, 4
FIRST_SECONDS = 5.0
"""How long the first list may take."""
SLOWER = 1.1
"""How many times longer enrolments may take meanwhile."""


def main() -> int:
    """Run it; the exit code says whether the list was in time, and enrolment was not held up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revoked", type=int, default=100_000, help="certificates (100000)")
    count = parser.parse_args().revoked
    print(f"{count} revoked; {os.cpu_count()} processors, whose load is {os.getloadavg()[0]:.1f}")
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        (sqlite := Path(folder, "sqlite")).mkdir()
        sound &= measured("SQLite", Home(sqlite), count)
        with cluster() as postgres:
            (other := Path(folder, "postgresql")).mkdir()
            sound &= measured("PostgreSQL", Home(other, postgres.database("revoked")), count)
    return 0 if sound else 1


def measured(name: str, home: Home, count: int) -> bool:
    """Measure one database; whether it keeps to the limits."""
    home.init()
    with closing(Database(home.settings.database)) as database:
        (server_certificate,) = revocation.every(database)
        revoked.add(database, count, clock.now())
        wanted = iter(
            [enrol_load.orders(home, ENROLMENTS, kind=str(each)) for each in range(2 * ROUNDS + 1)]
        )
        quiet, busy, firsts = [], [], []
        with home.serving() as server:
            enrol_load.run(server, next(wanted))
            for _each in range(ROUNDS):
                quiet.append(enrol_load.run(server, next(wanted)).seconds)
                with database.writing() as session:
                    session.execute(delete(RevocationList))
                with asked(server) as first:
                    busy.append(enrol_load.run(server, next(wanted)).seconds)
                firsts.append(first.result()[0])
            revocation.revoke(database, server_certificate.serial, "superseded", clock.now())
            taken, reply = timed(server)
    entries = len(x509.load_der_x509_crl(reply.body))
    slower = statistics.median(busy) / statistics.median(quiet)
    print(
        f"{name + ':':12}first list {max(firsts):.2f} s beside {ENROLMENTS} enrolments, next"
        f" {taken:.2f} s, {entries} entries, {len(reply.body)} bytes\n"
        f"{'':12}{ENROLMENTS} enrolments in {statistics.median(quiet):.2f} s, beside the list in"
        f" {statistics.median(busy):.2f} s: {slower:.2f} times; {SLOWER} are allowed"
    )
    return max(firsts) <= FIRST_SECONDS and slower <= SLOWER and entries == count + 1


@contextmanager
def asked(server: Server) -> Iterator[Future[tuple[float, Reply]]]:
    """The list, asked for by several at once while the block runs; the first of them is given."""
    with ThreadPoolExecutor(ASKING) as threads:
        pending = [threads.submit(timed, server) for _each in range(ASKING)]
        yield pending[0]


def timed(server: Server) -> tuple[float, Reply]:
    """Seconds until the list is here."""
    begun = time.perf_counter()
    reply = Client(server).get("/crl")
    return time.perf_counter() - begun, reply


if __name__ == "__main__":
    sys.exit(main())
