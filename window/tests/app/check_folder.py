"""The folder of ``make app WINDOW=1``, used without Python, workspace and environment.

Run by ``make check-app WINDOW=1``, which builds it first.
"""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bare import BUILT, hidden, size
from caller import caller, chooses_pin, read_out
from kinds import JACARTA_PKI
from lockwright.models import PinState
from lockwright_testkit.sim import environment
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_window.pieces.colours import SCHEMES
from opened_window import Opened
from window_home import Home
from window_screen import Screen

FOLDER = BUILT / "lockwright-window"
QT = FOLDER / "_internal" / "PySide6"
TIMES = 9
"""How often each start is measured; the quickest counts, since what else runs only delays."""


class Bare(Home):
    """A home of somebody who has nothing else: of the environment, only what the screen needs."""

    @property
    def environment(self) -> dict[str, str]:
        """Variables of the window's process."""
        tokens = environment(*self.tokens)
        return {"HOME": str(self.folder), "LC_ALL": "C.UTF-8", **tokens, **self.more}

    def begins(self, module: str) -> list[str]:
        """What begins a program of the folder; its arguments follow.

        Args:
            module: ``lockwright_window``, or the program.
        """
        program = str(FOLDER / module.replace("_", "-"))
        *first, last = hidden(self.folder / "empty", [program])
        return [*first, f'{last} "$@"', program] if first else [last]

    def run(self, *words: str) -> str:
        """Run the command line of the folder; what it says."""
        return subprocess.run(
            [*self.begins("lockwright"), *words, *self.arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout


@pytest.fixture
def home(tmp_path: Path) -> Bare:
    return Bare(tmp_path / "home")


def test_a_locked_token_gets_a_new_pin_by_request_and_response(
    home: Bare, open_window: Callable[..., Opened], sim: SimulatorFactory, tmp_path: Path
) -> None:
    """Window and module's child are the folder's; the bank's side is not."""
    with caller(JACARTA_PKI, sim, home, tmp_path) as client, open_window(home, lang="en") as window:
        window.press("Set a new user PIN")
        window.wait_for("Setting the user PIN")
        chooses_pin(window)
        read = read_out(window)
        window.keys("Escape")
        window.wait_for("If this window is closed")
        window.keys("Return")
        window.wait_until_gone("If this window is closed")
        window.type(client.answer(read))
        window.press("OK")
        window.wait_for("The PIN is set, the token is unblocked")
        window.press("Done")
        window.wait_until_gone("The PIN is set")
        window.close()
        assert window.ended() == 0
        assert said(window) == []
        assert client.locked.state() is PinState.OK
        client.works()


def test_both_programs_of_the_folder_show_a_token(
    home: Bare, open_window: Callable[..., Opened]
) -> None:
    home.token("jacarta-pki", label="Anna Petrova")
    (token,) = json.loads(home.run("tokens", "--json"))["tokens"]
    assert token["label"] == "Anna Petrova"
    with open_window(home, lang="ru") as window:
        window.wait_for("Anna Petrova")
        window.wait_for("Серийный номер")
        loaded = {each: mapped(each) for each in window.family}
        assert not [each for each in loaded if "PySide6" in loaded[each]]
        window.close()
        assert window.ended() == 0
        assert said(window) == []
        assert window.family == []


def said(window: Opened) -> list[str]:
    """What it wrote, save what Qt says of a screen reader that was too busy to answer it."""
    return [each for each in window.errors.splitlines() if not each.startswith("QSpiApplication")]


def mapped(process: int) -> str:
    """The libraries that are loaded in a process (proc(5))."""
    return Path(f"/proc/{process}/maps").read_text()


def test_first_token_is_shown_within_twice_what_the_command_line_takes(
    home: Bare, screen: Screen
) -> None:
    """Seen by the sign that stands before its sentence; no screen reader is there."""
    home.token("jacarta-pki", label="Anna Petrova")
    shown = {name: value for name, value in screen.environment.items() if "ACCESS" not in name}
    command = [*home.begins("lockwright_window"), *home.arguments, "--colours", "light"]
    one, other = [], []
    for _ in range(TIMES):
        began = time.monotonic()
        home.run("tokens")
        one.append(time.monotonic() - began)
        began = time.monotonic()
        with subprocess.Popen(command, env=home.environment | shown) as window:
            while not screen.shows(SCHEMES["light"].fine):
                assert window.poll() is None
                time.sleep(0.01)
            other.append(time.monotonic() - began)
            window.send_signal(signal.SIGTERM)
            assert window.wait(60) == 0
    ratio = min(other) / min(one)
    print(f"\ntokens {min(one):.2f} s, first token {min(other):.2f} s: {ratio:.1f}")  # noqa: T201  # wanted
    assert ratio < 2


def test_it_is_as_big_as_the_documentation_says() -> None:
    whole, qt = size(FOLDER), size(QT)
    print(f"\n{whole:.0f} MB in {FOLDER}, of which {qt:.0f} MB are Qt")  # noqa: T201  # wanted
    assert whole < 200


def test_the_licences_of_all_that_is_in_it_are_in_it() -> None:
    texts = {each.name for each in (FOLDER / "licences").rglob("*.txt")}
    assert {"Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt", "Python.txt", "libglib2.0-0.txt"} <= texts
    named = " ".join(each.name for each in (FOLDER / "licences").iterdir())
    for each in ("lockwright_window", "lockwright_etoken", "cryptography", "click", "segno"):
        assert each in named.replace("-window", "_window").replace("-etoken", "_etoken")


def test_nothing_of_qt_is_there_that_no_widget_needs() -> None:
    names = " ".join(str(each.relative_to(FOLDER)) for each in FOLDER.rglob("*"))
    for unwanted in ("Qml", "Quick", "gtk", "libkrb5", "qtbase_de", "Network", "readline"):
        assert unwanted not in names
    assert {each.name for each in QT.rglob("*.qm")} == {"qtbase_en.qm", "qtbase_ru.qm"}
    assert not [each for each in FOLDER.rglob("*") if each.is_symlink() and not each.exists()]
