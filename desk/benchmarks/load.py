"""Enrol many clients at once over TLS, with each database, and print how that went.

For each database: a desk is set up with its CA key in SoftHSM, the rate at which that key signs by
itself is measured, the server is started, and every client sends its request at the same moment,
each over a TLS connection of its own. Clients and server share this computer. With ``--base`` the
same is done by an earlier revision, in turn with this one, and the figures stand beside each other.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

import enrol_load  # noqa: E402  # its folder is added above
from beside import beside  # noqa: E402  # the same
from desk_home import Home  # noqa: E402  # its folder is added above
from postgres_cluster import cluster  # noqa: E402  # the same
from processes import processor_seconds, workers_begun  # noqa: E402  # the same

SIGNATURES = 500


def main() -> int:
    """Run it; the exit code says whether every enrolment was answered, and none twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200, help="how many at once (200)")
    parser.add_argument("--workers", type=int, default=1, help="processes that serve (1)")
    parser.add_argument("--base", default=os.environ.get("BASE"), help="a revision to compare with")
    parser.add_argument("--rounds", type=int, default=2, help="rounds with --base (2)")
    given = parser.parse_args()
    if given.base:
        script = Path(__file__).resolve()
        for line in beside(given.base, script, given.rounds, given.clients, given.workers):
            print(line, flush=True)
        return 0
    print(
        f"{given.clients} clients at once; clients and server share {os.cpu_count()} processors,"
        f" whose load is {os.getloadavg()[0]:.1f}"
    )
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        sound &= measured("SQLite", Home(made(folder, "sqlite")), given.clients, given.workers)
        with cluster() as postgres:
            home = Home(made(folder, "postgresql"), postgres.database("load"))
            sound &= measured("PostgreSQL", home, given.clients, given.workers)
    return 0 if sound else 1


def measured(name: str, home: Home, clients: int, workers: int) -> bool:
    """Measure one database; whether every client got a certificate of its own."""
    home.init()
    signing = enrol_load.signing_rate(home, SIGNATURES)
    wanted = enrol_load.orders(home, clients)
    with home.serving(*(["--workers", str(workers)] if workers > 1 else [])) as server:
        workers_begun(server, workers)
        before = processor_seconds(server)
        first = enrol_load.run(server, wanted)
        used = (processor_seconds(server) - before) / clients
        again = enrol_load.run(server, wanted)
    lost = clients - first.statuses[200]
    twice = len(first.stored) - len(first.serials)
    print(
        f"{name + ':':12}"
        f"{first.rate:6.1f} enrolments/s, p50 {first.percentile(50):.0f} ms,"
        f" p99 {first.percentile(99):.0f} ms; CA key alone {signing:.0f} signatures/s\n"
        f"{'':12}{used * 1000:.2f} ms of a processor for each in the server\n"
        f"{'':12}answers by status {dict(first.statuses)}; lost {lost}, issued twice {twice};"
        f" repeated: {again.rate:.1f}/s, the same {len(again.serials & first.serials)}",
        flush=True,
    )
    return lost == twice == 0 and again.serials == first.serials == again.stored


def made(folder: str, name: str) -> Path:
    """A folder in a folder."""
    path = Path(folder, name)
    path.mkdir()
    return path


if __name__ == "__main__":
    sys.exit(main())
