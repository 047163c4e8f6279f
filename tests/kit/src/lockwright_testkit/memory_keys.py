"""Keys in memory that sign what a CA client wants signed, as a token's do."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from lockwright.models import Pending, SignatureScheme

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_DIGESTS: Mapping[SignatureScheme, hashes.HashAlgorithm] = {
    SignatureScheme.RSA_PKCS1_SHA256: hashes.SHA256(),
    SignatureScheme.ECDSA_SHA256: hashes.SHA256(),
    SignatureScheme.ECDSA_SHA384: hashes.SHA384(),
}


class Keys:
    """``RequestKeys`` without a token.

    Args:
        new: the key that the certificate is for.
        old: that of the certificate that is renewed; None if none is.
    """

    def __init__(self, new: Key, old: Key | None = None) -> None:
        self._new, self._old = new, old
        self.kept: list[Pending] = []
        """What a client had kept, in order."""

    def sign_with_new(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the new key."""
        return _signed(self._new, scheme, data)

    def sign_with_old(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the old key."""
        assert self._old is not None  # it serves tests
        return _signed(self._old, scheme, data)

    def keep(self, pending: Pending) -> None:
        """Keep it."""
        self.kept.append(pending)


def _signed(key: Key, scheme: SignatureScheme, data: bytes) -> bytes:
    digest = _DIGESTS[scheme]
    if isinstance(key, rsa.RSAPrivateKey):
        assert scheme is SignatureScheme.RSA_PKCS1_SHA256  # it serves tests
        return key.sign(data, PKCS1v15(), digest)
    return key.sign(data, ec.ECDSA(digest))
