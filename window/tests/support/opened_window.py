"""The window as a person has it before them: what it says, and what is pressed and typed.

    with open_window(home, lang="en") as window:  # the fixtures of conftest.py
        window.wait_for("The token is in order")
        window.press("Set a new user PIN")
        window.type("12345678", into="New PIN")
        window.keys("Tab", "Return")
        assert window.clicks == 1

Everything is found by the name that a screen reader says; what has none cannot be pressed here.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from screen_reader import Reader, Seen
from window_home import Home
from window_process import WindowProcess
from window_screen import Screen
from window_tree import called, clipped, windows

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds until what is awaited is given up; it comes at once, save on a busy machine."""
_PAUSE = 0.04
_TURNS = 40
_APART = 16
"""Pixels between two clicks that are none of a double click; Qt takes 5 for one, 10 at 200 %."""
_TYPED = frozenset({"password text", "text", "entry", "combo box", "spin button"})
_PRESSED = frozenset(
    {"push button", "toggle button", "check box", "radio button", "menu item", "button"}
    | {"list item", "table cell", "tree item", "page tab", "combo box", "link", "check menu item"}
)


class Opened(WindowProcess):
    """The program in a process of its own, from ``with`` to its end.

    Args:
        screen: where it is shown.
        reader: reads it aloud.
        home: whose it is.
        lang: ``en``, ``ru``, or empty for the locale's.
        scale: 1 or 2: how large everything is.
        module: what is run in place of ``lockwright_window``.
        arguments: further ones of the command line.
    """

    def __init__(
        self,
        screen: Screen,
        reader: Reader,
        home: Home,
        *,
        lang: str = "en",
        scale: float = 1,
        module: str = "lockwright_window",
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.screen, self.reader, self.home = screen, reader, home
        self.clicks = 0
        """Clicks so far."""
        self.keystrokes = 0
        """Keys pressed so far; a letter that is typed is one."""
        self._scale = scale
        self._beside = 0
        spoken = ["--lang", lang] if lang else []
        command = [*home.begins(module), *home.arguments, *spoken, *arguments]
        environment = home.environment | screen.environment | {"QT_SCALE_FACTOR": str(scale)}
        super().__init__(command, environment, home.folder)

    def tree(self, *, hidden: bool = False) -> list[Seen]:
        """Everything on the screen that is the program's, the active window's first."""
        seen = self._read(hidden=hidden)
        return [each for window in windows(seen) for each in window]

    def front(self) -> list[Seen]:
        """What is in the active window."""
        return next(windows(self._read(front=True)), [])

    def words(self) -> str:
        """Everything that can be read, a line for each."""
        return "\n".join(dict.fromkeys(word for each in self.tree() for word in each.words()))

    def wait_for(self, *words: str, seconds: float = PATIENCE) -> str:
        """Wait until one of some words can be read.

        Args:
            words: what is awaited.
            seconds: until it is given up.

        Returns:
            Which of them it was.

        Raises:
            TimeoutError: none of them came; it says what stood there instead.
        """

        def found() -> str | None:
            shown = self.words()
            return next((each for each in words if each in shown), None)

        return self._until(found, seconds, f"none of {words} came")

    def wait_until_gone(self, words: str, *, seconds: float = PATIENCE) -> None:
        """Wait until some words cannot be read any more."""
        self._until(lambda: words not in self.words() or None, seconds, f"{words!r} stays")

    def find(self, name: str, *, roles: frozenset[str] | None = None) -> Seen | None:
        """A control by its name, that in the active window before others; None if there is none.

        Args:
            name: its name, without the mark of a mnemonic; or its first words with ``...``.
            roles: which kinds; None for any.
        """
        for seen in (self.front, self.tree):
            for each in seen():
                if (roles is None or each.role in roles) and called(each, name):
                    return each
        return None

    def field(self, name: str) -> Seen:
        """Something by its name, once it is there."""
        return self._until(lambda: self.find(name), PATIENCE, f"nothing is called {name!r}")

    def press(self, name: str, *, button: int = 1, times: int = 1) -> None:
        """Click what can be pressed, once it can be.

        Args:
            name: its name.
            button: of the mouse: 1 left, 3 right.
            times: 2 for a double click, which counts as two.

        Raises:
            TimeoutError: nothing is called so, or it is greyed.
        """
        self.click(self.steady(name, _PRESSED), button=button, times=times)

    def click(self, what: Seen, *, button: int = 1, times: int = 1) -> None:
        """Click the middle of something; a bit beside it, not to make a double click of two."""
        what = self._scrolled_to(what)
        x, y = what.middle
        self._beside = 0 if self._beside else min(_APART, what.at[2] // 3)
        x += self._beside
        self.screen.run(
            *("xdotool", "mousemove", str(x), str(y)),
            *("click", "--repeat", str(times), "--delay", "30", str(button)),
        )
        self.clicks += times

    def _scrolled_to(self, what: Seen) -> Seen:
        """Turn the wheel until it can be reached; a person does that, too, and it is no click."""
        for _ in range(_TURNS):
            if what.reached or what.clip is None:
                return what
            left, top, _, height = what.clip
            self.screen.run(
                *("xdotool", "mousemove", str(left + 4), str(top + height - 4)),
                *("click", "5" if what.middle[1] >= top + height else "4"),
            )
            time.sleep(_PAUSE)
            found = [
                each for each in self._read() if (each.role, each.name) == (what.role, what.name)
            ]
            what = found[0] if found else what
        raise TimeoutError(f"{what.name!r} cannot be reached")

    def type(self, text: str, *, into: str = "", seconds: float = PATIENCE) -> None:
        """Type by the keyboard.

        Args:
            text: what is typed.
            into: the name of a field that is clicked first; empty: where the focus is.
            seconds: how long that may take.
        """
        if into:
            self.click(self.steady(into, _TYPED))
            self.until(lambda: self._types_into(into), why=f"{into!r} has not the focus")
        self.screen.run("xdotool", "type", "--delay", "4", "--", text, seconds=seconds)
        self.keystrokes += len(text)

    def _types_into(self, name: str) -> bool:
        return any("focused" in each.states and called(each, name) for each in self.front())

    def keys(self, *names: str) -> None:
        """Press keys, in xdotool's names: ``Tab``, ``Return``, ``Escape``, ``ctrl+v``, ``F2``."""
        self.screen.run("xdotool", "key", "--delay", "12", *names)
        self.keystrokes += len(names)

    def focused(self) -> Seen | None:
        """What has the focus."""
        return next((each for each in self.tree() if "focused" in each.states), None)

    def heard(self) -> list[str]:
        """What a screen reader said at each move of the focus since this was asked last."""
        return [each.spoken for each in self.reader.heard(self.pid)]

    def picture(self, path: Path) -> Path:
        """Take a picture of the window, with the dialogs before it.

        Args:
            path: a PNG file.
        """
        windows = [each.at for each in self.tree() if each.depth == 0]
        left, top = min(each[0] for each in windows), min(each[1] for each in windows)
        right = max(each[0] + each[2] for each in windows)
        bottom = max(each[1] + each[3] for each in windows)
        crop = f"{right - left}x{bottom - top}+{left}+{top}"
        self.screen.run("import", "-window", "root", "-crop", crop, "+repage", str(path))
        return path

    def close(self) -> None:
        """Close the active window as its owner does, by the window manager."""
        self.keys("alt+F4")

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for its end; the exit code."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"it does not end; it shows:\n{self.words()}") from None

    def until(self, found: Callable[[], bool], *, seconds: float = PATIENCE, why: str = "") -> None:
        """Wait until something is so."""
        self._until(lambda: found() or None, seconds, why or "it did not come to be")

    def _read(self, *, hidden: bool = False, front: bool = False) -> list[Seen]:
        """Qt tells where things are before it makes them larger (6.12)."""
        seen = self.reader.tree(self.pid, hidden=hidden, front=front)
        return list(clipped(each.enlarged(self._scale) for each in seen))

    def steady(self, name: str, roles: frozenset[str]) -> Seen:
        """What is called so and can be used, once it stays where it is.

        A window that opens is put elsewhere by its manager, and a hint moves what is below it.

        Args:
            name: its name.
            roles: which kinds.
        """
        before: list[Seen | None] = [None]

        def found() -> Seen | None:
            each = self.find(name, roles=roles)
            last, before[0] = before[0], each
            if each is None or last is None or each.at != last.at or not each.enabled:
                return None
            return each

        return self._until(found, PATIENCE, f"nothing that can be used is called {name!r}")

    def _until(self, found: Callable[[], T | None], seconds: float, why: str) -> T:
        until = time.monotonic() + seconds
        while (result := found()) is None:
            if self.process.poll() is not None:
                raise RuntimeError(f"{why}: it ended with {self.process.returncode}: {self.errors}")
            if time.monotonic() > until:
                raise TimeoutError(f"{why} in {seconds:g} s; it shows:\n{self.words()}")
            time.sleep(_PAUSE)
        return result
