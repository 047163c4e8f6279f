"""EST: enrolment over HTTPS with a login and a one-time password (RFC 7030, RFC 8951).

The password goes into the one POST that orders the certificate, and nowhere else. Renewal asks for
a new one: a key in a token cannot be used for TLS from Python, so it cannot stand for the old
certificate there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial

from cryptography import x509

from lockwright.certificates.asn1 import node
from lockwright.certificates.names import read_name
from lockwright.contract.markers import hookimpl
from lockwright.enrol.ca import renewal_info
from lockwright.enrol.ca.basic import Basic
from lockwright.enrol.ca.certs import certificates_in, one_for, transfer_decoded, transfer_encoded
from lockwright.enrol.ca.csrattrs import Subject, Wishes, name_of, wishes_in
from lockwright.enrol.ca.http import Question, Reply, exchange
from lockwright.enrol.ca.server_text import HUMAN, server_text
from lockwright.enrol.ca.tls import secure_url, unverified, verifying
from lockwright.enrol.request import parse_subject, public_key_of
from lockwright.enrol.trust import der
from lockwright.errors import (
    CaAnswerBroken,
    CaConflict,
    CaError,
    CaFailed,
    CaLoginRefused,
    CaTooMany,
    NotSupported,
)
from lockwright.i18n import N_, _
from lockwright.models import (
    CaAnswer,
    CaOrder,
    CaProfile,
    CaRequirements,
    Issued,
    Pending,
    Refused,
    RenewalInfo,
)
from lockwright.secret import Secret

_ROOT = "/.well-known/est"
_PKCS7 = "application/pkcs7-mime"
_PKCS10 = {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"}
_OK, _LATER, _NOTHING = 200, 202, 204
_REDIRECTS, _REFUSALS, _FAILURES = range(300, 400), range(400, 500), range(500, 600)
_UNAUTHORIZED, _NOT_FOUND = 401, 404
_TOO_MANY = 429
_OPEN = bytes((0x0C, 2)) + b".."
"""Shown for a value that a template leaves open; a country has two letters."""
_TRY_AGAIN = frozenset({408, 425, _TOO_MANY})
"""Statuses that refuse the moment, not the request (RFC 9110, RFC 8470, RFC 6585)."""
_USUAL_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(days=30)


@hookimpl
def lockwright_ca_certificates(ca: CaProfile) -> Sequence[bytes]:
    """``/cacerts``, without trust from a server that nobody vouches for (RFC 7030, 4.1.1)."""
    context = verifying(ca) if ca.anchors else unverified()
    reply = exchange(ca, context, _get(ca, "cacerts", _PKCS7))
    if reply.status != _OK:
        raise _failure(ca, reply)
    return [der(certificate) for certificate in _certificates(ca, reply)]


@hookimpl
def lockwright_ca_requirements(ca: CaProfile) -> CaRequirements:
    """``/csrattrs``: what the server wants in the request (RFC 7030, 4.5)."""
    reply = exchange(ca, verifying(ca), _get(ca, "csrattrs", "application/csrattrs"))
    wishes = _wishes(ca, reply)
    if wishes.channel_binding:
        demand = _("bind the request to the TLS connection (challengePassword), which the CA wants")
        raise NotSupported(operation=demand)
    return CaRequirements(key_type=wishes.key_type, subject=_subject(ca, wishes))


@hookimpl
def lockwright_ca_enrol(ca: CaProfile, order: CaOrder, password: Secret | None) -> CaAnswer:
    """``/simpleenroll`` (RFC 7030, 4.2.1)."""
    return _order(ca, "simpleenroll", order, password)


@hookimpl
def lockwright_ca_renew(ca: CaProfile, order: CaOrder, password: Secret | None) -> CaAnswer:
    """``/simplereenroll`` (RFC 7030, 4.2.2)."""
    return _order(ca, "simplereenroll", order, password)


@hookimpl
def lockwright_ca_renewal_info(ca: CaProfile, certificate: bytes) -> RenewalInfo | None:
    """As RFC 9773 has it, where the bank says that the server has it."""
    question = renewal_info.question(ca, certificate, partial(_path, ca))
    if question is None:
        raise NotSupported(operation=N_("ask the CA when to renew"))
    reply = exchange(ca, verifying(ca), question)
    if reply.status in renewal_info.NOTHING_TOLD:
        return None
    if reply.status != _OK:
        raise _failure(ca, reply)
    return renewal_info.told(ca, reply)


@hookimpl
def lockwright_ca_poll(ca: CaProfile, order: CaOrder, password: Secret | None) -> CaAnswer:
    """The same request again (RFC 7030, 4.2.3)."""
    return _order(ca, "simpleenroll" if order.renews is None else "simplereenroll", order, password)


def _get(ca: CaProfile, operation: str, accepted: str) -> Question:
    return Question("GET", _path(ca, operation), {"Accept": accepted})


def _path(ca: CaProfile, operation: str) -> str:
    base = secure_url(ca).path.rstrip("/")
    root = base if base.endswith(_ROOT) else base + _ROOT
    return "/".join(filter(None, (root, ca.label, operation)))


def _order(ca: CaProfile, operation: str, order: CaOrder, password: Secret | None) -> CaAnswer:
    """Send the request; ``verifying`` makes sure that the password reaches none but the CA."""
    auth = None
    if order.login is not None and password is not None:
        auth = Basic(order.login, password)
    question = Question(
        "POST",
        _path(ca, operation),
        {**_PKCS10, "Accept": _PKCS7},
        transfer_encoded(order.request),
        auth,
    )
    reply = exchange(ca, verifying(ca), question)
    if reply.status == _OK:
        public_key = public_key_of(order.request)
        return Issued(*one_for(public_key, _certificates(ca, reply, public_key)))
    if reply.status == _LATER:
        return Pending(_when(reply.headers), server_text(reply.body, reply.media_type))
    own = reply.media_type in HUMAN  # a page is a proxy's, which does not speak for the CA
    if reply.status in _REFUSALS and own and reply.status not in {_UNAUTHORIZED, *_TRY_AGAIN}:
        return Refused(server_text(reply.body, reply.media_type))
    raise _failure(ca, reply)


def _certificates(
    ca: CaProfile, reply: Reply, public_key: bytes | None = None
) -> list[x509.Certificate]:
    """A 200 alone is no success: the media type and the body must be what they should."""
    if reply.media_type != _PKCS7:
        kind = server_text(reply.media_type.encode(), "")
        reason = _("its media type is {kind}").format(kind=kind)
        raise CaAnswerBroken(ca=ca.name, reason=reason)
    try:
        return certificates_in(reply.body, public_key)
    except ValueError as error:
        reason = str(error)
    raise CaAnswerBroken(ca=ca.name, reason=reason)


def _wishes(ca: CaProfile, reply: Reply) -> Wishes:
    """No such resource, and a login for it, mean no wishes: the order itself will show."""
    if reply.status in {_NOTHING, _NOT_FOUND, _UNAUTHORIZED}:
        return Wishes()
    if reply.status != _OK:
        raise _failure(ca, reply)
    try:
        return wishes_in(transfer_decoded(reply.body))
    except ValueError as error:
        reason = str(error)
    raise CaAnswerBroken(ca=ca.name, reason=reason)


def _subject(ca: CaProfile, wishes: Wishes) -> str | None:
    """The dictated subject; what its template leaves open is taken from the bank's own.

    Where the bank has set none, the person says it, and the CA judges it.
    """
    if wishes.subject is None:
        return None
    open_parts = any(value is None for part in wishes.subject for _oid, value in part)
    if ca.subject is None and open_parts:
        return None
    own = _values_of(ca.subject)
    filled = tuple(
        tuple((oid, own.get(oid) if value is None else value) for oid, value in part)
        for part in wishes.subject
    )
    if any(value is None for part in filled for _oid, value in part):
        raise CaConflict(
            ca=ca.name,
            what=N_("subject"),
            wanted=_shown(wishes.subject),
            asked=ca.subject or "-",
        )
    try:
        return name_of(filled)
    except ValueError:
        reason = N_("its attributes for the request (csrattrs) cannot be read")
    raise CaAnswerBroken(ca=ca.name, reason=reason)


def _shown(subject: Subject) -> str:
    """A template as people read it, with dots for what it leaves open."""
    try:
        return name_of(
            tuple(
                tuple((oid, _OPEN if value is None else value) for oid, value in part)
                for part in subject
            )
        )
    except ValueError:
        return ", ".join(oid for part in subject for oid, _value in part)


def _values_of(subject: str | None) -> dict[str, bytes]:
    """The values in the bank's own subject, DER, by the dotted OID of their type."""
    if not subject:
        return {}
    found = read_name(node(parse_subject(subject).public_bytes()))
    return {each.oid: each.value.whole for each in found.attributes}


