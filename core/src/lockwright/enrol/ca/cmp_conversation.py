"""A conversation with a CMP server: an order, its waits, and the word that it was taken.

What the CA issued is kept in the journal before the CA hears of it: whatever comes then, no second
certificate is ordered.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from lockwright.certificates import parts
from lockwright.contract.request_keys import RequestKeys
from lockwright.contract.stopping import pause
from lockwright.enrol.ca.cmp_answers import (
    SOMETHING_ELSE,
    Answer,
    Denied,
    Granted,
    Noted,
    Waiting,
    answer_in,
)
from lockwright.enrol.ca.cmp_http import PLAIN, Channel
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_orders import cert_conf, poll_req
from lockwright.enrol.ca.pauses import pauses
from lockwright.enrol.request import public_key_of
from lockwright.enrol.supported import loaded
from lockwright.enrol.trust import spki
from lockwright.errors import CaAnswerBroken, CaFailed, CaForgot, CaLoginRefused
from lockwright.i18n import N_, _
from lockwright.models import CaAnswer, CaOrder, CaProfile, Issued, Pending, Refused

_USUAL_WAIT, _LONGEST_WAIT = 60, 30 * 24 * 3600


class Conversation:
    """One transaction over one connection, from a question to its end or to a long wait.

    Args:
        ca: the CA.
        order: what is ordered.
        channel: the connection.
        transaction: the transaction.
        keys: has an answer kept before it is confirmed.
        polls: whether the transaction was begun before.
    """

    def __init__(
        self,
        ca: CaProfile,
        order: CaOrder,
        channel: Channel,
        transaction: Transaction,
        keys: RequestKeys,
        *,
        polls: bool = False,
    ) -> None:
        self._ca = ca
        self._order = order
        self._channel = channel
        self._transaction = transaction
        self._keys = keys
        self._polls = polls
        self._taken = polls
        patience = ca.deadline if order.patience is None else order.patience
        self._end = time.monotonic() + min(patience, ca.deadline)

    def ask(self, body: bytes) -> CaAnswer:
        """Ask for a certificate, and ask again where the CA says to do so soon.

        Raises:
            CaLoginRefused: the CA does not know the login, or the password is wrong.
            CaForgot: the CA does not know the transaction any more.
            CaError: what the CA did is not known.
        """
        match self._decided(body):
            case Denied() as denied:
                return self._refused(denied)
            case Waiting() as waiting:
                return self._pending(waiting)
            case Granted() as granted:
                return self._confirmed(granted)
            case Noted():
                raise CaAnswerBroken(ca=self._ca.name, reason=SOMETHING_ELSE)

    def go_on(self, pending: Pending) -> CaAnswer:
        """Go on with a transaction of another process.

        Args:
            pending: what is kept of it.

        Raises:
            CaError: as ``ask`` has it.
        """
        kept = json.loads(pending.handle)
        self._transaction.id = bytes.fromhex(kept["transaction"])
        self._transaction.theirs = bytes.fromhex(kept["nonce"])
        if not pending.issued:
            return self.ask(poll_req(kept["request"]))
        issued = Issued(
            bytes.fromhex(kept["certificate"]), tuple(map(bytes.fromhex, kept["others"]))
        )
        return self._confirmed_again(issued, kept["request"])

    def _refused(self, denied: Denied) -> Refused:
        """What a no says: of the order, of who asks, of the moment, or of a lost transaction."""
        named = self._order.renews is None
        open_to_all = self._ca.settings.get(PLAIN) is True
        believed = named and not open_to_all and (self._polls or not self._taken)
        if not self._transaction.authentic and not believed:
            # Nobody vouches for it; the login was accepted before, or anybody may have said it.
            reason = _("it is not protected, and says: {text}").format(text=_(denied.text))
            raise CaAnswerBroken(ca=self._ca.name, reason=reason)
        if denied.for_now:
            raise CaFailed(ca=self._ca.name, status=denied.for_now, reason=denied.text)
        if named and (denied.login or not self._transaction.authentic):
            # A CA that cannot protect its error with the password does not know it as we do.
            raise CaLoginRefused(ca=self._ca.name, reason=denied.text)
        if denied.whole and self._polls:
            raise CaForgot(ca=self._ca.name, reason=denied.text)
        return Refused(denied.text, final=not self._taken)

    def _decided(self, body: bytes) -> Answer:
        """Send a message; a short wait is waited out, and only a long one is an answer."""
        polled, shortest = False, pauses()
        while isinstance(answer := self._say(body), Waiting):
            # Only the answer to a poll says how long; a first one sends us polling.
            at_once = answer.seconds is None and not polled
            seconds = 0 if at_once else max(self._seconds(answer), next(shortest))
            if not at_once and time.monotonic() + seconds >= self._end:
                break
            pause(seconds)
            body, polled = poll_req(answer.request_id), True
            self._taken = True
        return answer

    def _say(self, body: bytes) -> Answer:
        """Send a message and read the answer; an error alone need not be protected."""
        transaction = self._transaction
        der = self._channel.exchange(transaction.message(body))
        try:
            answer = answer_in(transaction.read(der))
            if not isinstance(answer, Denied):
                transaction.require_authentic()
            return answer  # noqa: TRY300  # reading it is what may fail
        except ValueError as error:
            reason = str(error)
        raise CaAnswerBroken(ca=self._ca.name, reason=reason)

    def _confirmed(self, granted: Granted) -> Issued:
        """Tell the CA that the certificate is taken, or that it is for another key."""
        try:
            fits = _fits(granted.certificate, self._order.request)
            told, version = cert_conf(granted.certificate, granted.request_id, accepted=fits)
        except ValueError:
            raise CaAnswerBroken(ca=self._ca.name, reason=SOMETHING_ELSE) from None
        if not granted.confirmed or not fits:
            if fits:
                self._keys.keep(self._to_be_confirmed(granted))
            self._transaction.version = version
            noted = self._told(told)
            if fits and not noted:
                reason = N_("it did not confirm that the certificate is accepted")
                raise CaAnswerBroken(ca=self._ca.name, reason=reason)
        return Issued(granted.certificate, granted.others)

    def _confirmed_again(self, issued: Issued, request_id: int) -> Issued:
        """Tell the CA once more that a certificate is taken; take it whatever it says to that.

        It may have been told before, or have closed the transaction, and says so in many ways.
        """
        told, self._transaction.version = cert_conf(issued.certificate, request_id, accepted=True)
        with suppress(CaAnswerBroken, CaFailed):
            answer = self._decided(told)
            if isinstance(answer, Denied) and answer.login and self._order.renews is None:
                raise CaLoginRefused(ca=self._ca.name, reason=answer.text)
        return issued

    def _told(self, body: bytes) -> bool:
        """Whether the CA took note of a message; it may keep us waiting here, too.

        The person's patience is for the CA's decision, which is there.
        """
        self._end = time.monotonic() + self._ca.deadline
        with suppress(CaAnswerBroken):
            return isinstance(self._decided(body), Noted)
        return False

    def _to_be_confirmed(self, granted: Granted) -> Pending:
        kept = {
            **self._kept(granted.request_id),
            "certificate": granted.certificate.hex(),
            "others": [each.hex() for each in granted.others],
        }
        text = N_("the certificate is issued, and the CA is to be told that it is taken")
        return Pending(datetime.now(UTC), text, json.dumps(kept), issued=True)

    def _kept(self, request_id: int) -> dict[str, Any]:
        """How another process goes on with the transaction."""
        return {
            "transaction": self._transaction.id.hex(),
            "nonce": self._transaction.theirs.hex(),
            "request": request_id,
        }

    def _pending(self, waiting: Waiting) -> Pending:
        when = datetime.now(UTC) + timedelta(seconds=self._seconds(waiting))
        return Pending(when, waiting.text, json.dumps(self._kept(waiting.request_id)))

    def _seconds(self, waiting: Waiting) -> int:
        told = _USUAL_WAIT if waiting.seconds is None else waiting.seconds
        return min(max(told, 0), _LONGEST_WAIT)


def _fits(certificate: bytes, request: bytes) -> bool:
    """Whether a certificate, which may be of a kind that nobody knows, is for a request's key."""
    try:
        return spki(loaded(certificate)) == public_key_of(request)
    except ValueError:
        return parts.of_certificate(certificate).key_info == parts.of_request(request).key_info
