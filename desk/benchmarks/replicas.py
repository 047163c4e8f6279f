"""Enrol through one server, then through two, over one PostgreSQL; each has one core to itself.

Clients and PostgreSQL run where they can: with fewer than four cores it is they who are slow, and
what a server uses of a processor says more than the rate.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

import enrol_load  # noqa: E402  # its folder is added above
from desk_home import Home  # noqa: E402  # the same
from enrol_load import Measured  # noqa: E402  # the same
from postgres_cluster import cluster  # noqa: E402  # the same
from processes import processor_seconds  # noqa: E402  # the same

ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")


def main() -> int:
    """Run it; the exit code says whether nothing was lost and nothing came twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enrolments", type=int, default=600, help="how many (600)")
    parser.add_argument("--clients", type=int, default=64, help="how many at once (64)")
    given = parser.parse_args()
    rates = []
    with tempfile.TemporaryDirectory() as folder, cluster() as postgres:
        home = Home(Path(folder, "first"), postgres.database("replicas"))
        home.folder.mkdir()
        home.init()
        second = Home(Path(folder, "second"), home.database)
        shutil.copytree(home.folder, second.folder)
        for homes in ([home], [home, second]):
            done, used = measured(homes, given)
            rates.append(done.rate)
            print(
                f"{len(homes)} of one core each: {done.rate:6.1f} enrolments/s,"
                f" {used * 1000:.2f} ms of a processor for each; answers {dict(done.statuses)}",
                flush=True,
            )
            if done.statuses != {200: given.enrolments} or len(done.serials) != given.enrolments:
                return 1
    print(f"two give {rates[1] / rates[0]:.2f} times one; {os.cpu_count()} processors for all")
    return 0


def measured(homes: list[Home], given: argparse.Namespace) -> tuple[Measured, float]:
    """Enrol through these; what came of it, and seconds of a processor for each enrolment."""
    wanted = enrol_load.orders(
        homes[0], given.enrolments, kind=str(len(homes)), addresses=ADDRESSES
    )
    cores = sorted(os.sched_getaffinity(0))
    with ExitStack() as running:
        servers = [running.enter_context(home.serving()) for home in homes]
        for at, server in enumerate(servers):
            os.sched_setaffinity(server.process.pid, {cores[at % len(cores)]})
        before = sum(map(processor_seconds, servers))
        first, *others = servers
        done = enrol_load.run(first, wanted, others=others, at_once=given.clients)
        return done, (sum(map(processor_seconds, servers)) - before) / given.enrolments


if __name__ == "__main__":
    sys.exit(main())
