"""A PIN that is locked: nothing asks for it in vain, and each page shows the way to a new one."""

from __future__ import annotations

from collections.abc import Callable

from lockwright_testkit.sim import SO_PIN, USER_PIN
from opened_window import Opened
from walker import Walk
from window_home import Home

OpenWindow = Callable[..., Opened]
NEW_PIN = "Xy7qLmz2"


def test_a_locked_pin_is_not_changed_and_cleaning_leads_to_a_new_one(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("etoken", label="Anna", settings={"user.tries": 0})
    with open_window(home) as window:
        window.wait_for("The PIN is locked. Set a new one, with the bank's help.")
        assert not window.field("Change the user PIN").enabled
        assert "Change the user PIN: The user PIN is locked." in window.words()
        window.press("Clean the token")
        window.wait_for("What is to be deleted?")
        window.press("Next")
        window.wait_for("To see everything on it, the token needs your PIN.")
        assert window.find("User PIN") is None
        window.keys("Return")
        window.wait_for("Setting the user PIN")
        administrators = "Administrator's PIN (SO PIN)"
        pins = {administrators: SO_PIN, "New user PIN": NEW_PIN, "The same once more": NEW_PIN}
        values = {name: lambda _window, pin=pin: pin for name, pin in pins.items()}
        walk = Walk("", values, ("With the administrator's PIN",))
        assert walk.out(window, walk.settled(window))[-1].well
        window.keys("Return")
        window.wait_for("The token is in order")
        assert window.field("Change the user PIN").enabled
        assert window.errors == ""
    assert token.tries() == 15


def test_a_pin_that_is_locked_elsewhere_meanwhile_is_told_where_it_is_asked_for(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("etoken", label="Anna")
    with open_window(home) as window:
        window.wait_for("The token is in order")
        window.keys("F3")
        window.press("Log in…")
        window.wait_for("Private objects are then shown")
        token.set("user.tries", 0, slot=0)
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("is locked")
        window.keys("Return")
        window.wait_for("Setting the user PIN")
