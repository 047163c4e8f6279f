"""A screen, who reads it aloud, homes with tokens, and the window itself; nothing needs Qt here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lockwright_window.qt.immortal import keep_true

if TYPE_CHECKING:
    from opened_window import Opened
    from PySide6.QtWidgets import QApplication
    from screen_reader import Reader
    from window_home import Home
    from window_screen import Screen

keep_true()  # for checks that send signals in this process


@pytest.fixture(scope="session")
def application() -> Iterator[QApplication]:
    """A program in this process, for checks of single widgets; no screen is needed.

    Its widgets, and what is in the clipboard, go before Python does, which they call when they go.
    """
    from lockwright_window.fields import pasting  # noqa: PLC0415  # tests without Qt need none
    from PySide6.QtCore import QEvent  # noqa: PLC0415  # the same
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  # the same

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    made = QApplication([])
    yield made
    pasting.allow(False)  # noqa: FBT003  # as the configuration says
    made.clipboard().clear()
    for each in made.topLevelWidgets():
        each.deleteLater()
    made.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """A screen of 1280 by 900, for all checks together."""
    from window_screen import Screen  # noqa: PLC0415  # tests without Qt need none

    with Screen() as made:
        yield made


@pytest.fixture(scope="session")
def reader(screen: Screen) -> Iterator[Reader]:
    """Reads that screen aloud."""
    from screen_reader import Reader  # noqa: PLC0415  # the same

    made = Reader(screen)
    yield made
    made.close()


@pytest.fixture(scope="module")
def wide() -> Iterator[Screen]:
    """A screen as many laptops have it; at 200 % it is 960 by 540."""
    from window_screen import Screen  # noqa: PLC0415  # the same

    with Screen(1920, 1080) as made:
        yield made


@pytest.fixture(scope="module")
def wide_reader(wide: Screen) -> Iterator[Reader]:
    """Reads it aloud."""
    from screen_reader import Reader  # noqa: PLC0415  # the same

    made = Reader(wide)
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home without tokens."""
    from window_home import Home  # noqa: PLC0415  # the same

    return Home(tmp_path / "home")


@pytest.fixture
def open_window(screen: Screen, reader: Reader) -> Iterator[Callable[..., Opened]]:
    """Opens the window: ``open_window(home, lang="ru", scale=2)``; see ``opened_window``."""
    from opened_window import Opened  # noqa: PLC0415  # the same

    opened: list[Opened] = []

    def begin(home: Home, **given: Any) -> Opened:
        opened.append(Opened(screen, reader, home, **given))
        return opened[-1]

    yield begin
    for each in opened:
        each.kill()
