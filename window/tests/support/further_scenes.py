"""Other ways through the stories, and pages of what goes wrong, each as ``scenes`` has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bank_side import LOGIN, PASSWORD, bank, commanded
from kinds import JACARTA_GOST2, JACARTA_PKI, PUK
from lockwright_testkit.sim.fixtures import SimulatorFactory
from scenes import PINS, Scene, asked_for, at_the_bank
from walker import Value, Walk
from window_home import Home

DUE = "[warn]\ndays = 40000\n"
"""Whatever is on a token ends within so many days."""
_OWN = "Kettle-Moss-42"  # of tests


def _wrong(_window: object) -> str:
    return "0123 4567 89AB CDEF"


def _mistyped(_window: object) -> str:
    return "Wrong-Word-1"


@contextmanager
def _renewal(home: Home, _sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
    """A certificate that is due."""
    home.token("etoken")
    with bank(home, DUE) as server:
        order = ("enroll", "--ca", "bank", "--login", LOGIN, "--otp-file", "otp")
        commanded(home, *order, "--pin-file", "pin")
        server.forget()
        yield Walk("Renew a certificate", PINS)


def _elsewhere(storage: str) -> Scene:
    """A certificate that goes to no token, with a password of the person's own."""

    @contextmanager
    def scene(home: Home, _sim: SimulatorFactory, folder: Path) -> Iterator[Walk]:
        home.token("etoken")
        own: Mapping[str, Value] = {
            "Login": lambda _window: LOGIN,
            "One-time password": lambda _window: PASSWORD,
            "File": lambda _window: str(folder / "anna.p12"),
            "Password": lambda _window: _OWN,
            "The same once more": lambda _window: _OWN,
        }
        with bank(home):
            yield Walk("Get a new certificate", own, (storage,))

    return scene


FURTHER: Mapping[str, Scene] = {
    "new PIN by PUK": asked_for(JACARTA_GOST2, values={"PUK": lambda _window: PUK}),
    "keep the PIN": asked_for(JACARTA_GOST2, "Keep the PIN and only unlock it, with the bank's..."),
    "wrong Response": asked_for(JACARTA_PKI, values={"Response": _wrong}),
    "wrong one-time password": at_the_bank(values={"One-time password": _mistyped}),
    "enrol to a file": _elsewhere("File"),
    "enrol to the system": _elsewhere("System"),
    "renew": _renewal,
}
"""By their names; each is walked in English."""
