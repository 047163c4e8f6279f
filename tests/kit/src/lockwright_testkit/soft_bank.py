"""A bank's CA and a runner for it, where certificates go to no token, for tests."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.config import CaSettings, Config
from lockwright.enrol.storage import Storage
from lockwright.models import StoredCertificate
from lockwright.models.deadlines import Deadlines
from lockwright.operations.enrolment.orders import Asked
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.bank import LOGIN, PASSWORD
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import pem

KEPT_UNDER = "Kettle-Moss-42"  # of tests
"""What keys are kept under until their certificates come."""


class SoftBank:
    """A runner and a CA, configured for each other.

    Args:
        folder: an empty folder.
        server: the CA's server.
    """

    def __init__(self, folder: Path, server: EstServer) -> None:
        self.server = server
        self.journal = folder / "journal"
        """The folder of the journal, where keys are kept, too."""
        (folder / "ca.pem").write_bytes(pem(server.ca.certificate))
        authority = CaSettings(
            url=server.url,
            trust=(folder / "ca.pem",),
            subject="CN={login},O=Bank",
            key_type="ec:p256",
        )
        config = Config(
            authorities={"bank": authority},
            journal=self.journal,
            contact="Olga, 123",
            audit=None,
            deadlines=Deadlines(ca=20),
        )
        self.runner = Runner(config)

    def enrol(
        self, storage: Storage, *, otp: str = PASSWORD, replace: str | None = None
    ) -> StoredCertificate:
        """Enrol once.

        Args:
            storage: where the certificate goes.
            otp: one-time password.
            replace: what it is to replace.
        """
        ca, asked = self.runner.authorities.get("bank"), Asked(LOGIN, Secret(otp))
        return self.runner.enrolments.enrol(storage, ca, asked, replace=replace)

    def resume(self, storage: Storage) -> StoredCertificate:
        """Go on."""
        return self.runner.enrolments.resume(storage, password=Secret(PASSWORD))

    def is_issued(self, certificate: bytes) -> bool:
        """Whether a certificate, DER, is one that the CA issued."""
        issued = {each.public_bytes(Encoding.DER) for each in self.server.issued.values()}
        return certificate in issued

    def close(self) -> None:
        """End the runner."""
        self.runner.close()
