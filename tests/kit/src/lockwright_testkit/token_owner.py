"""What a token's owner does with it through an adapter's hooks, for the tests of adapters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright.adapter import StandardAdapter
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.models import KeyRequest, SignatureScheme, Token
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret

from lockwright_testkit.pki import TestCa

MESSAGE = b"a payment"

Signs = Callable[[Secret], None]
"""Signs with the key of the certificate, and verifies."""


@dataclass(frozen=True)
class Owner:
    """Someone who has a token and its PIN."""

    adapter: StandardAdapter
    """The adapter."""

    def lock(self, module: Module, token: Token) -> None:
        """Enter wrong PINs until the token says that its user PIN is locked."""
        while True:
            try:
                self.adapter.lockwright_list(module, token, Secret("not-the-pin"), None)
            except PinIncorrect:
                continue
            except PinLocked:
                return

    def opens(self, module: Module, token: Token, pin: Secret) -> bool:
        """Whether a PIN opens the token."""
        with suppress(PinIncorrect, PinLocked):
            self.adapter.lockwright_list(module, token, pin, None)
            return True
        return False

    def certify(self, module: Module, token: Token, pin: Secret) -> Signs:
        """Put a key with a certificate on the token."""
        request = KeyRequest("ec:p256", b"\x01", "old")
        pair = self.adapter.lockwright_generate(module, token, pin, request)
        key = load_der_public_key(pair.public_key)
        assert isinstance(key, ec.EllipticCurvePublicKey)
        certificate = TestCa.root().issue(key).public_bytes(Encoding.DER)
        self.adapter.lockwright_store(module, token, pin, b"\x01", "old", certificate)

        def signs(pin: Secret) -> None:
            scheme = SignatureScheme.ECDSA_SHA256
            mark = self.adapter.lockwright_sign(module, token, pin, b"\x01", scheme, MESSAGE, None)
            key.verify(mark, MESSAGE, ec.ECDSA(hashes.SHA256()))

        return signs
