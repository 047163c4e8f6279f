"""Menus: a screen reader hears where the focus goes in one, and is not told where it stands."""

from __future__ import annotations

from opened_window import Opened


def press_item(window: Opened, *, scale: float = 1) -> None:
    """Click the first item of the menu that the right button just opened.

    Args:
        window: the window.
        scale: how large everything is.
    """
    place = window.screen.run("xdotool", "getmouselocation", "--shell").split()
    x, y = (int(each.partition("=")[2]) for each in place[:2])
    right, down = round(30 * scale), round(12 * scale)
    window.screen.run("xdotool", "mousemove", str(x + right), str(y + down), "click", "1")
    window.clicks += 1


def in_front(window: Opened, title: str) -> None:
    """Wait until a window hears keys and stays where it is: the window manager has its say first.

    Args:
        window: the program.
        title: of the window.
    """

    def is_active() -> bool:
        front = window.front()
        return bool(front) and front[0].name == title and "active" in front[0].states

    window.until(is_active, why=f"{title!r} does not come to the front")
