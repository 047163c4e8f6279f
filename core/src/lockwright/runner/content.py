"""What a runner does with what is on a token: delete it, make it, sign with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from lockwright import operations
from lockwright.contract.taken_secrets import doors
from lockwright.models import CertificateRequest, Plan, Report, StoredCertificate, Token
from lockwright.runner.parts import Parts
from lockwright.secret import Secret


@doors()
class Content(Parts):
    """Removes keys and certificates, makes and stores them, signs."""

    # --- delete ---------------------------------------------------------------------------------

    def plan_delete(
        self, token: Token, pin: Secret, selectors: Sequence[str], *, expired: bool = False
    ) -> Plan:
        """What deleting would remove; see ``operations.plans.plan`` for selectors.

        Args:
            token: the token.
            pin: user PIN.
            selectors: what to delete.
            expired: also every container whose certificates have all expired, and of others the
                expired certificates beside a valid one.
        """
        now = datetime.now(UTC) if expired else None
        return operations.plans.planned(self._calls, token, pin, selectors, expired=now)

    def plan_wipe(self, token: Token, pin: Secret | None) -> Plan:
        """What a wipe would remove: everything; without the PIN only what anyone may see."""
        return operations.plans.plan_wipe(operations.listing.listing(self._calls, token, pin))

    def apply(self, token: Token, pin: Secret, plan: Plan) -> Report:
        """Carry out a plan that a person agreed to.

        Raises:
            PlanStale: the content changed since; nothing is gone.
            PartlyDeleted, DeletionStopped: some of it is still there.
        """
        return operations.deletion.apply(self._calls, token, pin, plan)

    def erase(self, token: Token, so_pin: Secret, plan: Plan) -> Report:
        """Have the administrator erase a token; see ``operations.deletion.erase``.

        ``plan`` is what ``plan_wipe`` said without a PIN, and a person agreed to.
        """
        return operations.deletion.erase(self._calls, token, so_pin, plan)

    # --- enrol ----------------------------------------------------------------------------------

    def request(
        self,
        token: Token,
        pin: Secret,
        subject: str,
        *,
        key_type: str | None = None,
        label: str | None = None,
    ) -> CertificateRequest:
        """Make a key pair and a request on the token; see ``operations.enrolment.request``."""
        return operations.enrolment.by_hand.request(
            self._calls, token, pin, subject, key_type=key_type, label=label
        )

    def install(
        self,
        token: Token,
        pin: Secret,
        certificate: bytes,
        *,
        file: str = "the certificate",
        trust: Sequence[Path] = (),
    ) -> StoredCertificate:
        """Check a certificate and write it beside its key; see ``operations.enrolment.install``.

        ``trust`` names files with trusted CA certificates beside those of the configuration.
        """
        anchors = (*self.config.trust, *trust)
        return operations.enrolment.by_hand.install(
            self._calls, token, pin, certificate, file=file, trust=anchors
        )

    def check_subject(self, subject: str) -> None:
        """Refuse a subject that no request can be made for, before anybody is asked for a PIN.

        Raises:
            BrokenRequest: it is not a name as RFC 4514 writes it.
        """
        from lockwright.enrol.request import parse_subject  # noqa: PLC0415  # slow to import

        parse_subject(subject)

    def check_certificate(
        self, certificate: bytes, *, file: str = "the certificate", trust: Sequence[Path] = ()
    ) -> None:
        """Refuse a certificate that no token should get, before anybody is asked for a PIN.

        The arguments and errors are those of ``operations.enrolment.by_hand.check_certificate``.
        """
        anchors = (*self.config.trust, *trust)
        operations.enrolment.by_hand.check_certificate(certificate, file=file, trust=anchors)

    # --- sign -----------------------------------------------------------------------------------

    def sign(self, token: Token, pin: Secret, public_key: bytes, data: bytes) -> bytes:
        """Sign with the key on a token that a public key is of; see ``operations.signing.sign``."""
        return operations.signing.sign(self._calls, token, pin, public_key, data)
