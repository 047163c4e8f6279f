"""A PostgreSQL that is a child of this process, so that it can be killed and comes up again."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from postgres_cluster import DEBIANS_USER, Cluster, programs

_LONGEST = 60.0
_READY = 0


class OwnPostgres:
    """A cluster whose server is started and killed here.

    Args:
        cluster: the cluster, made, its server not running.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers.

        One that was killed leaves its children for a moment, and they keep the next one out.
        """
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            self._server = self._begun()
            while self._server.poll() is None:
                if self._is_ready():
                    return
                time.sleep(0.05)
            time.sleep(0.1)
        raise TimeoutError("PostgreSQL does not start")

    def kill(self) -> None:
        """Kill the server at once, as a loss of power would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def _begun(self) -> subprocess.Popen[bytes]:
        account: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = {"user": self.cluster.user, "group": self.cluster.user, "extra_groups": []}
        with (self.cluster.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    str(self.cluster.programs / "postgres"),
                    *("-D", str(self.cluster.folder / "data"), "-k", str(self.cluster.folder)),
                    *("-c", "listen_addresses=", "-c", "max_connections=200"),
                    *("-c", "fsync=on", "-c", "shared_buffers=256MB"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                **account,
            )

    def _is_ready(self) -> bool:
        asked = [str(self.cluster.programs / "pg_isready"), "-q", "-h", str(self.cluster.folder)]
        return subprocess.run(asked, check=False).returncode == _READY


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A cluster that runs, and of which nothing is left."""
    user = DEBIANS_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    made = Cluster(folder, user, programs())
    try:
        encoding = ("-E", "UTF8", "--locale=C.UTF-8")
        made.run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", user, *encoding)
        running = OwnPostgres(made)
        running.start()
        try:
            yield running
        finally:
            running.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
