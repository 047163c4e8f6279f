"""EST: enrolment over HTTPS with a login and a one-time password (RFC 7030, RFC 8951).

The password goes into the one POST that orders the certificate, and nowhere else. Renewal asks for
a new one: a key in a token cannot be used for TLS from Python, so it cannot stand for the old
certificate there.

**A server that takes no Basic gets no password.** Which schemes it takes, a server says when it is
asked for something without a login (RFC 7030, 3.2.3; RFC 9110, 11.6.1). Before an order it is asked
so by the order's own POST without a body, which nobody can take for an order; curl begins with
Digest in the same way. libest 3.2 and GlobalSign's est judge the login before they read the body.
It costs one exchange and neither key nor password. Where the answer is no challenge, as of a server
that reads the body first, the password is sent: most servers take Basic alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from cryptography import x509

from lockwright.contract.markers import hookimpl
from lockwright.enrol.ca import renewal_info
from lockwright.enrol.ca.basic import Basic
from lockwright.enrol.ca.certs import certificates_in, one_for, transfer_encoded
from lockwright.enrol.ca.challenges import without_basic
from lockwright.enrol.ca.csrattrs import name_of
from lockwright.enrol.ca.csrattrs_page import is_of_the_page, read
from lockwright.enrol.ca.est_paths import path_of
from lockwright.enrol.ca.gateways import answered_instead
from lockwright.enrol.ca.http import Question, Reply, exchange
from lockwright.enrol.ca.logins import check_login
from lockwright.enrol.ca.retry_after import wait_in
from lockwright.enrol.ca.server_text import HUMAN, server_text
from lockwright.enrol.ca.statuses import REDIRECTS, TOO_MANY, TRY_AGAIN, failure
from lockwright.enrol.ca.tls import unverified, verifying
from lockwright.enrol.request import public_key_of
from lockwright.enrol.trust import der
from lockwright.errors import (
    CaAnswerBroken,
    CaBroke,
    CaError,
    CaLoginRefused,
    CaLoginScheme,
    CaRenewalRefused,
    CaSilent,
    CaTooMany,
    CaWantsBinding,
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

_ENROLL, _REENROLL = "simpleenroll", "simplereenroll"
RENEWAL = "renewal"
"""Setting that names the operation for renewals."""
_PKCS7 = "application/pkcs7-mime"
_CERTIFICATES = frozenset({_PKCS7, "application/x-pkcs7-mime", ""})
"""Media types of certificates: EST's, its name before it was registered (RFC 2311), and none."""
_PKCS10 = {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"}
_OK, _LATER = 200, 202
_REFUSALS = range(400, 500)
_UNAUTHORIZED, _FORBIDDEN, _PROXY_LOGIN = 401, 403, 407
_NO_REFUSALS = TRY_AGAIN | {_UNAUTHORIZED, _PROXY_LOGIN}
_QUESTION_SECONDS = 10
"""What is waited at most for the answer to a question that an order can do without."""
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
    """``/csrattrs``, what the server wants in a request (RFC 7030, 4.5), and how it takes a login.

    Raises:
        CaWantsBinding, CaLoginScheme: an order would be refused.
    """
    reply = exchange(ca, verifying(ca), _get(ca, "csrattrs", "application/csrattrs"))
    if not is_of_the_page(reply.status) or _has_moved(reply):
        raise _failure(ca, reply)
    wishes, passed_over = read(reply)
    if wishes.channel_binding:
        raise CaWantsBinding(ca=ca.name)
    subject = None
    if wishes.subject is not None:
        try:
            subject = name_of(wishes.subject)
        except ValueError:
            passed_over = N_("its subject cannot be read")
    _check_scheme(ca, reply)
    one, *others = wishes.key_types or (None,)
    return CaRequirements(
        key_type=None if others else one,
        subject=subject,
        key_types=wishes.key_types if others else (),
        passed_over=passed_over,
    )


@hookimpl
def lockwright_ca_enrol(ca: CaProfile, order: CaOrder, password: Secret | None) -> CaAnswer:
    """``/simpleenroll`` (RFC 7030, 4.2.1)."""
    return _order(ca, order, password)


@hookimpl
def lockwright_ca_renew(ca: CaProfile, order: CaOrder, password: Secret | None) -> CaAnswer:
    """``/simplereenroll`` (RFC 7030, 4.2.2), or ``/simpleenroll`` where the CA is set so.

    The setting decides, and no refusal: of the one POST with the password nothing is repeated.
    """
    return _order(ca, order, password)


@hookimpl
def lockwright_ca_renewal_info(ca: CaProfile, certificate: bytes) -> RenewalInfo | None:
    """As RFC 9773 has it, where the bank says that the server has it."""
    question = renewal_info.question(ca, certificate, partial(path_of, ca))
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
    return _order(ca, order, password)


def _get(ca: CaProfile, operation: str, accepted: str) -> Question:
    return Question("GET", path_of(ca, operation), {"Accept": accepted})


def _post(ca: CaProfile, operation: str, body: bytes, auth: Basic | None = None) -> Question:
    headers = {**_PKCS10, "Accept": _PKCS7}
    return Question("POST", path_of(ca, operation), headers, body, auth)


def _check_scheme(ca: CaProfile, reply: Reply) -> None:
    """Refuse a server that says that it takes no Basic.

    Args:
        ca: the CA.
        reply: what it answered without a login; if that is no challenge, it is asked for one.

    Raises:
        CaLoginScheme: it takes a login in other ways only.
    """
    if reply.status != _UNAUTHORIZED or "www-authenticate" not in reply.headers:
        hasty = replace(ca, deadline=min(ca.deadline, _QUESTION_SECONDS))
        try:
            reply = exchange(hasty, verifying(ca), _post(ca, _ENROLL, b""))
        except (CaAnswerBroken, CaBroke, CaSilent):
            return
    if reply.status == _UNAUTHORIZED and (schemes := without_basic(reply.headers)):
        raise CaLoginScheme(ca=ca.name, schemes=schemes)


def _order(ca: CaProfile, order: CaOrder, password: Secret | None) -> CaAnswer:
    """Send the request; ``verifying`` makes sure that the password reaches none but the CA."""
    check_login(ca, order.login)
    auth = None
    if order.login is not None and password is not None:
        auth = Basic(order.login, password)
    renews = order.renews is not None and ca.settings.get(RENEWAL) != _ENROLL
    question = _post(ca, _REENROLL if renews else _ENROLL, transfer_encoded(order.request), auth)
    reply = exchange(ca, verifying(ca), question)
    if reply.status == _OK:
        return _issued(ca, reply, public_key_of(order.request))
    if reply.status == _LATER:
        wait = wait_in(reply.headers, _USUAL_WAIT, shortest=timedelta(), longest=_LONGEST_WAIT)
        when = datetime.now(UTC) + wait
        return Pending(when, server_text(reply.body, reply.media_type))
    own = reply.media_type in HUMAN  # a page is a proxy's, which does not speak for the CA
    text = server_text(reply.body, reply.media_type)
    if reply.status == _FORBIDDEN and own and renews:
        raise CaRenewalRefused(ca=ca.name, reason=text)
    if reply.status in _REFUSALS and own and reply.status not in _NO_REFUSALS:
        return Refused(text)
    raise _failure(ca, reply)


def _issued(ca: CaProfile, reply: Reply, public_key: bytes) -> Issued:
    """The certificate for a key; a set of nothing but CAs' is an answer that lacks it."""
    found = _certificates(ca, reply, public_key)
    try:
        return Issued(*one_for(public_key, found, ca.anchors))
    except ValueError as error:
        reason = str(error)
    raise CaAnswerBroken(ca=ca.name, reason=reason)


def _certificates(
    ca: CaProfile, reply: Reply, public_key: bytes | None = None
) -> list[x509.Certificate]:
    """A 200 alone is no success: the media type and the body must be what they should."""
    if reply.media_type not in _CERTIFICATES:
        kind = server_text(reply.media_type.encode(), "")
        reason = _("its media type is {kind}").format(kind=kind)
        raise CaAnswerBroken(ca=ca.name, reason=reason)
    try:
        return certificates_in(reply.body, public_key)
    except ValueError as error:
        reason = str(error)
    raise CaAnswerBroken(ca=ca.name, reason=reason)


def _has_moved(reply: Reply) -> bool:
    """Whether a redirect is to the same page elsewhere, so that an order would meet one, too."""
    where = reply.headers.get("location", "").partition("?")[0]
    return reply.status in REDIRECTS and where.endswith("/csrattrs")


def _failure(ca: CaProfile, reply: Reply) -> CaError:
    """An answer that is neither yes nor no."""
    if answered_instead(ca, reply) is None:
        text = server_text(reply.body, reply.media_type)
        if reply.status == _UNAUTHORIZED and (schemes := without_basic(reply.headers)):
            return CaLoginScheme(ca=ca.name, schemes=schemes)
        if reply.status == _UNAUTHORIZED:
            return CaLoginRefused(ca=ca.name, reason=text)
        if reply.status == TOO_MANY:
            return CaTooMany(ca=ca.name, reason=text)
    return failure(ca, reply)
