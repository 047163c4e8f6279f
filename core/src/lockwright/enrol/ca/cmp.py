"""CMP: enrolment with login and one-time password, which does not cross the wire (RFC 9810, 9483).

A first certificate is asked for by a PKCS#10 request (p10cr), protected by a MAC from the
password. A renewal (kur) is signed with the old key, which a token does, and needs no password.
Messages are protected by themselves; TLS is required anyway, since a short password can be
guessed off line from a message that somebody recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from cryptography import x509

from lockwright.certificates import parts
from lockwright.certificates.names import comparable
from lockwright.contract.markers import hookimpl
from lockwright.contract.request_keys import RequestKeys
from lockwright.enrol.ca.cmp_conversation import Conversation
from lockwright.enrol.ca.cmp_http import Channel
from lockwright.enrol.ca.cmp_macs import MACS, USUAL_ITERATIONS, Mac
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_orders import TEMPLATES, by_template, kur, p10cr
from lockwright.enrol.ca.cmp_protection import OldKeySignature, PasswordMac, Protection
from lockwright.enrol.ca.cmp_support import CaCerts
from lockwright.enrol.request import parse_subject, public_key_of
from lockwright.enrol.supported import loaded
from lockwright.enrol.token_key import private_key
from lockwright.enrol.trust import spki
from lockwright.errors import CaAnswerBroken, NotSupported
from lockwright.i18n import N_
from lockwright.models import (
    CaAnswer,
    CaOrder,
    CaProfile,
    CaRequirements,
    Pending,
)
from lockwright.secret import Secret

RECIPIENT = "recipient"
"""Setting: the CA's name (RFC 4514), where it is not the subject of the first anchor."""

MAC, ITERATIONS, REQUEST = "mac", "iterations", "request"
"""Settings: how messages are protected by the password, and how an order is written."""

_SALT = 16
_NOBODY = b"\x30\x00"
"""The empty name, DER."""


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
        transaction = _transaction(ca, order, password, keys)
        return Conversation(ca, order, channel, transaction, keys).ask(body)


@hookimpl
def lockwright_ca_renew(ca: CaProfile, order: CaOrder, keys: RequestKeys) -> CaAnswer:
    """``kur`` (RFC 9483, 4.1.3)."""
    new_key = private_key(public_key_of(order.request), keys.sign_with_new)
    with Channel(ca) as channel:
        transaction = _transaction(ca, order, None, keys)
        body = kur(order.request, order.renews or b"", new_key)
        return Conversation(ca, order, channel, transaction, keys).ask(body)


@hookimpl
def lockwright_ca_poll(
    ca: CaProfile, order: CaOrder, pending: Pending, password: Secret | None, keys: RequestKeys
) -> CaAnswer:
    """``pollReq`` (RFC 9483, 4.4), or ``certConf`` once more, in the transaction that was begun."""
    transaction = _transaction(ca, order, password, keys)
    with Channel(ca) as channel:
        return Conversation(ca, order, channel, transaction, keys, polls=True).go_on(pending)


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
