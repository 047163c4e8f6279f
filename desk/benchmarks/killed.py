"""Enrol two thousand clients through workers of which one is killed, with each database.

Two hundred clients are under way at the same time; when half of all are answered, one of the
workers is killed with SIGKILL. A client that gets no answer, or is told to, asks again.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from contextlib import closing
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

import enrol_load  # noqa: E402  # its folder is added above
from desk_home import Home  # noqa: E402  # the same
from lockwright_desk.audit.trails import compared  # noqa: E402  # the same
from lockwright_desk.store.database import Database  # noqa: E402  # below the folder
from postgres_cluster import cluster  # noqa: E402  # its folder is added above
from processes import workers_begun  # noqa: E402  # the same

ADDRESSES = tuple(f"127.0.0.{each}" for each in range(1, 21))
"""Where the clients come from: no address has more connections than it may."""


def main() -> int:
    """Run it; the exit code says whether nothing was lost, nothing came twice, all is recorded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enrolments", type=int, default=2000, help="how many in all (2000)")
    parser.add_argument("--clients", type=int, default=200, help="how many at once (200)")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve (2)")
    given = parser.parse_args()
    sound = True
    with tempfile.TemporaryDirectory() as folder, cluster() as postgres:
        for name, url in (("SQLite", None), ("PostgreSQL", postgres.database("killed"))):
            home = Home(Path(folder, name), url)
            home.folder.mkdir()
            sound &= killed(name, home, given)
    return 0 if sound else 1


def killed(name: str, home: Home, given: argparse.Namespace) -> bool:
    """Enrol with one database; whether all came out well."""
    home.init()
    wanted = enrol_load.orders(home, given.enrolments, addresses=ADDRESSES)
    with home.serving("--workers", str(given.workers)) as server:
        workers_begun(server, given.workers)
        before = server.workers
        done = enrol_load.run(
            server,
            wanted,
            at_once=given.clients,
            again=True,
            meanwhile=lambda: os.kill(before[0], signal.SIGKILL),
        )
        workers_begun(server, given.workers)
        followed = len(set(server.workers) - set(before))
    with closing(Database(home.settings.database)) as database:
        found = compared([home.settings.audit], database)
    [(_file, trail)] = found.trails
    lost = given.enrolments - len(done.serials)
    twice = len(done.stored) - len(done.serials)
    print(
        f"{name + ':':12}{done.rate:6.1f} enrolments/s, answers {dict(done.statuses)}; lost {lost},"
        f" issued twice {twice}\n"
        f"{'':12}workers killed 1, followed by {followed}; trail of {trail.lines} lines whole,"
        f" {len(trail.unfinished)} operations have no outcome,"
        f" {len(found.interrupted)} of them issued; certificates that it does not know:"
        f" {len(found.unrecorded)}",
        flush=True,
    )
    answered = done.statuses == {200: given.enrolments}
    return answered and lost == twice == 0 == len(found.unrecorded) and followed == 1


if __name__ == "__main__":
    sys.exit(main())
