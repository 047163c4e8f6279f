"""A client at the window whose token is locked, and what they read out to the bank."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kinds import JACARTA_PKI, Kind
from locked_token import Locked
from locked_token import locked as made_locked
from lockwright import Config, Runner, Secret
from lockwright.spoken import spell_response
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from window_home import Home

NEW_PIN = JACARTA_PKI.pin
_SHOWN = (
    r"^(?:Request|Запрос) (?P<request>[0-9A-F ]+)$",
    r"^(?:Check|Контрольные слова): (?P<words>[^(\n]+) \((?P<digits>\d{4} \d{4})\)$",
)
_SERIAL = r"^(?:Serial number|Серийный номер): (?P<serial>\S+)$"


@dataclass(frozen=True)
class ReadOut:
    """What is read out, as it stands in the window."""

    request: str
    words: str
    digits: str
    serial: str

    @property
    def data(self) -> bytes:
        """The Request as the token gave it."""
        return bytes.fromhex(self.request)


@dataclass(frozen=True)
class Caller:
    """The client, the token in their computer, and the bank that answers them."""

    home: Home
    locked: Locked

    def answer(self, read: ReadOut, *, checked: bool = True) -> str:
        """The Response that the bank gives by ``Responder``, as it is read back.

        Args:
            read: what was read out to it.
            checked: with the check behind it, or as a vendor's program gives it.
        """
        plain = bytes.fromhex(self.locked.answer(read.data).reveal_text())
        return spell_response(read.serial, read.data, plain) if checked else plain.hex()

    def works(self, pin: str = "") -> None:
        """The old certificate's key signs under the new PIN: nothing was issued anew."""
        self.locked.signs(Secret(pin or self.locked.kind.pin))


@contextmanager
def caller(kind: Kind, sim: SimulatorFactory, home: Home, folder: Path) -> Iterator[Caller]:
    """Lock a token of some kind, with a certificate on it, and put it in.

    Args:
        kind: what kind.
        sim: makes it.
        home: whose it is.
        folder: where the bank keeps its records.
    """
    device = kind.make(sim)
    with Runner(Config(audit=None), modules=[device.module], isolate=False) as runner:
        locked = made_locked(kind, device, runner, folder)
        home.tokens.append(device)
        yield Caller(home, locked)


def read_out(window: Opened) -> ReadOut:
    """Wait for the Request; what is read out then."""
    window.wait_for("Request/Response", "Запрос/Ответ")
    front = "\n".join(word for each in window.front() for word in each.words())
    found: dict[str, str] = {}
    for pattern in (*_SHOWN, _SERIAL):
        match = re.search(pattern, front, re.MULTILINE)
        assert match, front
        found |= match.groupdict()
    return ReadOut(**found)


def chooses_pin(window: Opened, pin: str = NEW_PIN) -> None:
    """Type the new PIN twice, once the first field has the focus, and press Enter."""
    types(window)
    window.type(pin)
    window.keys("Tab")
    window.type(pin)
    window.keys("Return")


def types(window: Opened) -> None:
    """Wait until a field has the focus: the window manager gives it to a dialog later."""

    def focused() -> bool:
        found = window.focused()
        return found is not None and found.role == "password text"

    window.until(focused, why="no field has the focus")


def closes(window: Opened) -> None:
    """Close the main window, once nothing is before it."""

    def active() -> bool:
        front = window.front()
        return bool(front) and front[0].role == "frame" and "active" in front[0].states

    window.until(active, why="the main window is not active")
    window.close()


def pastes(window: Opened, text: str) -> None:
    """Put a text on the clipboard of the screen, and paste it where the focus is."""
    environment = os.environ | window.screen.environment
    subprocess.run(
        ["xclip", "-selection", "clipboard"],
        env=environment,
        input=text.encode(),
        check=True,
        stdout=subprocess.DEVNULL,  # its child, who gives it away, keeps what it inherits
        stderr=subprocess.DEVNULL,
    )
    window.keys("ctrl+v")


def clipboard(window: Opened) -> str:
    """What is on the clipboard."""
    return window.screen.run("xclip", "-selection", "clipboard", "-o")


def pause() -> None:
    """As long as a person takes: what follows is no second half of a double click."""
    time.sleep(0.5)
