"""An enrolment, step by step: each is recorded before it is taken, so that it can be continued.

The steps are those of :class:`lockwright.enrol.journal.Step`. Each first looks at what is there,
since a crash may have come before it, in it, or after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace

from cryptography import x509

from lockwright.enrol import trust
from lockwright.enrol.journal import Entry, Step
from lockwright.enrol.request import build_request, parse_subject
from lockwright.errors import (
    GO_ON,
    OLD_STAYS,
    ORDER_STAYS,
    EnrolmentUndone,
    Interrupted,
    KeyLost,
    KeyMissing,
    LockwrightError,
    NotProved,
    NotSupported,
    NotWritten,
    PartlyDeleted,
    PinError,
    TokenFull,
    TokenRefused,
)
from lockwright.explain import explain
from lockwright.models import (
    KeyRequest,
    Pending,
    SignatureScheme,
    StoredCertificate,
)
from lockwright.operations.enrolment.ca_steps import CaSteps
from lockwright.operations.enrolment.context import EnrolmentContext
from lockwright.operations.enrolment.issued import kept_of
from lockwright.operations.enrolment.progress import Progress

MOST_WRITES = 3
"""How often the writing of a certificate is tried in one go."""
_HOPELESS = (TokenFull, TokenRefused, NotSupported)
"""What a token says no with when a key is made: nothing is gained by trying again as it is."""
_ORDERED = (Step.SENDING, Step.WAITING)
"""Steps that have the CA issue for a key that was made before."""


class EnrolmentSteps:
    """Takes an enrolment from where its entry says to its end.

    Args:
        context: what it works with.
        entry: the entry as it is in the journal.
    """

    def __init__(self, context: EnrolmentContext, entry: Entry) -> None:
        self._context = context
        self._storage = context.storage
        self._progress = Progress(context, entry)
        self._asking = CaSteps(self._progress, self)
        self._steps: dict[Step, Callable[[], bool]] = {
            Step.MAKING: self._make,
            Step.SIGNING: self._sign,
            Step.SENDING: self._asked(self._asking.send),
            Step.WAITING: self._asked(self._asking.wait),
            Step.CHECKING: self._asked(self._asking.check),
            Step.WRITING: self._write,
            Step.PROVING: self._prove,
            Step.CLEARING: self._clear,
            Step.UNDOING: self._finish_undoing,
        }

    def run(self) -> StoredCertificate:
        """Take every step that is left.

        Raises:
            EnrolmentWaits: the CA has not decided; the rest is for another time.
            CaError, CertificateError: there is no certificate, or none that is accepted yet. If
                the CA said no to the very first sending, all that was made is removed again;
                otherwise the entry stays, and so do the key and the certificate.
            EnrolmentError, TokenError: it cannot be finished now; the entry stays.
        """
        try:
            self._look_for_key()
            done = False
            while not done:
                waits = self._entry.step is Step.WAITING
                with nullcontext() if waits else self._storage.staying():
                    while not done and (self._entry.step is Step.WAITING) == waits:
                        self._tell()
                        done = self._steps[self._entry.step]()
        except LockwrightError as error:
            self._progress.told(error)
            raise
        except KeyboardInterrupt:
            waits = self._entry.step is Step.WAITING
            raise Interrupted(cost=ORDER_STAYS if waits else GO_ON) from None
        entry = self._entry
        self._progress.close()
        return StoredCertificate(entry.key_id, entry.label, trust.fingerprint(entry.certificate))

    @property
    def certificate(self) -> bytes:
        """The certificate as far as it came, DER; empty before it is issued."""
        return self._entry.certificate

    def undo(self) -> None:
        """Remove all that the enrolment made, and forget it; see ``Progress.undo``."""
        self._progress.undo()

    # --- RequestKeys: what a CA client may ask for ------------------------------------------------

    def sign_with_new(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the key that the certificate is for."""
        return self._storage.sign(self._entry.key_id, scheme, data)

    def sign_with_old(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the key of the certificate that is renewed."""
        if self._entry.old is None:
            raise KeyMissing(id="-", serial=self._storage.place)
        return self._storage.sign_as(self._entry.old, scheme, data)

    def keep(self, pending: Pending) -> None:
        """Record how to go on with the CA."""
        self._progress.record(step=Step.WAITING, pending=pending)

    # --- the steps; each says whether it was the last ---------------------------------------------

    @property
    def _entry(self) -> Entry:
        return self._progress.entry

    def _tell(self) -> None:
        """A step begins; a wait does once it is known for how long (``Waits.wait``)."""
        step, teller = self._entry.step, self._context.teller
        if step is not Step.WAITING:
            teller.begins(step)
        elif teller.step != step:
            teller.ends()

    def _asked(self, step: Callable[[], None]) -> Callable[[], bool]:
        """A step with the CA; none of them is the last."""

        def taken() -> bool:
            step()
            return False

        return taken

    def _look_for_key(self) -> None:
        """Have nothing ordered for a key that is gone since: it would cost the password.

        Raises:
            KeyLost: it is gone, and the CA may have issued for it.
        """
        entry = self._entry
        if entry.step not in _ORDERED or self._storage.key(entry.key_id) is not None:
            return
        if entry.sent:
            raise KeyLost(place=entry.place)
        self._progress.record(step=Step.MAKING, request=b"")

    def _make(self) -> bool:
        entry = self._entry
        if self._storage.key(entry.key_id) is None:
            wanted = KeyRequest(entry.key_type, entry.key_id, entry.label)
            try:
                self._storage.discard(entry.key_id, b"")
                self._storage.make(wanted)
            except _HOPELESS as error:
                raise self._progress.undone(error) from None
        self._progress.record(step=Step.SIGNING)
        return False

    def _sign(self) -> bool:
        entry = self._entry
        pair = self._storage.key(entry.key_id)
        if pair is None:
            self._progress.record(step=Step.MAKING)
            return False
        subject, extensions = self._asked_for
        try:
            request = build_request(
                subject, pair.public_key, self.sign_with_new, extensions=extensions
            )
        except _HOPELESS as error:
            raise self._progress.undone(error) from None
        self._progress.record(step=Step.SENDING, request=request)
        return False

    def _write(self) -> bool:
        entry = self._entry
        pair = self._storage.key(entry.key_id)
        if pair is None:
            raise KeyLost(place=entry.place)
        pair = replace(pair, label=entry.label)
        for left in reversed(range(MOST_WRITES)):
            if self._storage.holds(entry.key_id, entry.certificate):
                break
            self._progress.record(writes=self._entry.writes + 1)
            try:
                self._storage.write(pair, entry.certificate, entry.chain)
            except (PinError, TokenFull):
                raise
            except LockwrightError as error:
                if not left and not self._storage.holds(entry.key_id, entry.certificate):
                    raise self._not_written(error) from None
        self._progress.record(step=Step.PROVING)
        return False

    def _prove(self) -> bool:
        entry = self._entry
        if not self._storage.proves(entry.key_id, entry.certificate):
            raise NotProved(place=entry.place, contact=self._progress.contact)
        if not (entry.replaces or self._storage.keeps_key):
            return True
        self._progress.record(step=Step.CLEARING)
        return False

    def _clear(self) -> bool:
        """Remove the old container; where the token will not, all else is done, and no trap left.

        Raises:
            PartlyDeleted, TokenRefused, NotSupported: the old container stays, or a part of it.
        """
        entry, refused = self._entry, None
        if entry.replaces and entry.old is not None:
            try:
                self._storage.clear(entry.old)
            except (PartlyDeleted, TokenRefused, NotSupported) as error:
                refused = error
        self._storage.settle(entry.key_id)
        if refused is not None:
            self._progress.close()
            refused.cost = OLD_STAYS
            raise refused
        return True

    def _finish_undoing(self) -> bool:
        self.undo()
        raise EnrolmentUndone(place=self._entry.place)

    @property
    def _asked_for(self) -> tuple[bytes, Sequence[bytes]]:
        """The subject and the extensions to ask for, DER."""
        entry = self._entry
        if entry.renews is not None:
            return kept_of(entry.renews)
        return entry.subject_der or parse_subject(entry.subject, complete=False).public_bytes(), ()

    # --- the end of it ----------------------------------------------------------------------------

    def _not_written(self, error: LockwrightError) -> NotWritten:
        certificate = x509.load_der_x509_certificate(self._entry.certificate)
        return NotWritten(
            place=self._entry.place,
            ca=self._context.ca.name,
            contact=self._progress.contact,
            certificate=f"{certificate.serial_number:x}",
            error=error.code,
            tries=MOST_WRITES,
            reason=explain(error).message,
            ckr=error.ckr,
            adapter=error.adapter,
        )
