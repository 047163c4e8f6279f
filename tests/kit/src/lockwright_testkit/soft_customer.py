"""A person without a token: a home of their own, and a bank that gives them certificates."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import pem
from lockwright_testkit.program import Ended, Program

OTP = "Maple-Drum-77"  # of tests
KEPT_UNDER = "Kettle-Moss-42"  # of tests
"""What a key is kept under until its certificate comes; the password of a file, too."""
_CONFIG = """
[ca.bank]
url = "{url}"
trust = ["{trust}"]
subject = "CN={{login}},O=Bank"
"""


class SoftCustomer:
    """Enrols by the command line, where no token is.

    Args:
        folder: the person's home.
        server: the bank's CA.
    """

    def __init__(self, folder: Path, server: EstServer) -> None:
        self.server = server
        self.program = Program(folder)
        self.home = {"HOME": str(folder)}
        """Where the system's store is looked for."""
        self.database = folder / ".pki" / "nssdb"
        """The person's NSS database."""
        (folder / "bank.pem").write_bytes(pem(server.ca.certificate))
        config = folder / "config" / "lockwright" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(_CONFIG.format(url=server.url, trust=folder / "bank.pem"))
        self.program.secret("otp", OTP)
        self.program.secret("kept-under", KEPT_UNDER)

    def enrol(self, login: str, *options: str) -> Ended:
        """Enrol once.

        Args:
            login: a login that the bank gives.
            options: which storage, and the like.
        """
        self.server.logins[login] = OTP
        given = ("--otp-file", "otp", "--p12-password-file", "kept-under")
        order = ("enroll", "--ca", "bank", "--login", login, *given, *options)
        return self.program.run(*order, environment=self.home)

    def is_left_waiting(self, login: str, *options: str) -> None:
        """Enrol at a bank that takes its time."""
        self.server.script("simpleenroll", Reply(202, headers={"Retry-After": "3600"}))
        ended = self.enrol(login, *options)
        assert ended.code == 17, ended  # it serves tests

    def trusts(self, ca: Path) -> None:
        """Trust a CA for servers, as bank IT sets up a browser.

        Args:
            ca: file with its certificate, PEM.
        """
        self.database.mkdir(parents=True, exist_ok=True)
        database = ("-d", f"sql:{self.database}", "-f", "/dev/stdin")
        if not (self.database / "cert9.db").exists():
            self._certutil("-N", *database)
        self._certutil("-A", "-n", "Web CA", "-t", "C,,", "-a", "-i", str(ca), *database)

    def _certutil(self, *command: str) -> None:
        subprocess.run(["certutil", *command], input=b"\n", check=True, capture_output=True)
