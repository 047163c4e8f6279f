"""Who calls: the address that is counted, and the certificate whose key was proved.

Both come from the connection itself; from headers only where the connection comes from a proxy
that the configuration trusts.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import Request

from lockwright_desk.configuration.settings import Network, Settings
from lockwright_desk.http import addresses
from lockwright_desk.http.addresses import Address
from lockwright_desk.http.refusals import CertificateDoubled, NotOurCertificate, UnknownPlace

_FORWARDED = "x-forwarded-for"
_PROXIES = 16
"""How many addresses are read from the end of that header."""
_BEGIN = b"-----BEGIN"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls."""

    address: str
    certificate: bytes | None
    """DER."""

    @classmethod
    def of(cls, request: Request, settings: Settings) -> Self:
        """The caller of a request.

        Raises:
            UnknownPlace: where a proxy ends TLS, nobody else is served.
            NotOurCertificate: the proxy's header holds no certificate.
            CertificateDoubled: it holds, or there are, more than one.
        """
        proxy = settings.proxy
        host = request.client.host if request.client else ""
        peer = addresses.read(host)
        if peer is None or not addresses.is_in(peer, proxy.trusted):
            if settings.server.certificate is None:
                raise UnknownPlace
            return cls(str(peer or host), _proved(request.scope))
        passed = ",".join(request.headers.getlist(_FORWARDED))
        found = request.headers.getlist(proxy.certificate_header or "")
        return cls(_origin(peer, passed, proxy.trusted), _handed_on(found))


def certificate_in(value: str) -> bytes:
    """The certificate in a proxy's header, DER.

    Two forms are known: base64 between colons (RFC 9440), and PEM with its special characters
    escaped as in a URL, as nginx writes ``$ssl_client_escaped_cert``.

    Raises:
        NotOurCertificate: it is neither.
        CertificateDoubled: it is more than one.
    """
    try:
        if value.startswith(":"):
            inner = value.strip(": ")
            _check_single(":" not in inner)
            return base64.b64decode(inner, validate=True)
        pem = unquote_to_bytes(value)
        _check_single(pem.count(_BEGIN) <= 1)
        return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    except (binascii.Error, ValueError, x509.InvalidVersion):
        raise NotOurCertificate from None


def _check_single(single: bool) -> None:  # noqa: FBT001  # reads like an assertion
    if not single:
        raise CertificateDoubled


def _handed_on(values: Sequence[str]) -> bytes | None:
    _check_single(len(values) <= 1)
    return certificate_in(values[0]) if values and values[0] else None


def _proved(scope: Any) -> bytes | None:
    """The certificate of the TLS handshake, by the TLS extension of ASGI."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    for pem in chain:
        return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    return None


def _origin(peer: Address, passed: str, trusted: tuple[Network, ...]) -> str:
    """The last address that no trusted proxy has: what is before it anybody can write.

    A proxy that writes no address there speaks for itself.
    """
    last = passed.rsplit(",", _PROXIES)[-_PROXIES:]
    for part in reversed([part for part in last if part.strip()]):
        address = addresses.read(part.strip().strip('"'))
        if address is None:
            break
        if not addresses.is_in(address, trusted):
            return str(address)
        peer = address
    return str(peer)
