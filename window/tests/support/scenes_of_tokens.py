"""Stories of what is on a token: read, cleaned, erased."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from caller import caller
from kinds import JACARTA_PKI
from lockwright_testkit.filling import fill
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scene import NEW_PIN, VALUES, Scene, typed
from scenes_of_pins import right
from walker import Walk
from window_content import put_certificate
from window_home import Home

CLEAN = "Clean the token"
ALL = "Yes, delete..."


def _filled(press: str, *ticks: str, opens: Callable[[Opened], None] | None = None) -> Scene:
    """A token that has three containers."""

    @contextmanager
    def scene(home: Home, sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
        device = sim("etoken", label="Anna Petrova")
        fill(device.module, 3)
        home.tokens.append(device)
        yield Walk(press, VALUES, ticks, opens or (lambda _window: None))

    return scene


@contextmanager
def _expired(home: Home, sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
    device = sim("jacarta-pki", label="Anna Petrova")
    home.tokens.append(device)
    put_certificate(device, "CN=Anna", lasts=timedelta(hours=1))
    yield Walk(CLEAN, VALUES, ("Everything that has expired",))


@contextmanager
def _erased(home: Home, sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
    device = sim("jacarta-pki", label="Anna Petrova", settings={"wipe.allowed": True})
    home.tokens.append(device)
    put_certificate(device, "CN=Anna")
    yield Walk(CLEAN, VALUES, ("Everything, by the administrator's PIN", ALL), _as_administrator)


@contextmanager
def _handed_on(home: Home, sim: SimulatorFactory, folder: Path) -> Iterator[Walk]:
    """It changes its owner: a new PIN first, then everything goes."""
    with caller(JACARTA_PKI, sim, home, folder) as client:
        values = {**VALUES, "Response": right(client), "User PIN": typed(NEW_PIN)}
        past = ("The PIN is set, the token is unblocked",)
        yield Walk(CLEAN, values, ("Everything: the token changes its owner", ALL), past=past)


def _as_administrator(window: Opened) -> None:
    _switch_on(window, "Administrator's mode (F2)", "F2")
    window.wait_for("User certificates (1)")


def _details(window: Opened) -> None:
    _switch_on(window, "Detailed view (F3)", "F3")
    window.wait_for("What is on the token")


def _switch_on(window: Opened, name: str, key: str) -> None:
    """The walk before in the same window may have left it on."""
    window.until(lambda: "active" in window.front()[0].states, why="it gets no keys")
    if "checked" not in window.field(name).states:
        window.keys(key)


def _row(window: Opened) -> None:
    """Choose a container in the detailed view."""
    _details(window)
    window.press("c1: Client 1")


TOKENS: Mapping[str, Scene] = {
    "clean some": _filled(CLEAN, "Some of it...", "c1: Client 1"),
    "clean what has expired": _expired,
    "clean all": _filled(CLEAN, "Everything", ALL),
    "clean for another owner": _handed_on,
    "erase": _erased,
    "delete one": _filled("Delete", opens=_row),
    "log in": _filled("Log in…", opens=_details),
}
