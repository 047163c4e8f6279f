"""A simulated token that its owner locked by guessing, for tests of how it works again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kinds import BankSide, Kind
from lockwright import Config, Runner, Secret
from lockwright.contract import hooks
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.models import PinState, SignatureScheme, Token
from lockwright.operations.remote import RemoteUnblock
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim import USER_PIN, Simulator

_MESSAGE = b"a payment"
_FUNCTION = 4
"""Which word of a line of the trace is the function."""

Signs = Callable[[Secret], None]


@dataclass(frozen=True)
class Locked:
    """A locked token with an old certificate, and the runner that is to unblock it."""

    device: Simulator
    """The token."""
    runner: Runner
    """Looks at the token's module."""
    token: Token
    """The token as the runner found it."""
    signs: Signs
    """Signs with the old certificate's key under a PIN, and verifies the signature."""
    kind: Kind
    """What kind of token it is."""
    bank: BankSide
    """The bank's side for it."""

    def begin(self) -> RemoteUnblock:
        """Make a Request."""
        return self.runner.begin_unblock(self.token, self.kind.new_pin())

    def answer(self, request: bytes) -> Secret:
        """What the bank reads back, as the client types it."""
        return self.bank.answer(self.token, request)

    def unblocks(self) -> None:
        """Nothing is left of what went wrong: the next Request is answered, the old key signs."""
        with self.begin() as pending:
            pending.complete(self.answer(pending.request.data))
        self.signs(Secret(self.kind.pin))

    def state(self) -> PinState | None:
        """The state of the user PIN, read afresh."""
        status = self.runner.find(self.token.serial).state.user_pin
        return None if status is None else status.state

    def opens(self, pin: str) -> bool:
        """Whether a PIN opens the token."""
        with suppress(PinIncorrect, PinLocked):
            self.runner.list(self.token, Secret(pin))
            return True
        return False

    def calls(self) -> list[str]:
        """Functions of the module that any program called since the last look."""
        self.device.stop_trace()
        names = [line.split()[_FUNCTION] for line in self.device.trace()]
        (self.device.folder / "trace").unlink(missing_ok=True)
        self.device.start_trace()
        return names


def locked(kind: Kind, device: Simulator, runner: Runner, folder: Path) -> Locked:
    """Put a certificate on a token, then lock it.

    Args:
        kind: what kind of token it is.
        device: the token, with the PIN ``USER_PIN``.
        runner: looks at the token's module.
        folder: where the CA's certificate is written, and the bank keeps its records.
    """
    token = runner.find(device.show()["slot0.serial"])
    signs = _certified(runner, token, folder)
    made = Locked(device, runner, token, signs, kind, BankSide(kind, folder))
    lock(token)
    if made.state() is not PinState.LOCKED or made.opens(USER_PIN):
        raise AssertionError("the token is not locked")
    return made


def lock(token: Token) -> None:
    """Enter wrong PINs until the token says that it is locked."""
    modules = [token.identity.module.path]
    with (
        Runner(Config(audit=None), modules=modules, isolate=False, use_last_try=True) as reckless,
        suppress(PinLocked),
    ):
        while True:
            with suppress(PinIncorrect):
                reckless.list(token, Secret("not-the-PIN-1"))


def _certified(runner: Runner, token: Token, folder: Path) -> Signs:
    pin, ca = Secret(USER_PIN), TestCa.root()
    anchor = folder / "ca.pem"
    anchor.write_bytes(pem(ca.certificate))
    made = runner.request(token, pin, "CN=Anna", key_type="ec:p256", label="work")
    runner.install(token, pin, ca.answer(made.pem.encode()), trust=[anchor])
    key = serialization.load_der_public_key(made.key.public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("an EC key was asked for")

    def signs(pin: Secret) -> None:
        scheme = SignatureScheme.ECDSA_SHA256
        signature = runner._calls(
            hooks.lockwright_sign, token, pin, made.key.id, scheme, _MESSAGE, None
        )
        key.verify(signature, _MESSAGE, ec.ECDSA(hashes.SHA256()))

    return signs
