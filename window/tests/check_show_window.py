"""`make show-window`: it says what it shows, shows it, and nothing is left once it is closed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from opened_window import Opened
from screen_reader import Reader
from window_home import Home
from window_screen import Screen

PROGRAM = Path(__file__).parents[2] / "examples" / "show_window.py"
TOKENS = ("Anna Petrova", "Boris Orlov", "Clara Stein")


class Shown(Home):
    """The home of whoever types `make show-window`; what it shows has another."""

    def begins(self, module: str) -> list[str]:
        """The program of that target."""
        python, *_module = super().begins(module)
        return [python, str(PROGRAM)]


class Child(Opened):
    """The window, which that program has begun."""

    @property
    def pid(self) -> int:
        """The window's process, once there is one."""
        began = self.process.pid
        with suppress(OSError):
            for each in Path(f"/proc/{began}/task/{began}/children").read_text().split():
                if b"lockwright_window" in Path(f"/proc/{each}/cmdline").read_bytes():
                    return int(each)
        return began


@pytest.mark.parametrize(
    ("lang", "button"), [("en", "Set a new user PIN"), ("ru", "Установить PIN-код пользователя")]
)
def test_three_tokens_are_shown_and_nothing_is_left_of_them(
    lang: str, button: str, screen: Screen, reader: Reader, tmp_path: Path
) -> None:
    home = Shown(tmp_path / "home")
    home.more["TMPDIR"] = str(tmp_path)
    home.more["XDG_CACHE_HOME"] = str(Path.home() / ".cache")  # where simulators are compiled
    with Child(screen, reader, home, lang=lang) as window:
        for each in (*TOKENS, button):
            window.wait_for(each)
        told = window.errors
        assert all(each in told for each in (*TOKENS, f'"{button}"'))
        window.close()

        assert window.ended() == 0
        assert window.left() == []
    assert [each.name for each in tmp_path.iterdir()] == ["home"]
