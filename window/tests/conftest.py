"""A screen, who reads it aloud, homes with tokens, and the window itself; nothing needs Qt here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lockwright_window.immortal import keep_true

if TYPE_CHECKING:
    from opened_window import Opened
    from screen_reader import Reader
    from window_home import Home
    from window_screen import Screen

keep_true()  # for checks that send signals in this process


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
