"""The pages of a certificate that is not got at once: whole in both languages and sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bank_side import LOGIN, PASSWORD, bank
from lockwright import i18n
from lockwright.i18n import _
from lockwright_testkit.est_server import Reply
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from pictures import picture
from window_home import Home


def order(window: Opened, password: str) -> None:
    """Order a certificate, in the language in use."""
    window.press(_("Get a new certificate"))
    window.wait_for(_("What will be done:"))
    window.press(_("&Next").replace("&", ""))
    credentials(window, password)


def credentials(window: Opened, password: str) -> None:
    """From the login on."""
    following = _("&Next").replace("&", "")
    window.wait_for(_("Login and one-time password"))
    if LOGIN not in window.words():
        window.type(LOGIN)
        window.keys("Tab")
    window.type(password)
    window.press(following)
    window.wait_for(_("Kind of storage"))
    window.press(following)
    window.wait_for(_("Choice of the device"))
    window.type(USER_PIN)
    window.press(following)


@pytest.mark.parametrize(("lang", "scale"), [("ru", 1), ("en", 1), ("ru", 2), ("en", 2)])
def test_pages_are_whole_where_it_does_not_work_at_once(
    home: Home, open_window: Callable[..., Opened], lang: str, scale: int
) -> None:
    home.token("etoken", label="Анна Петрова")
    before = i18n.language()
    i18n.use(lang)
    mark = f"{lang}-{scale}00"
    following = _("&Next").replace("&", "")
    try:
        with bank(home) as server, open_window(home, lang=lang, scale=scale) as window:
            order(window, "Wrong-Word-1")
            window.wait_for(_("Try again"))
            picture(window, f"enrol-attempt-{mark}", front=True)
            window.press(_("Try again"))
            server.script("simpleenroll", Reply(202, headers={"Retry-After": "60"}))
            credentials(window, PASSWORD)
            told = _("Asking again at {time}, giving up at {end}.")
            window.wait_for(told.partition("{")[0])
            picture(window, f"enrol-waiting-{mark}", front=True)
            window.press(_("Stop"))
            window.wait_for(_("Go on now"))
            picture(window, f"enrol-stopped-{mark}", front=True)
            window.press(_("Close"))
            window.wait_for(_("Go on or undo it…"))
            picture(window, f"enrol-notice-{mark}")
            window.press(_("Go on or undo it…"))
            window.wait_for(_("Undo it"))
            picture(window, f"enrol-unfinished-{mark}", front=True)
            window.press(following)
            window.wait_for(_("Go on with the certificate"))
            picture(window, f"enrol-go-on-{mark}", front=True)
            window.press(_("Cancel"))
            window.wait_until_gone(_("Go on with the certificate"))
            window.press(_("Get a new certificate"))
            window.press(following)
            window.wait_for(_("Login and one-time password"))
            window.type(LOGIN)
            window.keys("Tab")
            window.type(PASSWORD)
            window.press(following)
            window.wait_for(_("Kind of storage"))
            window.press(_("File"))
            window.press(following)
            window.wait_for(_("The file and its password"))
            picture(window, f"enrol-file-{mark}", front=True)
            assert window.errors == ""
    finally:
        i18n.use(before)
