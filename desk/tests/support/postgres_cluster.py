"""A PostgreSQL of the tests' own: a cluster in a folder that only a socket in it leads to."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_LONGEST = 60
DEBIANS_USER = "postgres"
"""The account that its package makes."""


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs."""

    folder: Path
    user: str
    programs: Path

    def database(self, name: str) -> str:
        """Make a database; its URL as the desk's configuration takes it."""
        self.run("createdb", "-h", str(self.folder), name)
        return f"postgresql://{self.user}@/{name}?host={quote(str(self.folder), safe='')}"

    def dump(self, name: str) -> str:
        """Everything that a database holds, as its owner or a backup has it."""
        return self.run("pg_dump", "-h", str(self.folder), name)

    def say(self, statement: str) -> str:
        """Run a statement as the owner of all databases."""
        return self.run("psql", "-h", str(self.folder), "-d", "postgres", "-Atc", statement)

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of PostgreSQL's as the owner; what it says."""
        command = _as(self.user, [str(self.programs / program), *arguments])
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=_LONGEST, cwd="/"
        )
        return done.stdout


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a cluster, and leave nothing of it.

    PostgreSQL refuses to run as root, so root starts it as the user that Debian's package made.
    """
    user = DEBIANS_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    made = Cluster(folder, user, programs())
    try:
        made.run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", user, "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=on"
        # Without a file for its log the server would keep our pipe open.
        log = str(folder / "log")
        made.run("pg_ctl", "-D", str(folder / "data"), "-w", "-l", log, "-o", options, "start")
        try:
            yield made
        finally:
            # Its files go: to write them all to the disk first takes half a minute.
            made.run("pg_ctl", "-D", str(folder / "data"), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs() -> Path:
    """The newest version that Debian has put beside the others."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def _version(initdb: Path) -> int:
    return int(initdb.parts[-3])


def _as(user: str, command: Sequence[str]) -> list[str]:
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *command]
