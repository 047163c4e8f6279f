"""What a CA client may sign with: the keys stay where they are, only signatures come out."""

from __future__ import annotations

from typing import Protocol

from lockwright.models import SignatureScheme


class RequestKeys(Protocol):
    """The keys behind an order, for a protocol that signs more than the PKCS#10 request."""

    def sign_with_new(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the key that the certificate is for.

        Args:
            scheme: how to sign.
            data: the whole message.

        Raises:
            TokenError, PinError, ModuleError: the token did not sign.
        """

    def sign_with_old(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the key of the certificate that is renewed; see ``sign_with_new``.

        Raises:
            KeyMissing: nothing is renewed, or the old key is gone.
        """
