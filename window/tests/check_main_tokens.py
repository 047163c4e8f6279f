"""The list at the left: tokens come and go by themselves, and what cannot be used says why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.applet import Applet
from menu import in_front
from opened_window import Opened
from pictures import picture
from screen_reader import Seen
from window_content import put_certificate
from window_home import Home

OpenWindow = Callable[..., Opened]
LONG = "Общество с ограниченной ответственностью «Ромашка», бухгалтерия"


def chosen(window: Opened) -> Seen | None:
    return next(
        (s for s in window.tree() if s.role == "list item" and "selected" in s.states), None
    )


def test_tokens_come_and_go_and_the_chosen_one_stays(home: Home, open_window: OpenWindow) -> None:
    first, second = home.token(label="Anna"), home.token(label="Boris")
    with open_window(home, lang="en") as window:
        window.wait_for("Boris")
        in_front(window, "Crypto tokens")
        window.press("Boris...")
        window.until(lambda: "Boris" in getattr(chosen(window), "name", ""))

        first.unplug()
        window.wait_until_gone("Anna")
        assert "Boris" in getattr(chosen(window), "name", "")
        first.plug()
        window.wait_for("Anna")
        assert "Boris" in getattr(chosen(window), "name", "")

        second.unplug()
        window.wait_until_gone("Boris")
        first.unplug()
        window.wait_for("No token is connected")
        second.plug()
        window.wait_for("Boris")
        assert window.errors == ""


def test_what_is_open_and_chosen_in_the_tree_stays_when_tokens_and_languages_change(
    home: Home, open_window: OpenWindow
) -> None:
    token, other = home.token(label="Anna"), home.token(label="Boris")
    put_certificate(token, "CN=First")
    put_certificate(token, "CN=Second")
    with open_window(home, lang="en") as window:
        window.wait_for("Boris")
        window.keys("F3")
        window.press("Second")
        window.keys("Right")
        window.wait_for("certificate: Second")
        other.unplug()
        window.wait_until_gone("Boris")
        window.keys("F8")
        window.wait_for("сертификат: Second")
        cell = window.find("Second", roles=frozenset({"table cell"}))
        assert cell is not None
        assert "selected" in cell.states
        window.press("Удалить")
        window.wait_for("Сертификат будет удален. Продолжить?")


def test_what_cannot_be_used_is_listed_with_its_reason(
    home: Home, open_window: OpenWindow, tmp_path: Path
) -> None:
    home.token(label="Anna")
    broken = tmp_path / "libbroken.so"
    shutil.copy(Path(__file__), broken)
    unclaimed = home.token("plain", label="Stranger")
    home.token(label="Blank", settings={"initialized": False})
    more = ("--module", str(broken))
    with open_window(home, lang="en", arguments=more) as window:
        window.wait_for("libbroken.so")
        window.press("libbroken.so...")
        window.wait_for("Code for the bank's support")
        picture(window, "main-problem")
        window.press("Stranger...")
        window.wait_for("No adapter claims the token")
        picture(window, "main-unclaimed")
        assert unclaimed.show()["slot0.serial"] in window.words()
        window.press("JaCarta Laser...")
        window.wait_for("Only a blank token was found")


def test_applets_of_one_device_stand_under_its_reader(home: Home, open_window: OpenWindow) -> None:
    home.token(
        "jacarta-pki",
        label=LONG,
        more=(Applet("jacarta-gost2", "GOST", user_pin=USER_PIN, so_pin=SO_PIN),),
    )
    with open_window(home, lang="ru") as window:
        window.wait_for("устройство с 2 токенами")
        assert "Aladdin R.D. JaCarta" in window.words()
        picture(window, "main-device")
        window.keys("Home")  # keys pass the heading by
        assert "GOST" not in getattr(chosen(window), "name", "GOST")
        window.keys("Down")
        window.until(lambda: "GOST" in getattr(chosen(window), "name", ""))
        window.keys("Up", "Up")
        window.until(lambda: LONG[:10] in getattr(chosen(window), "name", ""))
        assert "Токен в порядке." in window.words()


def test_names_that_look_like_html_are_shown_as_they_are_written(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token(label="<b>Anna</b> &lt; <img>")
    put_certificate(token, "CN=\\<h1\\>Head\\</h1\\>", label="<u>first</u>")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.keys("F3")
        window.wait_for("What only the PIN opens is not shown.")
        tree = [each for each in window.tree() if each.role in {"list item", "table cell"}]
        for name in ("<b>Anna</b> &lt; <img>", "<u>first</u>: <h1>Head</h1>"):
            x, y = next(each for each in tree if each.name.startswith(name)).middle
            for beside in (0, 3):  # a hint comes where the mouse was moved, and rests
                window.screen.run("xdotool", "mousemove", str(x + beside), str(y))
            window.until(partial(_hinted, window, name), why=f"no hint says {name}")


def _hinted(window: Opened, name: str) -> bool:
    """Whether a hint, which is a window of its own, begins with a name as it is written."""
    found = [each for each in window.tree() if each.depth == 0 and each.role == "tool tip"]
    return any(each.name.replace("\u2060", "").startswith(name) for each in found)


def test_private_objects_are_shown_after_logging_in_and_not_without(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token()
    put_certificate(token, "CN=First")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.keys("F3")
        window.wait_for("What only the PIN opens is not shown.")
        assert "private key:" not in window.words()
        window.press("Log in…")
        window.wait_for("Private objects are then shown")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("Everything on the token is shown.")
        window.press("First")
        window.keys("Right")
        window.wait_for("private key: First")


def test_what_is_to_be_done_next_has_the_large_button(home: Home, open_window: OpenWindow) -> None:
    token = home.token(label="Anna")
    put_certificate(token, "CN=Old", lasts=timedelta(hours=1))
    with open_window(home, lang="en") as window:
        window.wait_for("Every certificate has expired.")
        clean, other = window.field("Clean the token"), window.field("Change the user PIN")
        assert clean.at[1] < other.at[1]
        assert clean.at[3] > other.at[3]
        window.keys("Return")  # from the list to what is to be done next
        window.keys("Return")
        window.wait_for("What is to be deleted?")
