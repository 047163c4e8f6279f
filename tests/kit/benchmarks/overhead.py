"""How much the simulator adds to a call: the same calls to it and to SoftHSM itself, in turns.

Run it with ``python overhead.py``; it exits with 1 if a forwarded call takes more than the limit.
"""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from lockwright_testkit.sim import Simulator
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, SoftHSM

ROUNDS = 5000
LIMIT_US = 5.0
SERIAL_RW = 6
CKA_CLASS, CKM_SHA256 = 0, 0x250
WARM_UP = 200

Ulong = ctypes.c_ulong


class Attribute(ctypes.Structure):
    """CK_ATTRIBUTE."""

    _fields_ = (("type", Ulong), ("value", ctypes.c_void_p), ("length", Ulong))


class Mechanism(ctypes.Structure):
    """CK_MECHANISM."""

    _fields_ = (("type", Ulong), ("parameter", ctypes.c_void_p), ("length", Ulong))


class Side:
    """One module, with a session logged in as the user and one object to ask about."""

    def __init__(self, path: Path, pin: str) -> None:
        self.call = ctypes.CDLL(str(path))
        slots, count = (Ulong * 8)(), Ulong(8)
        self._check(self.call.C_Initialize(None))
        self._check(self.call.C_GetSlotList(1, slots, ctypes.byref(count)))
        self.slot, self.session = Ulong(slots[0]), Ulong()
        self._check(
            self.call.C_OpenSession(
                self.slot, Ulong(SERIAL_RW), None, None, ctypes.byref(self.session)
            )
        )
        self._check(self.call.C_Login(self.session, Ulong(1), pin.encode(), Ulong(len(pin))))
        self.object = self._data_object()

    def _data_object(self) -> ctypes.c_ulong:
        kind, made = Ulong(0), Ulong()
        wanted = Attribute(CKA_CLASS, ctypes.cast(ctypes.byref(kind), ctypes.c_void_p), 8)
        self._check(
            self.call.C_CreateObject(
                self.session, ctypes.byref(wanted), Ulong(1), ctypes.byref(made)
            )
        )
        return made

    @staticmethod
    def _check(rv: int) -> None:
        if rv:
            raise RuntimeError(hex(rv))

    def session_info(self) -> None:
        """C_GetSessionInfo, the shortest there is."""
        self._check(self.call.C_GetSessionInfo(self.session, ctypes.create_string_buffer(32)))

    def token_info(self) -> None:
        """C_GetTokenInfo: the simulator answers from its own settings."""
        self._check(self.call.C_GetTokenInfo(self.slot, ctypes.create_string_buffer(256)))

    def attribute(self) -> None:
        """C_GetAttributeValue, one attribute."""
        room = Ulong()
        wanted = Attribute(CKA_CLASS, ctypes.cast(ctypes.byref(room), ctypes.c_void_p), 8)
        self._check(
            self.call.C_GetAttributeValue(self.session, self.object, ctypes.byref(wanted), Ulong(1))
        )

    def random(self) -> None:
        """C_GenerateRandom, 16 bytes."""
        room = ctypes.create_string_buffer(16)
        self._check(self.call.C_GenerateRandom(self.session, room, Ulong(16)))

    def digest(self) -> None:
        """C_DigestInit and C_Digest: two calls."""
        room, length = ctypes.create_string_buffer(32), Ulong(32)
        mechanism = Mechanism(CKM_SHA256, None, 0)
        self._check(self.call.C_DigestInit(self.session, ctypes.byref(mechanism)))
        self._check(self.call.C_Digest(self.session, b"abc", Ulong(3), room, ctypes.byref(length)))

    def search(self) -> None:
        """C_FindObjectsInit, C_FindObjects and C_FindObjectsFinal: three calls."""
        room, count = (Ulong * 8)(), Ulong()
        self._check(self.call.C_FindObjectsInit(self.session, None, Ulong(0)))
        self._check(self.call.C_FindObjects(self.session, room, Ulong(8), ctypes.byref(count)))
        self._check(self.call.C_FindObjectsFinal(self.session))


CALLS = {"session_info": 1, "token_info": 1, "attribute": 1, "random": 1, "digest": 2, "search": 3}
"""What is measured, and how many calls of PKCS#11 it is."""


def timed(action: Callable[[], None]) -> float:
    """How many microseconds an action takes."""
    began = time.perf_counter_ns()
    action()
    return (time.perf_counter_ns() - began) / 1000


@contextmanager
def sides() -> Iterator[tuple[Side, Side]]:
    """SoftHSM and the simulator, both in this process, with one token each."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "softhsm").mkdir()
        softhsm = SoftHSM(Path(folder, "softhsm"))
        os.environ |= softhsm.environment
        softhsm.add_token("token", SO_PIN, USER_PIN)
        simulator = Simulator.create(Path(folder, "sim"))
        os.environ |= simulator.environment
        yield Side(softhsm.module, USER_PIN), Side(simulator.module, USER_PIN)


def main() -> int:
    """Measure, print a table, say whether the limit was kept."""
    worst = 0.0
    with sides() as (softhsm, simulator):
        print(f"{'':14}{'SoftHSM':>10}{'simulator':>11}{'added per call, us':>20}{'p95':>8}")  # noqa: T201  # its output
        for name, calls in CALLS.items():
            pairs = [
                (timed(getattr(softhsm, name)), timed(getattr(simulator, name)))
                for _ in range(ROUNDS + WARM_UP)
            ][WARM_UP:]
            beneath, ours = median(a for a, _ in pairs), median(b for _, b in pairs)
            added = (ours - beneath) / calls
            tail = quantiles([(b - a) / calls for a, b in pairs], n=20)[-1]
            worst = max(worst, added)
            print(f"{name:14}{beneath:10.2f}{ours:11.2f}{added:20.2f}{tail:8.2f}")  # noqa: T201  # its output
    print(f"at most {worst:.2f} us a call at the median; the limit is {LIMIT_US} us")  # noqa: T201  # its output
    return int(worst > LIMIT_US)


if __name__ == "__main__":
    sys.exit(main())
