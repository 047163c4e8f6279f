"""Who calls: the address that is counted, and the certificate whose key was proved.

Both come from the connection itself; from headers only where the connection comes from a proxy
that the configuration trusts.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Self
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import Request

from lockwright_desk.refusals import NotOurCertificate, UnknownPlace
from lockwright_desk.settings import Network, Settings

_FORWARDED = "x-forwarded-for"


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
        """
        proxy = settings.proxy
        peer = request.client.host if request.client else ""
        if not _is_in(peer, proxy.trusted):
            if settings.server.certificate is None:
                raise UnknownPlace
            return cls(peer, _proved(request.scope))
        header = proxy.certificate_header
        value = request.headers.get(header) if header else None
        passed = ",".join(request.headers.getlist(_FORWARDED))
        return cls(_origin(peer, passed, proxy.trusted), certificate_in(value) if value else None)


def certificate_in(value: str) -> bytes:
    """The certificate in a proxy's header, DER.

    Two forms are known: base64 between colons (RFC 9440), and PEM with its special characters
    escaped as in a URL, as nginx writes ``$ssl_client_escaped_cert``.

    Raises:
        NotOurCertificate: it is neither.
    """
    try:
        if value.startswith(":"):
            return base64.b64decode(value.strip(": "), validate=True)
        pem = unquote_to_bytes(value)
        return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    except (binascii.Error, ValueError):
        raise NotOurCertificate from None


def _proved(scope: Any) -> bytes | None:
    """The certificate of the TLS handshake, by the TLS extension of ASGI."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    for pem in chain:
        return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    return None


def _origin(peer: str, passed: str, trusted: tuple[Network, ...]) -> str:
    """The last address that no trusted proxy has: what is before it anybody can write."""
    for address in reversed([part.strip() for part in passed.split(",") if part.strip()]):
        if not _is_in(address, trusted):
            return address
    return peer


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
