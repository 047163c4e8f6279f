"""Enrol many clients at once over TLS, with each database, and print how that went.

For each database: a desk is set up with its CA key in SoftHSM, the rate at which that key signs by
itself is measured, the server is started, and every client sends its request at the same moment,
each over a TLS connection of its own. Clients and server share this computer.
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
from desk_home import Home, Server  # noqa: E402  # the same
from postgres_cluster import cluster  # noqa: E402  # the same

SIGNATURES = 500


def main() -> int:
    """Run it; the exit code says whether every enrolment was answered, and none twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200, help="how many at once (200)")
    clients = parser.parse_args().clients
    print(
        f"{clients} clients at once; clients and server share {os.cpu_count()} processors,"
        f" whose load is {os.getloadavg()[0]:.1f}"
    )
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        sound &= measured("SQLite", Home(made(folder, "sqlite")), clients)
        with cluster() as postgres:
            url = postgres.database("load")
            sound &= measured("PostgreSQL", Home(made(folder, "postgresql"), url), clients)
    return 0 if sound else 1


def measured(name: str, home: Home, clients: int) -> bool:
    """Measure one database; whether every client got a certificate of its own."""
    home.init()
    signing = enrol_load.signing_rate(home, SIGNATURES)
    wanted = enrol_load.orders(home, clients)
    with home.serving() as server:
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
        f"{'':12}{used * 1000:.0f} ms of a processor for each in the server\n"
        f"{'':12}answers by status {dict(first.statuses)}; lost {lost}, issued twice {twice};"
        f" repeated: {again.rate:.1f}/s, the same {len(again.serials & first.serials)}"
    )
    return lost == twice == 0 and again.serials == first.serials == again.stored


def processor_seconds(server: Server) -> float:
    """Processor time that the server has used (``/proc/PID/stat``, proc(5))."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def made(folder: str, name: str) -> Path:
    """A folder in a folder."""
    path = Path(folder, name)
    path.mkdir()
    return path


if __name__ == "__main__":
    sys.exit(main())
