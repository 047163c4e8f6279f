"""A person with a token, a login and a one-time password, at the command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import pem
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import USER_PIN

Settings = Mapping[str, str | int | Sequence[str]]
"""Keys and values of a table ``[ca.NAME]``."""


class Customer:
    """Someone who orders certificates; the token's user PIN is ``USER_PIN``.

    Args:
        home: an empty folder for the program.
        modules: the modules to look at; none for those that the program knows.
    """

    def __init__(self, home: Path, *modules: Path) -> None:
        self.program = Program(home)
        self._modules = [word for path in modules for word in ("--module", str(path))]
        self.pin = self.program.secret("pin", USER_PIN)
        """The file with the user PIN."""

    def configure(self, authorities: Mapping[str, Settings], further: str = "") -> None:
        """Write the configuration.

        Args:
            authorities: the CAs by name.
            further: whatever else stands in it.
        """
        lines = []
        for name, settings in authorities.items():
            lines.append(f"[ca.{name}]")
            # Texts, numbers and lists of texts are written in TOML as they are in JSON.
            lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        folder = self.program.home / "config" / "lockwright"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text("\n".join((*lines, further, "")))

    def knows(self, server: EstServer, further: Mapping[str, str] | None = None) -> None:
        """Configure a server as the CA ``bank``, trusted.

        Args:
            server: the server.
            further: further keys and values of its table.
        """
        trust = self.program.home / "ca.pem"
        trust.write_bytes(pem(server.ca.certificate))
        settings = {
            "url": server.url,
            "trust": [str(trust)],
            "subject": "CN={login},O=Bank",
            "key_type": "ec:p256",
        }
        self.configure({"bank": {**settings, **(further or {})}})

    def enrol(self, ca: str, login: str, otp: str, *further: str) -> Ended:
        """Order a certificate.

        Args:
            ca: the CA.
            login: login.
            otp: one-time password.
            further: further options.
        """
        return self.run(*self._order(ca, login, otp), *further)

    def begin(self, ca: str, login: str, otp: str) -> subprocess.Popen[bytes]:
        """Order a certificate, and do not wait for the end; arguments as for ``enrol``."""
        return subprocess.Popen(  # our own
            [self.program.path, *self._order(ca, login, otp), *self._modules],
            env=self.program.environment,
            cwd=self.program.home,
            stdout=subprocess.DEVNULL,
        )

    def resume(self, otp: str, *further: str) -> Ended:
        """Go on with what ended early, with further options."""
        self.program.secret("otp", otp)
        return self.run("enroll", "--resume", "--otp-file", "otp", "--pin-file", "pin", *further)

    def abandon(self) -> Ended:
        """Undo what ended early."""
        return self.run("enroll", "--abandon", "--pin-file", "pin")

    def run(self, *arguments: str) -> Ended:
        """Run a command that answers in JSON."""
        return self.program.run(*arguments, "--json", *self._modules)

    def containers(self) -> list[dict[str, Any]]:
        """What is on the token, private objects included."""
        found: list[dict[str, Any]] = self.run("list", "--pin-file", "pin").document["containers"]
        return found

    def unfinished(self) -> list[dict[str, Any]]:
        """What the journal holds."""
        found: list[dict[str, Any]] = self.run("enroll", "--status").document["unfinished"]
        return found

    def state(self) -> object:
        """Everything on the token and in the journal, to be compared before and after.

        What the CA said of renewals is neither.
        """
        journal = self.program.home / "state" / "lockwright" / "enrolments"
        entries = {file.name: file.read_text() for file in journal.glob("*.json")}
        shown = self.run("list", "--pin-file", "pin").document
        return {name: shown[name] for name in shown if name != "renewals"}, entries

    def _order(self, ca: str, login: str, otp: str) -> list[str]:
        self.program.secret("otp", otp)
        given = ["--login", login, "--otp-file", "otp", "--pin-file", "pin"]
        return ["enroll", "--ca", ca, *given]
