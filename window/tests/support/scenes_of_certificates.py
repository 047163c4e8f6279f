"""Stories of certificates: ordered, renewed, gone on with and undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bank_side import LOGIN, bank, commanded
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.sim.fixtures import SimulatorFactory
from scene import OWN, VALUES, WAITS, Scene, typed
from walker import Walk
from window_content import put_certificate
from window_home import Home

ENROL = "Get a new certificate"
GO_ON = "Go on or undo it…"
TOKEN = "Token, such as..."
LATER = Reply(202, headers={"Retry-After": "3600"})
"""The bank wants an hour."""
Prepares = Callable[[Home, EstServer], None]


def _ordered(
    *ticks: str, past: tuple[str, ...] = (), prepares: Prepares = lambda _home, _server: None
) -> Scene:
    """A new one."""

    @contextmanager
    def scene(home: Home, _sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
        home.token("etoken")
        with bank(home) as server:
            prepares(home, server)
            values = {**VALUES, "File": typed(str(home.folder / "anna.p12"))}
            yield Walk(ENROL, values, ticks, past=past, waits=WAITS)

    return scene


def _unknown(home: Home, _server: EstServer) -> None:
    """Nobody has confirmed the CA yet."""
    assert home.config is not None
    home.configure(re.sub(r"(?m)^trust = ", "server_trust = ", home.config.read_text()))


def _full_once(home: Home, _server: EstServer) -> None:
    home.tokens[0].fault("C_GenerateKeyPair@1=0x31")


def _takes_time(_home: Home, server: EstServer) -> None:
    server.script("simpleenroll", LATER)


@contextmanager
def _renewed(home: Home, _sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
    device = home.token("etoken")
    put_certificate(device, f"CN={LOGIN},O=Bank")
    with bank(home):
        yield Walk("Renew a certificate", VALUES, waits=WAITS)


def _unfinished(*ticks: str, place: tuple[str, ...] = ("--pin-file", "pin")) -> Scene:
    """One that the bank was asked for a moment ago."""

    @contextmanager
    def scene(home: Home, _sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
        home.token("etoken")
        with bank(home) as server:
            server.script("simpleenroll", Reply(202, headers={"Retry-After": "1"}))
            home.program.secret("own", OWN)
            words = [each.format(home=home.folder) for each in place]
            order = ("enroll", "--ca", "bank", "--login", LOGIN, "--otp-file", "otp", "--wait", "0")
            commanded(home, *order, *words)
            yield Walk(GO_ON, VALUES, ticks, waits=WAITS)

    return scene


CERTIFICATES: Mapping[str, Scene] = {
    "enrol to the token": _ordered(TOKEN),
    "enrol into a file": _ordered("File"),
    "enrol into the system's store": _ordered("System..."),
    "enrol with a CA that is not known": _ordered(
        TOKEN, "It is the same, character for character", prepares=_unknown
    ),
    "enrol at the second attempt": _ordered(
        TOKEN, past=("That did not work: attempt 1 of 3",), prepares=_full_once
    ),
    "enrol where the bank takes time": _ordered(
        TOKEN, past=("The bank has not decided yet",), prepares=_takes_time
    ),
    "renew": _renewed,
    "resume": _unfinished("Go on with it"),
    "resume in a file": _unfinished(
        "Go on with it",
        place=("--storage", "file", "--out", "{home}/anna.p12", "--p12-password-file", "own"),
    ),
    "undo": _unfinished("Undo it"),
}
