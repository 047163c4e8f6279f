"""Changing a PIN that is known: rules, wrong PINs, the last try, pads, and what a reader hears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright_testkit.sim import Simulator, environment
from lockwright_testkit.sim.applet import Setting
from opened_window import Opened
from window_home import Home

OLD, NEW = "Wr7zqKPv", "Xy7qLmz2"
Opening = Callable[..., Opened]


def asked(home: Home, open_window: Opening, **settings: Setting) -> tuple[Simulator, Opened]:
    """A window that asks for the PIN of a token, and the token."""
    named: dict[str, Setting] = {name.replace("_", "."): each for name, each in settings.items()}
    token = home.token("jacarta-pki", user_pin=OLD, settings=named)
    window = open_window(home)
    window.press("Change the user PIN")
    window.wait_for("The same once more", "locked", "pad")
    return token, window


def change(window: Opened, old: str, new: str = NEW) -> None:
    """Type all three by keyboard alone, and press Enter."""
    window.until(lambda: (window.focused() or window.tree()[0]).name == "User PIN")
    window.type(old)
    window.keys("Tab")
    window.type(new)
    window.keys("Tab")
    window.type(new)
    window.until(lambda: window.field("Change").enabled)
    window.keys("Return")


def opens(home: Home, pin: str) -> bool:
    """Whether the token is opened by a PIN, as the command line finds it."""
    file, seen = home.program.secret("pin", pin), environment(*home.tokens)
    words = ("list", "--pin-file", str(file), *home.arguments)
    return home.program.run(*words, environment=seen).code == 0


def test_a_pin_is_changed_by_keyboard_alone_and_all_of_it_is_read_aloud(
    home: Home, open_window: Opening
) -> None:
    _token, window = asked(home, open_window)
    heard: list[str] = []

    def hear(words: str) -> None:
        def came() -> bool:
            heard.extend(window.heard())
            return any(words in each for each in heard)

        window.until(came, why=f"{words!r} was not read aloud")

    hear("User PIN, password text")
    window.type(OLD)
    window.keys("Tab")
    hear("New user PIN, password text, Still needed: at least 8 characters")
    window.type(NEW)
    window.keys("Tab")
    hear("The same once more, password text")
    window.type(NEW)
    window.until(lambda: window.field("Change").enabled)
    window.keys("Return")
    window.wait_for("The user PIN was changed")
    assert window.clicks == 1
    assert window.keystrokes == len(OLD) + 2 * len(NEW) + len(("Tab", "Tab", "Return"))
    window.keys("Return")
    window.wait_for("The token is in order")
    assert opens(home, NEW)
    assert not any(pin in each for each in heard for pin in (OLD, NEW))


def test_each_rule_says_by_a_sign_and_a_word_whether_it_is_kept(
    home: Home, open_window: Opening
) -> None:
    _token, window = asked(home, open_window)
    assert "✓" not in window.words()
    window.type("asdfghjk", into="New user PIN")
    window.wait_for("this is a row of the keyboard: not kept")
    said = window.words()
    assert "at least 8 characters: kept" in said
    assert "at least 1 digit: not kept" in said
    assert "at least 1 upper-case Latin letter: not kept" in said
    assert "✓" in said
    assert "✗" in said
    window.keys("ctrl+a")
    window.type(NEW)
    window.wait_until_gone("not kept")
    assert not window.field("Change").enabled
    window.type(NEW[:-1], into="The same once more")
    window.until(lambda: window.field("The same once more").text == "●" * 7)
    assert "The two entries differ" not in window.words()
    window.type("X")
    window.wait_for("The two entries differ.")
    window.type("С" + NEW[1:], into="New user PIN")
    window.wait_for("It has the Cyrillic letter")


def test_a_wrong_pin_keeps_the_page_and_says_what_is_left(home: Home, open_window: Opening) -> None:
    token, window = asked(home, open_window, user_tries_max=4)
    change(window, "Wr0ng-Wr0")
    window.wait_for("The user PIN is wrong. 3 tries are left.")
    assert window.field("User PIN").text == ""
    assert window.field("New user PIN").text == "●" * 8
    window.type(OLD)
    window.until(lambda: window.field("Change").enabled)
    window.keys("Return")
    window.wait_for("The user PIN was changed")
    assert token.tries() == 4


def test_the_last_try_is_spent_after_a_plain_yes_and_not_before(
    home: Home, open_window: Opening
) -> None:
    token, window = asked(home, open_window, user_tries=1, user_tries_max=3)
    window.wait_for("This is the last try.")
    window.type(OLD, into="User PIN")
    window.type(NEW, into="New user PIN")
    window.type(NEW, into="The same once more")
    window.wait_until_gone("not kept")
    assert not window.field("Change").enabled
    window.keys("Return")
    window.press("I am sure of it: use the last try")
    window.press("Change")
    window.wait_for("The user PIN was changed")
    assert token.tries() == 3
    assert opens(home, NEW)


def test_a_last_try_that_came_meanwhile_is_asked_about_and_a_lock_leads_to_a_new_pin(
    home: Home, open_window: Opening
) -> None:
    """Another program makes wrong tries between the look at the token and the PIN."""
    token, window = asked(home, open_window, user_tries_max=3)
    token.set("user.tries", 1, slot=0)
    change(window, "Wr0ng-Wr0")
    window.wait_for("Only one try of the user PIN is left, so it was not tried.")
    assert token.tries() == 1
    window.type("Wr0ng-Wr0", into="User PIN")
    window.press("I am sure of it: use the last try")
    window.press("Change")
    window.wait_for("It is locked now.")
    assert token.tries() == 0
    window.keys("Return")  # what is offered: a new PIN
    window.wait_for("Setting the user PIN")


def test_a_pin_is_changed_on_the_tokens_own_pad(home: Home, open_window: Opening) -> None:
    pad: dict[str, Setting] = {"pad": True, "pad.user.pin": OLD, "pad.new.pin": NEW}
    token = home.token("jacarta-pki", user_pin=OLD, settings={**pad, "delay.C_SetPIN": 700})
    window = open_window(home)
    window.press("Change the user PIN")
    window.wait_for("enter the PIN on the token's own PIN pad")
    assert window.find("User PIN") is None
    assert "at least 8 characters" in window.words()
    window.press("Change")
    window.wait_for("Enter the PIN on the token's own PIN pad each time it asks for it.")
    window.wait_for("The user PIN was changed")
    token.set("pad", value=False)
    assert opens(home, NEW)


@pytest.mark.parametrize(("lang", "scale"), [("en", 1), ("en", 2), ("ru", 1), ("ru", 2)])
def test_nothing_is_cut_in_any_language_at_any_size(
    home: Home, open_window: Opening, tmp_path: Path, lang: str, scale: int
) -> None:
    home.token("jacarta-pki", user_pin=OLD, settings={"user.tries": 1})
    window = open_window(home, lang=lang, scale=scale)
    words = {"en": "Change the user PIN", "ru": "Сменить PIN-код пользователя"}
    window.press(words[lang])
    window.until(lambda: len([e for e in window.tree() if e.role == "password text"]) == 3)
    front = [each for each in window.front() if each.text or each.role == "password text"]
    left, top, width, height = window.front()[0].at
    for each in front:
        x, y, wide, high = each.at
        assert left <= x, each
        assert x + wide <= left + width, each
        assert top <= y, each
        assert y + high <= top + height, each
    assert window.picture(tmp_path / "page.png").stat().st_size > 2000
