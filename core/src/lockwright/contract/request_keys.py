"""What a CA client may ask of an enrolment: signatures, and to keep what must not be lost."""

from __future__ import annotations

from typing import Protocol

from lockwright.models import Pending, SignatureScheme


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

    def keep(self, pending: Pending) -> None:
        """Have the journal keep how to go on, before the client says something further to the CA.

        For a protocol in which the CA is told that its certificate is taken: whatever happens
        then, the client is asked again (``lockwright_ca_poll``) with this very answer.

        Args:
            pending: what it is asked with.
        """
