"""Keys in memory that sign what a CA client wants signed, as a token's do."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.models import Pending, SignatureScheme


class Keys:
    """``RequestKeys`` without a token.

    Args:
        new: the key that the certificate is for, on P-256.
        old: that of the certificate that is renewed; None if none is.
    """

    def __init__(
        self, new: ec.EllipticCurvePrivateKey, old: ec.EllipticCurvePrivateKey | None = None
    ) -> None:
        self._new, self._old = new, old
        self.kept: list[Pending] = []
        """What a client had kept, in order."""

    def sign_with_new(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the new key."""
        assert scheme is SignatureScheme.ECDSA_SHA256  # it serves tests
        return self._new.sign(data, ec.ECDSA(hashes.SHA256()))

    def sign_with_old(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the old key."""
        assert scheme is SignatureScheme.ECDSA_SHA256  # it serves tests
        assert self._old is not None  # it serves tests
        return self._old.sign(data, ec.ECDSA(hashes.SHA256()))

    def keep(self, pending: Pending) -> None:
        """Keep it."""
        self.kept.append(pending)
