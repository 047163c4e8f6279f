"""A token with names without end, and with many certificates that end: the window stays one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bank_side import bank
from lockwright_testkit.sim import USER_PIN
from opened_window import Opened
from window_content import put_certificate
from window_home import Home

OpenWindow = Callable[..., Opened]
NAME = "W" * 3000
SOON = timedelta(days=9)


def fits(window: Opened) -> None:
    """Every window that is open has room on the screen."""
    width, height = window.screen.width, window.screen.height
    for each in window.tree():
        if each.depth == 0:
            left, top, wide, high = each.at
            assert left >= 0, each
            assert top >= 0, each
            assert left + wide <= width, each
            assert top + high <= height, each


def test_a_name_without_end_makes_no_page_wider_than_the_screen(
    home: Home, open_window: OpenWindow
) -> None:
    put_certificate(home.token(label="Anna"), "CN=" + "W" * 60, lasts=SOON, label=NAME)
    with bank(home), open_window(home) as window:
        window.wait_for("valid for 7 more days", "valid for 8 more days")
        fits(window)
        window.press("Renew a certificate")
        window.wait_for("Which certificate is to be renewed?")
        fits(window)
        window.keys("Escape")
        window.wait_until_gone("Which certificate is to be renewed?")
        window.press("Clean the token")
        window.wait_for("What is to be deleted?")
        window.press("Everything")
        window.press("Next")
        window.wait_for("User PIN")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("This will be deleted")
        fits(window)
        window.press("Yes, delete...")
        window.press("Delete")
        window.wait_for("It is deleted")
        fits(window)
        assert window.errors == ""


def test_many_certificates_that_end_are_one_notice_of_the_first_of_them(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token(label="Anna")
    for number in range(6):
        put_certificate(token, f"CN=Client {number}", lasts=SOON - timedelta(days=number % 4))
    other = home.token(label="Boris")
    put_certificate(other, "CN=Boris", lasts=SOON)
    with open_window(home) as window:
        window.wait_for("The certificate of Client 3 on the token")
        window.wait_for("The certificate of Boris on the token")
        assert window.words().count(" more day") == 2
        window.click(next(each for each in window.tree() if each.name == "Not now"))
        window.wait_until_gone("The certificate of Client 3 on the token")
        assert "The certificate of Client" not in window.words()
        window.wait_for("The certificate of Boris on the token")
