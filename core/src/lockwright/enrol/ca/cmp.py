"""CMP: enrolment with login and one-time password, which does not cross the wire (RFC 9810, 9483).

A first certificate is asked for by a PKCS#10 request (p10cr), protected by a MAC from the
password. A renewal (kur) is signed with the old key, which a token does, and needs no password.
Messages are protected by themselves; TLS is required anyway, since a short password can be
guessed off line from a message that somebody recorded.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from cryptography import x509

from lockwright.certificates import parts
from lockwright.certificates.names import comparable
from lockwright.contract.markers import hookimpl
from lockwright.contract.request_keys import RequestKeys
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
from lockwright.enrol.ca.cmp_macs import MACS, USUAL_ITERATIONS, Mac
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_orders import TEMPLATES, by_template, cert_conf, kur, p10cr, poll_req
from lockwright.enrol.ca.cmp_protection import OldKeySignature, PasswordMac, Protection
from lockwright.enrol.ca.cmp_support import CaCerts
from lockwright.enrol.ca.pauses import pauses
from lockwright.enrol.request import parse_subject, public_key_of
from lockwright.enrol.supported import loaded
from lockwright.enrol.token_key import private_key
from lockwright.enrol.trust import spki
from lockwright.errors import CaAnswerBroken, CaFailed, CaForgot, CaLoginRefused, NotSupported
from lockwright.i18n import N_, _
from lockwright.models import (
    CaAnswer,
    CaOrder,
    CaProfile,
    CaRequirements,
    Issued,
    Pending,
    Refused,
)
from lockwright.secret import Secret

RECIPIENT = "recipient"
"""Setting: the CA's name (RFC 4514), where it is not the subject of the first anchor."""

MAC, ITERATIONS, REQUEST = "mac", "iterations", "request"
"""Settings: how messages are protected by the password, and how an order is written."""

_SALT = 16
_NOBODY = b"\x30\x00"
"""The empty name, DER."""
_USUAL_WAIT, _LONGEST_WAIT = 60, 30 * 24 * 3600


@hookimpl
def lockwright_ca_certificates(ca: CaProfile) -> Sequence[bytes]:
    """``genm`` for caCerts (RFC 9483, 4.3.1); a server without trust is not asked."""
    if not (ca.anchors or ca.server_anchors or ca.system_trust):
        operation = N_("ask a CMP server for its certificates; set ca.NAME.trust")
        raise NotSupported(operation=operation)
    question = CaCerts(_recipient(ca))
    with Channel(ca) as channel:
        answer = channel.exchange(question.message())
    try:
        return question.read(answer)
    except ValueError as error:
        reason = str(error)
    raise CaAnswerBroken(ca=ca.name, reason=reason)


@hookimpl
def lockwright_ca_requirements(ca: CaProfile) -> CaRequirements:
    """Nothing is asked over the network: a connection alone is proof that the server is there."""
    with Channel(ca) as channel:
        channel.connect()
    return CaRequirements(renewal_login=False)


@hookimpl
def lockwright_ca_enrol(
    ca: CaProfile, order: CaOrder, password: Secret | None, keys: RequestKeys
) -> CaAnswer:
    """``p10cr`` (RFC 9483, 4.1.4), or what the CA wants in its place."""
    kind = ca.settings.get(REQUEST)
    if kind in TEMPLATES:
        key = private_key(public_key_of(order.request), keys.sign_with_new)
        body = by_template(str(kind), order.request, key)
    else:
        body = p10cr(order.request)
    with Channel(ca) as channel:
        conversation = _Conversation(ca, order, channel, _transaction(ca, order, password, keys))
        return conversation.ask(body)


@hookimpl
def lockwright_ca_renew(ca: CaProfile, order: CaOrder, keys: RequestKeys) -> CaAnswer:
    """``kur`` (RFC 9483, 4.1.3)."""
    new_key = private_key(public_key_of(order.request), keys.sign_with_new)
    with Channel(ca) as channel:
        conversation = _Conversation(ca, order, channel, _transaction(ca, order, None, keys))
        return conversation.ask(kur(order.request, order.renews or b"", new_key))


