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
        """What deleting would remove.

        Args:
            token: the token.
            pin: user PIN.
            selectors: what to delete. Each the name of a container or an object
                (``Container.selector``, ``Listing.selectors``), or the SHA-256 fingerprint of a
                certificate.
            expired: also every container whose certificates have all expired, and of others the
                expired certificates beside a valid one.

        Raises:
            NothingSelected: a selector fits nothing; that nothing has expired is an empty plan.
            AmbiguousSelection: a selector fits more than one thing.
            ObjectsAlike: it would go as well as another that nothing tells from it.
            PinError: the token did not let us in.
        """
        now = datetime.now(UTC) if expired else None
        return operations.plans.planned(self._calls, token, pin, selectors, expired=now)

    def plan_wipe(self, token: Token, pin: Secret | None) -> Plan:
        """What a wipe would remove: everything.

        Args:
            token: the token.
            pin: user PIN; without it the plan names only what anyone may see.
        """
        return operations.plans.plan_wipe(operations.listing.listing(self._calls, token, pin))

    def apply(self, token: Token, pin: Secret, plan: Plan) -> Report:
        """Carry out a plan that a person agreed to.

        Args:
            token: the token that the plan was made for.
            pin: user PIN.
            plan: what ``plan_delete`` or ``plan_wipe`` said.

        Raises:
            PlanStale: the content changed since; nothing is gone.
            PinIncorrect, PinLocked, LastTry: the PIN does not open the token; nothing is gone.
            PartlyDeleted, DeletionStopped: some of it is still there.
        """
        return operations.deletion.apply(self._calls, token, pin, plan)

    def erase(self, token: Token, so_pin: Secret, plan: Plan) -> Report:
        """Have the administrator erase a token by its own function.

        What only the user may see is not in the plan, and goes as well.

        Args:
            token: the token that the plan was made for.
            so_pin: SO PIN.
            plan: what ``plan_wipe`` said without a PIN, and a person agreed to.

        Raises:
            NotSupported: the token does not allow it.
            PlanStale: the content changed since; nothing is gone.
            PinIncorrect, PinLocked, LastTry: the SO PIN does not open the token; nothing is gone.
            PartlyDeleted: some of it is still there.
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
        """Make a key pair on the token and a request (PKCS#10, RFC 2986) signed with it.

        Args:
            token: the token.
            pin: user PIN.
            subject: subject name, as RFC 4514 writes it.
            key_type: such as ``rsa:2048``; None for the first that the token offers.
            label: label of the container; None for the subject's common name.

        Raises:
            BrokenRequest: the subject is not a name; the token was not touched.
            NotSupported: the token makes no such key.
            TokenFull: there is no room; ``could_go`` says what could be removed.
        """
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
        """Check a certificate and write it beside its key.

        Args:
            token: the token.
            pin: user PIN.
            certificate: PEM (with or without its chain) or DER.
            file: where it came from, for the errors.
            trust: files with trusted CA certificates, beside those of the configuration.

        Raises:
            CertificateError: it is not accepted; nothing was written.
            TokenFull: there is no room; ``could_go`` says what could be removed.
            PinError: the token did not let us in.
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

        Args:
            certificate: PEM (with or without its chain) or DER.
            file: where it came from, for the errors.
            trust: files with trusted CA certificates, beside those of the configuration.

        Raises:
            CertificateError: it is not readable, not valid now, or not trusted.
        """
        anchors = (*self.config.trust, *trust)
        operations.enrolment.by_hand.check_certificate(certificate, file=file, trust=anchors)

    # --- sign -----------------------------------------------------------------------------------

    def sign(self, token: Token, pin: Secret, public_key: bytes, data: bytes) -> bytes:
        """Sign with the key on a token that a public key is of.

        Args:
            token: the token.
            pin: user PIN; with it the token is logged in to once.
            public_key: DER SubjectPublicKeyInfo, RSA or EC.
            data: the whole message.

        Returns:
            The signature: of an RSA key PKCS #1 v1.5 with SHA-256; of an EC key ECDSA with SHA-256,
            on a curve wider than P-256 with SHA-384, as DER Ecdsa-Sig-Value (RFC 3279).

        Raises:
            TypeError: it is another kind of key, which no token signs with here.
            KeyMissing: the key is not on the token.
            PinError: the token did not let us in.
        """
        return operations.signing.sign(self._calls, token, pin, public_key, data)