def _failure(ca: CaProfile, reply: Reply) -> CaError:
    """An answer that is neither yes nor no."""
    text = server_text(reply.body, reply.media_type)
    if reply.status == _UNAUTHORIZED:
        return CaLoginRefused(ca=ca.name, reason=text)
    if reply.status == _TOO_MANY:
        return CaTooMany(ca=ca.name, reason=text)
    if reply.status in _REDIRECTS:
        reason = N_("it points to another address, which is not followed")
        return CaAnswerBroken(ca=ca.name, reason=reason)
    if reply.status in _FAILURES or reply.status in _TRY_AGAIN:
        return CaFailed(ca=ca.name, status=reply.status, reason=text)
    reason = _("status {status}, and it says: {text}").format(status=reply.status, text=_(text))
    return CaAnswerBroken(ca=ca.name, reason=reason)


def _when(headers: Mapping[str, str]) -> datetime:
    """When to ask again: Retry-After as seconds or as a date (RFC 9110, 10.2.3)."""
    now, told = datetime.now(UTC), headers.get("retry-after", "").strip()
    try:
        if told.isascii() and told.isdigit():
            then = now + timedelta(seconds=min(int(told), _LONGEST_WAIT.total_seconds()))
        else:
            then = parsedate_to_datetime(told).astimezone(UTC)
    except (ValueError, OverflowError):
        return now + _USUAL_WAIT
    return min(max(then, now), now + _LONGEST_WAIT)
