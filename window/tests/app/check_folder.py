"""The folder of ``make app WINDOW=1``, used without Python, workspace and environment.

Run by ``make check-app WINDOW=1``, which builds it first.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bare import BUILT, hidden, size
from lockwright_testkit.sim import environment
from opened_window import Opened
from window_home import Home

FOLDER = BUILT / "lockwright-window"
QT = FOLDER / "_internal" / "PySide6"
TIMES = 5
"""How often each start is measured; the middle one counts."""


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
    made = Bare(tmp_path / "home")
    made.token("jacarta-pki", label="Anna Petrova")
    return made


def test_both_programs_of_the_folder_show_a_token(
    home: Bare, open_window: Callable[..., Opened]
) -> None:
    (token,) = json.loads(home.run("tokens", "--json"))["tokens"]
    assert token["label"] == "Anna Petrova"
    with open_window(home, lang="ru") as window:
        window.wait_for("Anna Petrova")
        window.wait_for("Серийный номер")
        loaded = {each: mapped(each) for each in window.family}
        assert not [each for each in loaded if "PySide6" in loaded[each]]
        window.close()
        assert window.ended() == 0
        assert window.errors == ""
        assert window.family == []


def mapped(process: int) -> str:
    """The libraries that are loaded in a process (proc(5))."""
    return Path(f"/proc/{process}/maps").read_text()


def test_first_token_is_shown_within_twice_what_the_command_line_takes(
    home: Bare, open_window: Callable[..., Opened]
) -> None:
    listed, shown = [], []
    for _ in range(TIMES):
        began = time.monotonic()
        home.run("tokens")
        listed.append(time.monotonic() - began)
        began = time.monotonic()
        with open_window(home) as window:
            window.wait_for("Anna Petrova")
            shown.append(time.monotonic() - began)
    one, other = statistics.median(listed), statistics.median(shown)
    print(f"\ntokens {one:.2f} s, first token in the window {other:.2f} s: {other / one:.1f}")  # noqa: T201  # wanted
    assert other < 2 * one


def test_it_is_as_big_as_the_documentation_says() -> None:
    whole, qt = size(FOLDER), size(QT)
    print(f"\n{whole:.0f} MB in {FOLDER}, of which {qt:.0f} MB are Qt")  # noqa: T201  # wanted
    assert whole < 200


def test_nothing_of_qt_is_there_that_no_widget_needs() -> None:
    names = " ".join(str(each.relative_to(FOLDER)) for each in FOLDER.rglob("*"))
    for unwanted in ("Qml", "Quick", "gtk", "libkrb5", "qtbase_de", "Network"):
        assert unwanted not in names
    assert {each.name for each in QT.rglob("*.qm")} == {"qtbase_en.qm", "qtbase_ru.qm"}
    assert not [each for each in FOLDER.rglob("*") if each.is_symlink() and not each.exists()]
