"""Why there is no connection, in words; TLS and the look-up of host names number it their way."""

from __future__ import annotations

import socket
import ssl
from http.client import RemoteDisconnected

from lockwright.errors import reason_of
from lockwright.i18n import N_, _

_UNKNOWN_ISSUER = N_("no trusted CA issued its certificate")
_WORDS = {
    7: N_("the signature of its certificate is wrong"),
    9: N_("its certificate is not valid yet"),
    10: N_("its certificate has expired"),
    18: N_("its certificate is self-signed and not trusted"),
    19: _UNKNOWN_ISSUER,  # the chain is whole and ends in a root that is not trusted
    20: _UNKNOWN_ISSUER,
    21: _UNKNOWN_ISSUER,
    23: N_("its certificate is revoked"),
    26: N_("its certificate is not for a TLS server"),
    62: N_("its certificate is for another name"),
    64: N_("its certificate is for another IP address"),
    66: N_("the key of its certificate is too weak"),
    67: N_("the key of its CA is too weak"),
    68: N_("the signature of its certificate is too weak"),
    79: N_("a certificate of its chain is not a CA's"),
}
"""OpenSSL's X509_V_ERR_... (x509_vfy.h) that a client meets; the others keep OpenSSL's words."""
_WANTS_CERTIFICATE = N_("it wants a certificate of the client in TLS, and none can be given")
_HANDSHAKE = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": _WANTS_CERTIFICATE,
    "SSLV3_ALERT_BAD_CERTIFICATE": _WANTS_CERTIFICATE,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": N_(
        "it refused the TLS handshake; it may want a certificate of the client"
    ),
    "WRONG_VERSION_NUMBER": N_("it does not speak TLS there"),
    "UNSUPPORTED_PROTOCOL": N_("it speaks only versions of TLS before 1.2"),
    "TLSV1_ALERT_PROTOCOL_VERSION": N_("it speaks only versions of TLS before 1.2"),
}
"""OpenSSL's reasons (sslerr.h) that a client meets; none of ours has a certificate to show."""


def wants_certificate(error: BaseException) -> bool:
    """Whether the server ended a TLS 1.3 handshake for want of a client's certificate.

    The client learns that from what it reads first; what it wrote before, nobody heard.
    """
    return isinstance(error, ssl.SSLError) and _HANDSHAKE.get(error.reason) == _WANTS_CERTIFICATE


def distrust_in(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """That a server's certificate is not trusted, if an error says so, wherever in its causes."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause


def words_of(error: ssl.SSLCertVerificationError) -> str:
    """Why a server's certificate is not trusted."""
    return _WORDS.get(error.verify_code) or error.verify_message.rstrip(".")


def no_connection(error: Exception) -> str:
    """Why there is no connection.

    Args:
        error: what was met.
    """
    match error:
        case ssl.SSLCertVerificationError():
            return words_of(error)
        case ssl.SSLError() if error.reason in _HANDSHAKE:
            return _HANDSHAKE[error.reason]
        case ssl.SSLError():
            said = _("the TLS handshake failed ({reason})")
            return said.format(reason=error.reason or type(error).__name__)
        case socket.gaierror():
            return N_("its host name cannot be resolved")
        case RemoteDisconnected() | ssl.SSLEOFError():
            return N_("it closed the connection")
        case OSError():
            return reason_of(error)
        case _:
            return type(error).__name__
