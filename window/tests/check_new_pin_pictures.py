"""Each picture of the first document, section 1, in both languages and sizes; none cut, none covered.

``LOCKWRIGHT_PICTURES=folder`` keeps them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from caller import NEW_PIN, caller, read_out
from kinds import JACARTA_PKI
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from screen_reader import Reader, Seen
from window_home import Home
from window_screen import Screen

_LEAVES = frozenset({"label", "push button", "radio button", "password text", "check box"})
_WORDS = {
    "en": ("Set a new user PIN", "Setting the user PIN", "Carry out", "Request/Response", "OK")
    + ("The check behind it fits", "The PIN is set, the token is unblocked"),
    "ru": ("Установить PIN-код пользователя", "Установка PIN-кода пользователя", "Выполнить")
    + ("Запрос/Ответ", "ОК", "Проверка за ним сходится")
    + ("PIN-код установлен, токен разблокирован",),
}


@pytest.fixture(scope="module")
def wide() -> Iterator[Screen]:
    """A screen as many laptops have it; at 200 % it is 960 by 540."""
    with Screen(1920, 1080) as made:
        yield made


@pytest.fixture(scope="module")
def wide_reader(wide: Screen) -> Iterator[Reader]:
    """Reads it."""
    made = Reader(wide)
    yield made
    made.close()


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_picture_of_the_document_is_whole(
    lang: str,
    scale: int,
    home: Home,
    wide: Screen,
    wide_reader: Reader,
    sim: SimulatorFactory,
    tmp_path: Path,
) -> None:
    button, pin_page, carry_out, request_page, ok, fits, done = _WORDS[lang]
    kept = Path(os.environ.get("LOCKWRIGHT_PICTURES", tmp_path))
    with (
        caller(JACARTA_PKI, sim, home, tmp_path) as client,
        Opened(wide, wide_reader, home, lang=lang, scale=scale) as window,
    ):
        shown = _Pictures(window, kept / f"new-pin-{lang}{'' if scale == 1 else '-large'}")
        window.wait_for(button)
        shown.take("1-button")
        window.keys("F2")
        window.until(lambda: window.find(button) is not None)
        shown.take("2-administrator")
        window.press(button)
        window.wait_for(pin_page)
        window.type(NEW_PIN)
        window.keys("Tab")
        window.type(NEW_PIN)
        shown.take("3-pin")
        window.press(carry_out)
        window.wait_for(request_page)
        read = read_out(window)
        shown.take("4-request")
        window.type("1951 ж")
        shown.take("5-wrong")
        window.keys("ctrl+a")
        window.type(client.answer(read))
        window.wait_for(fits)
        shown.take("5-response")
        window.press(ok)
        window.wait_for(done)
        shown.take("6-done")
    assert shown.number == 7


class _Pictures:
    """Takes them, and looks whether anything is cut or covered."""

    def __init__(self, window: Opened, stem: Path) -> None:
        self._window, self._stem = window, stem
        self.number = 0

    def take(self, name: str) -> None:
        """One of them."""
        self.number += 1
        file = self._stem.parent / f"{self._stem.name}-{name}.png"
        front, run = self._window.front(), self._window.screen.run
        if front[0].role == "dialog":  # the main window is another check's
            _whole(front, self._window.screen)
        run("import", "-window", "root", "-crop", _around(front[0]), "+repage", str(file))
        run(
            *("convert", str(file), "-bordercolor", "#808080", "-border", "1"),
            *("+dither", "-colors", "32", "-define", "png:compression-filter=0", f"PNG8:{file}"),
        )


def _around(window: Seen) -> str:
    left, top, width, height = window.at
    return f"{width}x{height}+{left}+{top}"


def _whole(front: list[Seen], screen: Screen) -> None:
    """Everything is inside the window, the window on the screen, and nothing on top of another."""
    left, top, width, height = front[0].at
    assert top + height <= screen.height
    assert left + width <= screen.width
    leaves = [each for each in front if each.role in _LEAVES and each.at[2] > 0]
    for each in leaves:
        x, y, w, h = each.at
        assert left <= x, each
        assert x + w <= left + width, each
        assert top <= y, each
        assert y + h <= top + height, each
    for one, other in combinations(leaves, 2):
        assert not _overlap(one, other), (one, other)


def _overlap(one: Seen, other: Seen) -> bool:
    (x, y, w, h), (x2, y2, w2, h2) = one.at, other.at
    return x < x2 + w2 and x2 < x + w and y < y2 + h2 and y2 < y + h
