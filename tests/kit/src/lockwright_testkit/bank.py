"""A person's token, a bank's CA, and a runner that is configured for both, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lockwright.config import CaSettings, Config
from lockwright.enrol.journal import Step
from lockwright.errors import LockwrightError
from lockwright.models import StoredCertificate, Token
from lockwright.models.deadlines import Deadlines
from lockwright.models.settings import Settings
from lockwright.operations.enrolment.orders import Asked
from lockwright.operations.enrolment.token_storage import TokenStorage
from lockwright.registry import Registry
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import pem
from lockwright_testkit.sim.simulator import USER_PIN, Simulator

LOGIN, PASSWORD = "anna", "Maple-Drum-77"  # of tests
SOFTHSM = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
"""Settings of a simulated token that the adapter for SoftHSM takes."""


class Bank:
    """A runner, its token, and a CA, configured for each other."""

    def __init__(self, folder: Path, device: Simulator, server: EstServer) -> None:
        self.folder = folder
        self.device = device
        self.server = server
        (folder / "ca.pem").write_bytes(pem(server.ca.certificate))
        self.settings = CaSettings(
            url=server.url,
            trust=(folder / "ca.pem",),
            subject="CN={login},O=Bank",
            key_type="ec:p256",
        )
        self.patience = 60.0
        """Seconds in which a CA answers on a busy machine, too; the next runner takes it."""
        self.registry: Registry | None = None
        """The plugins, which the next runner takes; None for those that are installed."""
        self.adapters: Mapping[str, Settings] = {}
        """Settings of adapters; the next runner takes them."""
        self.runners: list[Runner] = []
        self.runner = self.configured()
        self.token: Token = self.runner.find()
        self.before = self.digest()

    def configured(self, **changes: Any) -> Runner:
        """A runner whose CA has other settings."""
        settings = replace(self.settings, **changes)
        self.runner = Runner(
            Config(
                authorities={"bank": settings},
                adapters=self.adapters,
                journal=self.folder / "journal",
                contact="Olga, 123",
                audit=None,
                deadlines=Deadlines(ca=self.patience),
            ),
            modules=[self.device.module],
            registry=self.registry,
        )
        self.runners.append(self.runner)
        return self.runner

    def digest(self) -> str:
        """What is on the token, in one word."""
        return self.runner.list(self.token, Secret(USER_PIN)).digest

    def enrol(self, *, pin: str = USER_PIN, otp: str = PASSWORD, **asked: str) -> StoredCertificate:
        """Enrol once.

        Args:
            pin: user PIN.
            otp: one-time password.
            asked: what else a person gives, as for ``Asked``.
        """
        ca = self.runner.authorities.get("bank")
        given = Asked(asked.pop("login", LOGIN), Secret(otp), **asked)
        return self.runner.enrolments.enrol(self.storage(pin), ca, given)

    def storage(self, pin: str = USER_PIN) -> TokenStorage:
        """The token, open."""
        return self.runner.storages.token(self.token, Secret(pin))

    def fails(self, error: type[LockwrightError], **how: str) -> LockwrightError:
        """Enrol, which must end with this very error."""
        with pytest.raises(error) as caught:
            self.enrol(**how)
        assert type(caught.value) is error  # it serves tests
        return caught.value

    def nothing_changed(self) -> None:
        """The token is as it was and nothing is left to do."""
        assert self.runner.enrolments.unfinished() == []  # it serves tests
        assert self.digest() == self.before  # it serves tests

    def key_waits(self, step: Step) -> None:
        """The key is kept, since the CA may have issued; undone, the token is as it was."""
        (entry,) = self.runner.enrolments.unfinished()
        assert entry.step is step  # it serves tests
        self.runner.enrolments.abandon(self.storage())
        self.nothing_changed()

    def close(self) -> None:
        """End every runner."""
        for runner in self.runners:
            runner.close()