@hookimpl
def lockwright_ca_poll(
    ca: CaProfile, order: CaOrder, pending: Pending, password: Secret | None, keys: RequestKeys
) -> CaAnswer:
    """``pollReq`` (RFC 9483, 4.4), in the transaction that was begun."""
    kept = json.loads(pending.handle)
    transaction = _transaction(ca, order, password, keys)
    transaction.id = bytes.fromhex(kept["transaction"])
    transaction.theirs = bytes.fromhex(kept["nonce"])
    with Channel(ca) as channel:
        return _Conversation(ca, order, channel, transaction, polls=True).ask(
            poll_req(kept["request"])
        )


class _Conversation:
    """One transaction over one connection, from a question to its end or to a long wait."""

    def __init__(
        self,
        ca: CaProfile,
        order: CaOrder,
        channel: Channel,
        transaction: Transaction,
        *,
        polls: bool = False,
    ) -> None:
        self._ca = ca
        self._order = order
        self._channel = channel
        self._transaction = transaction
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
            time.sleep(seconds)
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
            self._transaction.version = version
            noted = self._told(told)
            if fits and not noted:
                reason = N_("it did not confirm that the certificate is accepted")
                raise CaAnswerBroken(ca=self._ca.name, reason=reason)
        return Issued(granted.certificate, granted.others)

    def _told(self, body: bytes) -> bool:
        """Whether the CA took note of a message; it may keep us waiting here, too.

        The person's patience is for the CA's decision, which is there.
        """
        self._end = time.monotonic() + self._ca.deadline
        with suppress(CaAnswerBroken):
            return isinstance(self._decided(body), Noted)
        return False

    def _pending(self, waiting: Waiting) -> Pending:
        kept = {
            "transaction": self._transaction.id.hex(),
            "nonce": self._transaction.theirs.hex(),
            "request": waiting.request_id,
        }
        when = datetime.now(UTC) + timedelta(seconds=self._seconds(waiting))
        return Pending(when, waiting.text, json.dumps(kept))

    def _seconds(self, waiting: Waiting) -> int:
        told = _USUAL_WAIT if waiting.seconds is None else waiting.seconds
        return min(max(told, 0), _LONGEST_WAIT)


def _transaction(
    ca: CaProfile, order: CaOrder, password: Secret | None, keys: RequestKeys
) -> Transaction:
    anchors = [x509.load_der_x509_certificate(each) for each in ca.anchors]
    recipient = _recipient(ca)
    sender = parts.of_request(order.request).subject
    protection: Protection
    if order.renews is None:
        if order.login is None or password is None:
            raise NotSupported(operation=N_("enrol over CMP without login and one-time password"))
        protection = PasswordMac(order.login, password, _mac(ca), anchors)
    else:
        sender = parts.of_certificate(order.renews).subject
        key = private_key(spki(loaded(order.renews)), keys.sign_with_old)
        protection = OldKeySignature(order.renews, key, anchors)
    return Transaction(sender, recipient, protection)


def _recipient(ca: CaProfile) -> bytes:
    """The CA's name, DER: that of the first anchor, or the one set, as an anchor has it."""
    known = [parts.of_certificate(anchor).subject for anchor in ca.anchors]
    named = ca.settings.get(RECIPIENT)
    if not isinstance(named, str):
        return known[0] if known else _NOBODY
    wanted = parse_subject(named).public_bytes()
    return next((each for each in known if comparable(each) == comparable(wanted)), wanted)


def _mac(ca: CaProfile) -> Mac:
    """The MAC that the CA wants, with a salt of our own."""
    iterations = ca.settings.get(ITERATIONS, USUAL_ITERATIONS)
    salt = secrets.token_bytes(_SALT)
    return MACS[str(ca.settings.get(MAC, "pbm"))](salt, int(str(iterations)))


def _fits(certificate: bytes, request: bytes) -> bool:
    """Whether a certificate, which may be of a kind that nobody knows, is for a request's key."""
    try:
        return spki(loaded(certificate)) == public_key_of(request)
    except ValueError:
        return parts.of_certificate(certificate).key_info == parts.of_request(request).key_info
