"""An enrolment, step by step: each is recorded before it is taken, so that it can be continued.

The steps are those of :class:`lockwright.enrol.journal.Step`. Each first looks at what is there,
since a crash may have come before it, in it, or after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from cryptography import x509

from lockwright.contract import ca_hooks
from lockwright.enrol import trust
from lockwright.enrol.journal import Entry, Step
from lockwright.enrol.request import build_request, parse_subject
from lockwright.errors import (
    KEY_KEPT,
    KEY_WAITS,
    CaError,
    CaLoginRefused,
    CaNotSecure,
    CaRefused,
    CaServerUntrusted,
    CaTooMany,
    CaUnreachable,
    CertificateError,
    EnrolmentUndone,
    KeyLost,
    KeyMissing,
    LockwrightError,
    NotProved,
    NotSupported,
    NotWritten,
    PinError,
    TokenFull,
    TokenRefused,
)
from lockwright.explain import explain
from lockwright.i18n import N_
from lockwright.models import (
    CaAnswer,
    CaOrder,
    Issued,
    KeyRequest,
    Pending,
    Refused,
    SignatureScheme,
    StoredCertificate,
)
from lockwright.operations.enrolment.context import EnrolmentContext
from lockwright.operations.enrolment.issued import check_issued, kept_of
from lockwright.operations.enrolment.waiting import refuse_early

MOST_WRITES = 3
"""How often the writing of a certificate is tried in one go."""
NOBODY_NAMED = N_("the person who gave you the login")

_NOT_TAKEN = (CaUnreachable, CaServerUntrusted, CaNotSecure, CaTooMany)
"""Errors after which it is known that the CA issued nothing."""
_HOPELESS = (TokenFull, TokenRefused, NotSupported)
"""What a token says no with when a key is made: nothing is gained by trying again as it is."""


class EnrolmentSteps:
    """Takes an enrolment from where its entry says to its end.

    Args:
        context: what it works with.
        entry: the entry as it is in the journal.
    """

    def __init__(self, context: EnrolmentContext, entry: Entry) -> None:
        self._context = context
        self._storage = context.storage
        self._ca = context.ca
        self._entry = entry
        self._patience = time.monotonic() + context.patience.seconds
        self._steps: dict[Step, Callable[[], bool]] = {
            Step.MAKING: self._make,
            Step.SIGNING: self._sign,
            Step.SENDING: self._send,
            Step.WAITING: self._wait,
            Step.WRITING: self._write,
            Step.PROVING: self._prove,
            Step.CLEARING: self._clear,
            Step.UNDOING: self._finish_undoing,
        }

    def run(self) -> StoredCertificate:
        """Take every step that is left.

        Raises:
            EnrolmentWaits: the CA has not decided; the rest is for another time.
            CaError, CertificateError: there is no certificate. If the CA said no for good, all
                that was made is removed again; otherwise the entry stays, and so does the key.
            EnrolmentError, TokenError: it cannot be finished now; the entry stays.
        """
        done = False
        while not done:
            self._context.patience.on_step(self._entry.step)
            done = self._steps[self._entry.step]()
        self._context.journal.close(self._entry)
        entry = self._entry
        return StoredCertificate(entry.key_id, entry.label, trust.fingerprint(entry.certificate))

    def undo(self) -> None:
        """Remove all that the enrolment made, and forget it.

        Raises:
            PartlyDeleted, TokenError: something is still there, and so is the entry.
        """
        if self._entry.step is not Step.UNDOING:
            self._record(step=Step.UNDOING)
        self._context.patience.on_step(Step.UNDOING)
        self._storage.discard(self._entry.key_id, self._entry.certificate)
        self._context.journal.close(self._entry)

    # --- RequestKeys: what a CA client may sign with ----------------------------------------------

    def sign_with_new(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the key that the certificate is for."""
        return self._storage.sign(self._entry.key_id, scheme, data)

    def sign_with_old(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the key of the certificate that is renewed."""
        if self._entry.old is None:
            raise KeyMissing(id="-", serial=self._storage.place)
        return self._storage.sign_as(self._entry.old, scheme, data)

    # --- the steps; each says whether it was the last ---------------------------------------------

    def _make(self) -> bool:
        entry = self._entry
        if self._storage.key(entry.key_id) is None:
            wanted = KeyRequest(entry.key_type, entry.key_id, entry.label)
            try:
                self._storage.discard(entry.key_id, b"")
                self._storage.make(wanted)
            except _HOPELESS as error:
                raise self._undone(error) from None
        self._record(step=Step.SIGNING)
        return False

    def _sign(self) -> bool:
        entry = self._entry
        pair = self._storage.key(entry.key_id)
        if pair is None:
            self._record(step=Step.MAKING)
            return False
        subject, extensions = self._asked_for
        try:
            request = build_request(
                subject, pair.public_key, self.sign_with_new, extensions=extensions
            )
        except _HOPELESS as error:
            raise self._undone(error) from None
        self._record(step=Step.SENDING, request=request)
        return False

    def _send(self) -> bool:
        context, order = self._context, self._order
        first = order.renews is None
        hook = ca_hooks.lockwright_ca_enrol if first else ca_hooks.lockwright_ca_renew
        return self._ordered(
            lambda: context.calls(
                hook, self._ca, self._storage.token, order, context.password, self
            )
        )

    def _wait(self) -> bool:
        pending = self._entry.pending or Pending(datetime.now(UTC))
        seconds = (pending.not_before - datetime.now(UTC)).total_seconds()
        refuse_early(self._ca.name, pending, self._patience - time.monotonic())
        time.sleep(max(seconds, 0))
        context = self._context
        return self._ordered(
            lambda: context.calls(
                ca_hooks.lockwright_ca_poll,
                self._ca,
                self._storage.token,
                self._order,
                pending,
                context.password,
                self,
            )
        )

    def _write(self) -> bool:
        entry = self._entry
        pair = self._storage.key(entry.key_id)
        if pair is None:
            raise KeyLost(place=entry.place)
        pair = replace(pair, label=entry.label)
        for left in reversed(range(MOST_WRITES)):
            if self._storage.holds(entry.key_id, entry.certificate):
                break
            self._record(writes=self._entry.writes + 1)
            try:
                self._storage.write(pair, entry.certificate, entry.chain)
            except (PinError, TokenFull):
                raise
            except LockwrightError as error:
                if not left and not self._storage.holds(entry.key_id, entry.certificate):
                    raise self._not_written(error) from None
        self._record(step=Step.PROVING)
        return False

    def _prove(self) -> bool:
        entry = self._entry
        if not self._storage.proves(entry.key_id, entry.certificate):
            raise NotProved(place=entry.place, contact=self._contact)
        if not (entry.replaces or self._storage.keeps_key):
            return True
        self._record(step=Step.CLEARING)
        return False

    def _clear(self) -> bool:
        if self._entry.replaces and self._entry.old is not None:
            self._storage.clear(self._entry.old)
        self._storage.settle(self._entry.key_id)
        return True

    def _finish_undoing(self) -> bool:
        self.undo()
        raise EnrolmentUndone(place=self._entry.place)

    # --- what the CA says -------------------------------------------------------------------------

    @property
    def _asked_for(self) -> tuple[bytes, Sequence[bytes]]:
        """The subject and the extensions to ask for, DER."""
        entry = self._entry
        if entry.renews is not None:
            return kept_of(entry.renews)
        return entry.subject_der or parse_subject(entry.subject, complete=False).public_bytes(), ()

    @property
    def _order(self) -> CaOrder:
        return CaOrder(self._entry.request, self._entry.login, self._entry.renews)

    def _ordered(self, ask: Callable[[], CaAnswer]) -> bool:
        try:
            answer = ask()
        except CaLoginRefused as error:
            raise self._undone(error) from None
        except CaError as error:
            error.cost = KEY_KEPT if isinstance(error, _NOT_TAKEN) else KEY_WAITS
            raise
        match answer:
            case Pending():
                self._record(step=Step.WAITING, pending=answer)
            case Refused():
                refusal = CaRefused(ca=self._ca.name, reason=answer.text, contact=self._contact)
                raise self._undone(refusal)
            case Issued():
                self._accept(answer)
        return False

    def _accept(self, issued: Issued) -> None:
        """Record a certificate that may be written; for any other, undo everything."""
        try:
            check_issued(issued, self._entry, self._ca)
        except CertificateError as error:
            raise self._undone(error) from None
        self._record(step=Step.WRITING, certificate=issued.certificate, chain=issued.chain)

    # --- the end of it ----------------------------------------------------------------------------

    def _undone(self, error: LockwrightError) -> LockwrightError:
        """An error after which nothing is left; if something is, that error."""
        self.undo()
        return error

    def _not_written(self, error: LockwrightError) -> NotWritten:
        certificate = x509.load_der_x509_certificate(self._entry.certificate)
        return NotWritten(
            place=self._entry.place,
            ca=self._ca.name,
            contact=self._contact,
            certificate=f"{certificate.serial_number:x}",
            error=error.code,
            tries=MOST_WRITES,
            reason=explain(error).message,
            ckr=error.ckr,
            adapter=error.adapter,
        )

    @property
    def _contact(self) -> str:
        return self._ca.contact or NOBODY_NAMED

    def _record(self, **changes: object) -> None:
        made = replace(self._entry, **changes)  # type: ignore[arg-type]  # the callers name fields of it
        self._entry = self._context.journal.record(made)
