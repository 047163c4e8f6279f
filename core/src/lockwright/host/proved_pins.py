"""What is known of an HSM's PIN while its key is used by many: a wrong one is sent once.

It is sent by one thread at a time, and what the HSM said of it is known before the next one may
send it. Of a PIN only a mark is kept, under a key that is in this process's memory alone.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from lockwright.errors import NOTHING, ModuleHung, PinIncorrect
from lockwright.errors.pins import HSM_PIN
from lockwright.keys.source import HsmKey
from lockwright.pkcs11 import uri as uris

T = TypeVar("T")


class _Turn:
    """Whose turn it is to log in to an HSM."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.hung: Callable[[], ModuleHung] | None = None
        """Makes the error that the HSM hung in the last login that it did hang in."""


class ProvedPins:
    """The PINs that were given for HSMs."""

    def __init__(self) -> None:
        self._secret = os.urandom(32)
        self._proved: set[bytes] = set()
        self._refused: set[bytes] = set()
        self._turns: defaultdict[bytes, _Turn] = defaultdict(_Turn)
        self._lock = threading.Lock()

    def asked(self, key: HsmKey, ask: Callable[[bool], T | None]) -> T:
        """What comes of a question to an HSM.

        Args:
            key: the key, with the PIN.
            ask: asks, and is told whether the PIN may be sent; None where it would have to be.

        Raises:
            PinIncorrect: the HSM refused this PIN before, or does now.
            ModuleHung: also where it hung in a login that was waited for.
        """
        hsm = b"\0".join((os.fsencode(key.module), token_of(key)))
        pin = self._mark(hsm) + self._mark(key.pin.buffer)
        if pin in self._proved and (answer := ask(False)) is not None:  # noqa: FBT003  # its only one
            return answer
        with self._lock:
            turn = self._turns[hsm]
        hung = turn.hung
        with turn.lock:
            if turn.hung is not hung and turn.hung is not None:
                raise turn.hung()
            if pin in self._refused:
                raise PinIncorrect(role=HSM_PIN, tries_left=None, state=None, cost=NOTHING)
            try:
                answer = ask(True)  # noqa: FBT003  # the same
            except PinIncorrect:
                if key.pin:
                    self._refused.add(pin)
                self._proved.discard(pin)
                raise
            except ModuleHung as error:
                facts: dict[str, Any] = {**error.facts}
                turn.hung = partial(ModuleHung, adapter=error.adapter, cost=NOTHING, **facts)
                raise
            if key.pin:
                self._proved.add(pin)
        if answer is None:
            raise TypeError("an HSM that may be logged in to has no other answer")
        return answer

    def _mark(self, of: bytes | bytearray) -> bytes:
        return hmac.digest(self._secret, of, "sha256")


def token_of(key: HsmKey) -> bytes:
    """Which token of its module a key's URI names, whatever key that is."""
    named = uris.of_the_token(uris.parse(key.uri))
    return b";".join(name.encode() + b"=" + value for name, value in sorted(named.items()))
