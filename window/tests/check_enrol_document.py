"""The document «Запись», step by step, in the real window."""

from __future__ import annotations

from collections.abc import Callable

from bank_side import LOGIN, PASSWORD, bank
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from window_home import Home


def test_document_is_followed(home: Home, open_window: Callable[..., Opened]) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home), open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.press("Get a new certificate")
        window.wait_for("What will be done")
        window.press("Next")
        window.type(LOGIN, into="Login")
        window.type(PASSWORD, into="One-time password")
        window.press("Next")
        window.wait_for("Kind of storage")
        window.press("Next")
        window.type(USER_PIN, into="User PIN")
        window.press("Next")
        window.wait_for("The certificate is written")
        window.press("Done")
        window.close()
        assert window.ended() == 0
        assert window.errors == ""
