"""A desk set up in a folder, its program, and its server, as an operator runs them."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lockwright_desk import clock
from lockwright_desk.configuration import file as configuration
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment import passwords
from lockwright_desk.enrolment.otp_key import OtpKey
from lockwright_desk.enrolment.otp_places import place_of
from lockwright_desk.store.database import Database
from lockwright_testkit.forking.client import Running
from lockwright_testkit.forking.executable import Executable

DESK = Executable(
    "lockwright-desk",
    "lockwright_desk.cli.app",
    late=("alembic.command", "rfc8785", "sqlalchemy.dialects.sqlite", "structlog"),
)
_LONGEST = 60

_PROFILES = """
[profiles.checked]
subject = "CN={name},O=Bank,C=RU"
approval = true
retry_after = 7

[profiles.rsa]
subject = "CN={name},OU={login},O=Bank"
key_types = ["rsa:2048", "rsa:3072"]
key_usage = ["digital-signature", "key-encipherment"]
extended_key_usage = ["client-auth", "email-protection"]
days = 30
"""


@dataclass(frozen=True)
class Ended:
    """A command that came to its end."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)


@dataclass
class Home:
    """A folder with a desk in it.

    Its configuration is the one that ``init`` writes, with further profiles, and with limits of
    ``limits`` in place of the usual ones.
    """

    folder: Path
    database: str | None = None
    """URL; None for the SQLite of ``init``."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """Texts of the configuration, and what stands in place of them."""
    extra: str = ""
    """What is written behind the configuration."""

    @property
    def file(self) -> Path:
        """The configuration."""
        return self.folder / "desk.toml"

    @property
    def ca(self) -> Path:
        """The CA's certificate."""
        return self.folder / "ca.pem"

    @property
    def settings(self) -> Settings:
        """The configuration, read."""
        return configuration.load(self.file)

    def init(self) -> Ended:
        """Set the desk up, with the further profiles."""
        from lockwright_desk.initialise import write_configuration  # noqa: PLC0415  # slow

        write_configuration(self.file, ("localhost", "127.0.0.1"))
        text = self.file.read_text()
        for before, after in self.changes.items():
            assert before in text
            text = text.replace(before, after)
        if self.database is not None:
            text = text.replace("sqlite:///desk.db", self.database)
        self.file.write_text(text + _PROFILES + self.extra)
        return self.run("init")

    def run(self, *arguments: str, language: str = "C.UTF-8") -> Ended:
        """Run a command of the desk."""
        done = DESK.run(
            [*arguments, "--config", self.file],
            environment=environment(language),
            folder=self.folder,
            stdin="",
            pass_fds=(),
            timeout=_LONGEST,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(
        self,
        *arguments: str,
        stderr: int | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Running:
        """Start a command of the desk, which nobody listens to but at that descriptor.

        Args:
            arguments: its command line.
            stderr: the descriptor.
            more: of its environment.
        """
        return DESK.start(
            [*arguments, "--config", self.file],
            environment={**environment("C.UTF-8"), **more},
            folder=self.folder,
            descriptors={} if stderr is None else {2: stderr},
        )

    def otp(
        self,
        login: str,
        profile: str = "client",
        *,
        name: str | None = None,
        lasts: timedelta | None = None,
    ) -> str:
        """Make a one-time password, by the function that the command calls."""
        return self.otps([login], profile, name=name, lasts=lasts)[login]

    def otps(
        self,
        logins: Sequence[str],
        profile: str = "client",
        *,
        name: str | None = None,
        lasts: timedelta | None = None,
    ) -> dict[str, str]:
        """One for each login."""
        settings = self.settings
        chosen = settings.profile(profile)
        if lasts is not None:
            chosen = replace(chosen, password_validity=lasts)
        with closing(Database(settings.database)) as database:
            key = OtpKey.open(place_of(settings), database)
            made = {
                login: passwords.make(
                    database,
                    chosen,
                    login,
                    {"name": name or login.title()},
                    key=key,
                    operator="tests",
                    now=clock.now(),
                )
                for login in logins
            }
        return {login: each.text.reveal_text() for login, each in made.items()}

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[Server]:
        """Serve on a free port, until the block ends."""
        log, theirs = os.pipe()
        try:
            process = DESK.start(
                ["serve", "--port", "0", *arguments, "--config", self.file],
                environment=environment("C.UTF-8"),
                folder=self.folder,
                descriptors={2: theirs},
            )
        finally:
            os.close(theirs)
        server = Server(self, process, log)
        try:
            server.wait()
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_LONGEST)
            except TimeoutError:
                process.kill()
                process.wait(_LONGEST)
                raise
            finally:
                server.reader.join()


class Server:
    """A server that runs.

    Args:
        home: its desk.
        process: its process.
        log: the descriptor of the pipe that it logs into.
    """

    def __init__(self, home: Home, process: Running, log: int) -> None:
        self.home = home
        self.process = process
        self._stream = os.fdopen(log, encoding="utf-8")
        self.port = 0
        self.urls: list[str] = []
        """What it said of where it is, a URL for each profile."""
        self.log: list[str] = []
        """What else it said."""
        self._listens = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def wait(self) -> None:
        """Wait until it listens."""
        if not self._listens.wait(_LONGEST) or not self.port:
            raise RuntimeError("the server does not start: " + "".join(self.log))

    def lines(self, since: int, count: int = 1) -> list[str]:
        """Its log from a line on, once that many more have come through the pipe."""
        until = time.monotonic() + _LONGEST
        while len(self.log) < since + count and time.monotonic() < until:
            time.sleep(0.01)
        return self.log[since:]

    @property
    def workers(self) -> list[int]:
        """The processes that it has forked (proc(5))."""
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    @property
    def ca(self) -> Path:
        """The certificate of its CA, which vouches for the server, too."""
        return self.home.ca

    @property
    def url(self) -> str:
        """Where it is."""
        return f"https://localhost:{self.port}"

    def _read(self) -> None:
        with self._stream as stream:
            for line in stream:
                if found := re.fullmatch(r"Serving EST .*(https?://[^/]+:(\d+)/\S+)\n", line):
                    self.urls.append(found[1])
                    self.port = int(found[2])
                    if len(self.urls) == len(self.home.settings.profiles):
                        self._listens.set()
                else:
                    self.log.append(line)
        self._listens.set()


def environment(language: str) -> dict[str, str]:
    """What a program of the desk sees of the environment, in a language."""
    kept = ("PATH", "HOME", "TMPDIR", "PYTHON", "SSL_CERT_")
    return {name: os.environ[name] for name in os.environ if name.startswith(kept)} | {
        "LC_ALL": language
    }
