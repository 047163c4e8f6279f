"""An eToken of the simulator, seen through the adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import lockwright_etoken as adapter
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright.adapter import Setting
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.models import KeyRequest, SignatureScheme, Token
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator

MESSAGE = b"a payment"

Finder = Callable[..., tuple[Module, Token]]
Signs = Callable[[Secret], None]
"""Signs with the key of the certificate, and verifies."""


@pytest.fixture
def found() -> Iterator[Finder]:
    """Load a device's module and find its token; it is unloaded when the test ends."""
    with ExitStack() as stack:

        def find(device: Simulator, **settings: Setting) -> tuple[Module, Token]:
            module = adapter.lockwright_open(device.module, settings)
            stack.callback(module.close)
            identity = module.slots()[0].identity(module.info())
            return module, Token(identity, "etoken", "a test")

        yield find


@pytest.fixture
def lock() -> Callable[[Module, Token], None]:
    """Enter wrong PINs until the token says that its user PIN is locked."""

    def enter(module: Module, token: Token) -> None:
        while True:
            try:
                adapter.lockwright_list(module, token, Secret("not-the-pin"))
            except PinIncorrect:
                continue
            except PinLocked:
                return

    return enter


@pytest.fixture
def certify() -> Callable[[Module, Token, Secret], Signs]:
    """Put a key with a certificate on the token."""

    def enrol(module: Module, token: Token, pin: Secret) -> Signs:
        request = KeyRequest("ec:p256", b"\x01", "old")
        pair = adapter.lockwright_generate(module, token, pin, request)
        key = load_der_public_key(pair.public_key)
        assert isinstance(key, ec.EllipticCurvePublicKey)
        certificate = TestCa.root().issue(key).public_bytes(Encoding.DER)
        adapter.lockwright_store(module, token, pin, b"\x01", "old", certificate)

        def signs(pin: Secret) -> None:
            scheme = SignatureScheme.ECDSA_SHA256
            mark = adapter.lockwright_sign(module, token, pin, b"\x01", scheme, MESSAGE)
            key.verify(mark, MESSAGE, ec.ECDSA(hashes.SHA256()))

        return signs

    return enrol


@pytest.fixture
def opens() -> Callable[[Module, Token, Secret], bool]:
    """Whether a PIN opens the token."""

    def tried(module: Module, token: Token, pin: Secret) -> bool:
        with suppress(PinIncorrect, PinLocked):
            adapter.lockwright_list(module, token, pin)
            return True
        return False

    return tried


@pytest.fixture
def pin() -> Secret:
    return Secret(USER_PIN)


@pytest.fixture
def so_pin() -> Secret:
    return Secret(SO_PIN)
