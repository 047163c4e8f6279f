"""Certificates that end when a test wants it, and a token that holds them."""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.models import (
    Certificate,
    Container,
    ContainerState,
    Listing,
    ObjectKind,
    TokenObject,
)
from lockwright.operations.certificates import read_certificate
from lockwright_testkit.pki import TestCa


def issued(ca: TestCa, name: str = "CN=Anna", *, lasts: float = 10, starts: float = -1) -> bytes:
    """A certificate, DER, by the days from now in which it begins and ends.

    Args:
        ca: who issues it.
        name: its subject (RFC 4514).
        lasts: when it ends.
        starts: when it begins.
    """
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    begun = timedelta(days=starts)
    made = ca.issue(key, name, starts=begun, lasts=timedelta(days=lasts) - begun)
    return made.public_bytes(Encoding.DER)


def holding(*certificates: bytes) -> Listing:
    """A token's content: a container for each certificate."""

    def container(certificate: Certificate) -> Container:
        state, ref = ContainerState.COMPLETE, certificate.fingerprint
        return Container(b"", "work", None, (), (certificate,), state, ref=ref)

    read = [
        read_certificate(TokenObject(ObjectKind.CERTIFICATE, b"", "", "", value=each))
        for each in certificates
    ]
    return Listing(
        "0B53", logged_in=True, containers=tuple(map(container, read)), objects=(), digest=""
    )
