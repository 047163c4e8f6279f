"""The steps in which a CA is asked, and what it says is judged.

A *no* is final only as the answer to the very first sending. Later the CA may have issued, so
that the key stays, and the certificate once it is there, until a person gives them up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from lockwright.contract import ca_hooks
from lockwright.contract.request_keys import RequestKeys
from lockwright.enrol.journal import Step
from lockwright.errors import (
    CERTIFICATE_KEPT,
    KEY_KEPT,
    KEY_WAITS,
    MAYBE_ISSUED,
    CaAddressUnclear,
    CaAnswerBroken,
    CaError,
    CaForgot,
    CaLoginRefused,
    CaNotSecure,
    CaProxy,
    CaRefused,
    CaServerUntrusted,
    CaTooMany,
    CaUnreachable,
    CertificateForAnotherKey,
    CertificateUntrusted,
    LockwrightError,
    LoginUnfit,
)
from lockwright.i18n import N_
from lockwright.models import CaAnswer, CaOrder, Issued, Pending, Refused
from lockwright.operations.enrolment.intermediates import known_of
from lockwright.operations.enrolment.issued import check_issued, check_key
from lockwright.operations.enrolment.progress import Progress
from lockwright.operations.enrolment.waiting import Waits

_NOT_SENT = (
    CaUnreachable,
    CaProxy,
    CaServerUntrusted,
    CaNotSecure,
    CaAddressUnclear,
    LoginUnfit,
)
"""Errors before which no request went out."""
_NOT_TAKEN = (*_NOT_SENT, CaTooMany)
"""Errors after which it is known that this request was not taken."""


class CaSteps:
    """Asks a CA for what an entry orders.

    Args:
        progress: the enrolment.
        keys: signs for the CA's client.
    """

    def __init__(self, progress: Progress, keys: RequestKeys) -> None:
        self._progress = progress
        self._context = progress.context
        self._ca = progress.context.ca
        self._keys = keys
        self._waits = Waits(self._ca.name, self._context.patience.seconds, self._context.teller)

    def send(self) -> None:
        """Send the request; that it goes out is on disk before."""
        first = not self._progress.entry.sent
        if first:
            self._progress.record(sent=True)
        context, order = self._context, self._order
        hook = (
            ca_hooks.lockwright_ca_enrol if order.renews is None else ca_hooks.lockwright_ca_renew
        )
        self._ordered(
            lambda: context.calls(
                hook, self._ca, context.storage.token, order, context.password, self._keys
            ),
            first=first,
        )

    def wait(self) -> None:
        """Wait until the CA may be asked again, and ask; one that forgot is sent it again."""
        context, pending = self._context, self._progress.entry.pending
        pending = pending or Pending(datetime.now(UTC))
        self._waits.wait(pending)
        try:
            self._ordered(
                lambda: context.calls(
                    ca_hooks.lockwright_ca_poll,
                    self._ca,
                    context.storage.token,
                    self._order,
                    pending,
                    context.password,
                    self._keys,
                ),
                first=False,
            )
        except CaForgot:
            self._progress.record(step=Step.SENDING, pending=None)

    def check(self) -> None:
        """Judge the certificate that was issued; whatever is wrong with it, it is kept.

        Where nothing leads from it to a trusted CA, the CA is asked once more for its own.
        """
        entry = self._progress.entry
        try:
            chain = self._judged()
        except CertificateUntrusted:
            known = known_of(self._context.calls, self._ca)
            if set(known) <= set(entry.known):
                raise
            self._progress.record(known=known)
            chain = self._judged()
        self._progress.record(step=Step.WRITING, chain=chain)

    def _judged(self) -> tuple[bytes, ...]:
        """What leads from the certificate to a trusted CA, of what came with it and is known."""
        entry = self._progress.entry
        return check_issued(Issued(entry.certificate, (*entry.chain, *entry.known)), self._ca)

    # --- what the CA says -------------------------------------------------------------------------

    @property
    def _order(self) -> CaOrder:
        entry = self._progress.entry
        return CaOrder(entry.request, entry.login, entry.renews, patience=self._waits.left)

    def _ordered(self, ask: Callable[[], CaAnswer], *, first: bool) -> None:
        try:
            answer = ask()
        except (CaLoginRefused, CaRefused) as error:
            raise self._no(error, final=first and not self._issued) from None
        except CaError as error:
            first = first and not self._issued
            if first and isinstance(error, _NOT_SENT):
                self._progress.record(sent=False)
            is_known = first and isinstance(error, _NOT_TAKEN)
            error.cost = KEY_KEPT if is_known else self._unknown
            raise
        match answer:
            case Pending():
                self._check_time(answer)
                self._waits.asked(answer)
                self._progress.record(step=Step.WAITING, pending=answer)
            case Refused():
                contact = self._progress.contact
                refusal = CaRefused(ca=self._ca.name, reason=answer.text, contact=contact)
                raise self._no(refusal, final=first and answer.final)
            case Issued():
                self._accept(answer, first=first)

    def _check_time(self, pending: Pending) -> None:
        """What a client hands over may be anything of that type."""
        if pending.not_before.tzinfo is None:
            error = CaAnswerBroken(
                ca=self._ca.name, reason=N_("its times say nothing of their zone")
            )
            error.cost = self._unknown
            raise error

    def _accept(self, issued: Issued, *, first: bool) -> None:
        """Keep a certificate for this key, whatever else is to be said of it."""
        try:
            check_key(issued.certificate, self._progress.entry, self._ca)
        except CertificateForAnotherKey as error:
            raise self._no(error, final=first) from None
        self._progress.record(
            step=Step.CHECKING, certificate=issued.certificate, chain=issued.chain
        )

    def _no(self, error: LockwrightError, *, final: bool) -> LockwrightError:
        """What a no comes to: all is undone, or kept since the CA may have issued before."""
        if final:
            return self._progress.undone(error)
        error.cost = CERTIFICATE_KEPT if self._issued else MAYBE_ISSUED
        return error

    @property
    def _issued(self) -> bool:
        """Whether there is a certificate, and the CA is only to be told that it is taken."""
        pending = self._progress.entry.pending
        return pending is not None and pending.issued

    @property
    def _unknown(self) -> str:
        """The cost of not knowing what the CA did."""
        return CERTIFICATE_KEPT if self._issued else KEY_WAITS
