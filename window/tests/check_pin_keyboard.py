"""What a person is told at a PIN field of the keyboard, since dots do not tell it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from opened_window import Opened
from screen_keyboard import caps_lock, layouts, second_layout
from window_home import Home
from window_screen import Screen

CAPS, CYRILLIC = "Caps Lock is on.", "The keyboard types Cyrillic letters."


@pytest.fixture
def window(home: Home, open_window: Callable[..., Opened]) -> Opened:
    """A window that asks for a PIN, with the focus in its field."""
    home.token("jacarta-pki")
    opened = open_window(home)
    opened.press("Change the user PIN")
    opened.wait_for("The same once more")
    return opened


def test_caps_lock_and_another_layout_are_told_before_the_first_key(
    window: Opened, screen: Screen
) -> None:
    assert CAPS not in window.words()
    with caps_lock(screen):
        window.wait_for(CAPS)
        assert CAPS in window.field("User PIN").description  # a screen reader says it, too
    window.wait_until_gone(CAPS)
    with second_layout(screen):
        window.wait_for(CYRILLIC)
        window.keys("Tab")
        window.wait_for(CYRILLIC)
        assert CYRILLIC in window.field("New user PIN").description
        assert CYRILLIC not in window.field("User PIN").description
    window.wait_until_gone(CYRILLIC)
    with layouts(screen, "ru"):
        window.wait_for(CYRILLIC)
    window.wait_until_gone(CYRILLIC)


def test_cyrillic_letters_that_were_typed_are_told_whatever_the_layout_is(window: Opened) -> None:
    window.type("Пароль", into="User PIN")
    window.wait_for("Cyrillic letters were typed.", CYRILLIC)
    assert window.field("User PIN").text == "●" * 6
    window.keys("ctrl+a", "BackSpace")
    window.wait_until_gone("Cyrillic letters")


def test_a_dead_key_of_the_layout_puts_an_accent_on_its_letter(
    window: Opened, screen: Screen
) -> None:
    with layouts(screen, "us(intl)"):
        window.keys("dead_acute", "e", "dead_diaeresis", "space")
        window.until(lambda: window.field("User PIN").text == "●●", why="é and a quotation mark")


def test_a_shortcut_of_the_other_layout_types_nothing_into_a_field(window: Opened) -> None:
    window.keys("alt+d", "ctrl+d")
    window.type("1")
    window.until(lambda: window.field("User PIN").text == "●")


def test_pasting_is_told_to_be_off_and_works_where_the_bank_allows_it(
    home: Home, open_window: Callable[..., Opened], screen: Screen, window: Opened
) -> None:
    clip = ("xclip", "-selection", "clipboard")
    screen.run("sh", "-c", f"printf Pasted77 | {' '.join(clip)} -loops 0 >/dev/null 2>&1 &")
    window.keys("ctrl+v")
    window.wait_for("Nothing is pasted here: type it.")
    assert window.field("User PIN").text == ""
    window.close()
    window.wait_until_gone("The same once more")
    window.close()
    assert window.ended() == 0

    home.configure("[window]\npaste_pins = true\n")
    again = open_window(home)
    again.press("Change the user PIN")
    again.wait_for("The same once more")
    again.keys("ctrl+v")
    again.until(lambda: again.field("User PIN").text == "●" * 8)
    again.keys("ctrl+a", "ctrl+c", "ctrl+x")
    assert screen.run(*clip, "-o") == "Pasted77"
