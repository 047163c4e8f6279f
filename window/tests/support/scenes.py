"""Every story of the window, with a token on which it can be walked to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bank_side import LOGIN, PASSWORD, bank
from caller import caller, read_out
from kinds import ETOKEN, JACARTA_PKI, Kind
from lockwright_testkit.filling import fill
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from walker import Value, Walk
from window_home import Home

NEW_PIN = JACARTA_PKI.pin
_PINS: Mapping[str, Value] = {
    "User PIN": lambda _window: USER_PIN,
    "Administrator's PIN (SO PIN)": lambda _window: SO_PIN,
    "Administrator's PIN": lambda _window: SO_PIN,
    "New user PIN": lambda _window: NEW_PIN,
    "The same once more": lambda _window: NEW_PIN,
    "Login": lambda _window: LOGIN,
    "Password": lambda _window: PASSWORD,
    "One-time password": lambda _window: PASSWORD,
}
Scene = Callable[[Home, SimulatorFactory, Path], AbstractContextManager[Walk]]


def _plain(press: str, *ticks: str, opens: Callable[[Opened], None] | None = None) -> Scene:
    """A story with a token that has three containers."""

    @contextmanager
    def scene(home: Home, sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
        device = sim("etoken", label="Anna Petrova")
        fill(device.module, 3)
        home.tokens.append(device)
        yield Walk(press, _PINS, ticks, opens or (lambda _window: None))

    return scene


def _at_the_bank(*ticks: str) -> Scene:
    """A certificate from a CA."""

    @contextmanager
    def scene(home: Home, _sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
        home.token("etoken")
        with bank(home):
            yield Walk("Get a new certificate", _PINS, ticks)

    return scene


def _asked_for(kind: Kind, *ticks: str) -> Scene:
    """A new PIN in place of one that was lost."""

    @contextmanager
    def scene(home: Home, sim: SimulatorFactory, folder: Path) -> Iterator[Walk]:
        with caller(kind, sim, home, folder) as client:
            answer = {"Response": lambda window: client.answer(read_out(window))}
            yield Walk("Set a new user PIN", {**_PINS, **answer}, ticks)

    return scene


def _details(window: Opened) -> None:
    window.keys("F3")


def _row(window: Opened) -> None:
    """Choose a container in the detailed view."""
    window.keys("F3")
    window.click(window.field("c1: Client 1"))


SCENES: Mapping[str, Scene] = {
    "new PIN by Request": _asked_for(JACARTA_PKI),
    "new PIN by the administrator's PIN": _asked_for(ETOKEN, "With the administrator's PIN"),
    "change the PIN": _plain("Change the user PIN"),
    "clean some": _plain("Clean the token", "Some of it...", "c1: Client 1"),
    "clean all": _plain("Clean the token", "Everything", "Yes, delete..."),
    "log in": _plain("Log in…", opens=_details),
    "delete one": _plain("Delete", opens=_row),
    "enrol to the token": _at_the_bank("Token, such as..."),
}
"""By their names; each is walked in English."""
