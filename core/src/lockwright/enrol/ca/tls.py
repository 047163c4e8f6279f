"""Whom a client trusts on the other end of TLS, and what it says if it does not."""

from __future__ import annotations

import re
import ssl
from urllib.parse import SplitResult, urlsplit

from lockwright.enrol.ca.reasons import distrust_in, words_of
from lockwright.errors import (
    CaAddressUnclear,
    CaError,
    CaNameMismatch,
    CaNotSecure,
    CaServerUntrusted,
)
from lockwright.i18n import N_
from lockwright.models import CaProfile

_NAME_MISMATCH = frozenset({62, 64})
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH (x509_vfy.h)."""

_BEHIND = re.compile("[?#]")
_LEFT_OUT = "..."


def secure_url(ca: CaProfile, *, schemes: tuple[str, ...] = ("https",)) -> SplitResult:
    """The address of a CA, in its parts.

    Args:
        ca: the CA.
        schemes: what it may begin with.

    Raises:
        CaNotSecure: it begins with something else.
        CaAddressUnclear: it cannot be read, names no host, or holds a login, a query or a fragment.
    """
    try:
        url = urlsplit(ca.url)
        port = url.port
    except ValueError:
        raise _unclear(ca, N_("it cannot be read")) from None
    if url.scheme not in schemes:
        raise CaNotSecure(ca=ca.name, url=_shown(ca.url))
    if not url.hostname or port == 0:
        raise _unclear(ca, N_("it names no host, or no port"))
    if "@" in url.netloc or url.query or url.fragment:
        raise _unclear(ca, N_("it holds a login, a query or a fragment, which is not sent"))
    return url


def _unclear(ca: CaProfile, reason: str) -> CaAddressUnclear:
    return CaAddressUnclear(ca=ca.name, url=_shown(ca.url), reason=reason)


def _shown(url: str) -> str:
    """An address without what may be a password in it: a login, a query, a fragment."""
    scheme, slashes, rest = url.partition("://") if "://" in url else ("", "", url)
    whole = _BEHIND.split(rest)[0]
    login, _at, place = rest.rpartition("@")
    if login:  # a password may hold any of the marks
        whole = "" if _BEHIND.search(rest) else place
    return f"{scheme}{slashes}{whole or _LEFT_OUT}"


def verifying(ca: CaProfile) -> ssl.SSLContext:
    """A context that accepts only servers that the CA's profile vouches for, by their name.

    Raises:
        CaServerUntrusted: the profile vouches for nobody.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # An intermediate CA among the anchors is trusted as it stands.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    if anchors := ca.server_anchors or ca.anchors:
        # PEM, since for DER Python takes errors for its own that other code left with OpenSSL, as
        # SoftHSM does where it is loaded into this very process.
        context.load_verify_locations(cadata="".join(map(ssl.DER_cert_to_PEM_cert, anchors)))
    if ca.system_trust:
        context.load_default_certs()
    elif not anchors:
        reason = N_("no CA is set that may vouch for it")
        raise CaServerUntrusted(ca=ca.name, host=secure_url(ca).hostname or "", reason=reason)
    return context


def unverified() -> ssl.SSLContext:
    """A context for the one question that needs no trust: for certificates a person will judge."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def distrust(ca: CaProfile, host: str, error: BaseException) -> CaError | None:
    """Why the server is not trusted, if that is what an error says, wherever in its causes."""
    cause = distrust_in(error)
    if cause is None:
        return None
    kind = CaNameMismatch if cause.verify_code in _NAME_MISMATCH else CaServerUntrusted
    return kind(ca=ca.name, host=host, reason=words_of(cause))
