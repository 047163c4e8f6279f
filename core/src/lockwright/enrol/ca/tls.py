"""Whom a client trusts on the other end of TLS, and what it says if it does not."""

from __future__ import annotations

import ssl
from urllib.parse import SplitResult, urlsplit

from lockwright.enrol.ca.reasons import distrust_in, words_of
from lockwright.errors import CaError, CaNameMismatch, CaNotSecure, CaServerUntrusted
from lockwright.i18n import N_
from lockwright.models import CaProfile

_NAME_MISMATCH = frozenset({62, 64})
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH (x509_vfy.h)."""


def secure_url(ca: CaProfile, *, schemes: tuple[str, ...] = ("https",)) -> SplitResult:
    """The address of a CA, in its parts.

    Args:
        ca: the CA.
        schemes: what it may begin with.

    Raises:
        CaNotSecure: it begins with something else, or it holds a name, a password, a query or a
            fragment.
    """
    try:
        url = urlsplit(ca.url)
        plain = "@" in url.netloc or url.query or url.fragment or url.port == 0
        if url.scheme in schemes and url.hostname and not plain:
            return url
    except ValueError:
        pass
    raise CaNotSecure(ca=ca.name, url=ca.url.rpartition("@")[2])


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
