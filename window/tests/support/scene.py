"""What a scene is: a home, a token, and how a story is walked with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from bank_side import LOGIN, PASSWORD
from kinds import JACARTA_PKI, PUK
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from walker import Value, Walk
from window_home import Home

NEW_PIN = JACARTA_PKI.pin
OWN = "Kettle-Moss-42"  # of tests
FAILED = "That did not work"


def typed(text: str) -> Value:
    """What is typed, whatever stands there."""
    return lambda _window: text


VALUES: Mapping[str, Value] = {
    "User PIN": typed(USER_PIN),
    "Administrator's PIN": typed(SO_PIN),
    "PUK": typed(PUK),
    "New user PIN": typed(NEW_PIN),
    "The same once more": typed(NEW_PIN),
    "Login": typed(LOGIN),
    "One-time password": typed(PASSWORD),
    "Password that you chose for the key": typed(OWN),
    "Password": typed(OWN),
}
"""What is typed into fields, by how their names begin."""
WAITS = ("no token is connected", "insert the token")
"""What pages say that wait for a token, in small letters."""
Scene = Callable[[Home, SimulatorFactory, Path], AbstractContextManager[Walk]]
