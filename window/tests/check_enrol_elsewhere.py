"""A certificate that goes to no token: a file, and the system's store."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from bank_side import LOGIN, PASSWORD, bank, journal
from cryptography.hazmat.primitives.serialization import pkcs12
from opened_window import Opened
from window_home import Home

OpenWindow = Callable[..., Opened]
OWN = "Kettle-Moss-42"  # of tests


def up_to_the_storage(window: Opened) -> None:
    window.press("Get a new certificate")
    window.wait_for("What will be done")
    window.press("Next")
    window.wait_for("Login and one-time password")
    window.type(LOGIN)
    window.keys("Tab")
    window.type(PASSWORD)
    window.press("Next")
    window.wait_for("Kind of storage")


def test_file_gets_the_certificate_where_no_token_is(home: Home, open_window: OpenWindow) -> None:
    home.token().unplug()
    taken = home.folder / "taken.p12"
    taken.write_text("mine")
    with bank(home) as server, open_window(home, lang="en") as window:
        window.wait_for("No token is connected")
        up_to_the_storage(window)
        token = window.find("Token", roles=frozenset({"radio button"}))
        assert token is not None
        assert not token.enabled
        assert "no token is connected" in token.description.lower()
        window.press("File")
        window.press("Next")
        window.wait_for("Nobody can restore that password")
        window.type(str(taken))
        window.keys("Tab", "Tab")
        window.type(OWN)
        window.keys("Tab")
        window.type(OWN)
        window.press("Next")
        window.wait_for("taken.p12")
        window.wait_for("is already there", "exists")
        assert taken.read_text() == "mine"
        assert server.operations().count("simpleenroll") == 0
        window.press("Choose the file…")
        window.wait_for("Save As", "The file for the certificate")
        window.type(str(home.folder / "anna.p12"))
        window.keys("Return")
        window.wait_until_gone("Save As")
        window.press("Next")
        window.wait_for("The certificate is written")
        assert window.errors == ""
    key, certificate, _more = pkcs12.load_key_and_certificates(
        (home.folder / "anna.p12").read_bytes(), OWN.encode()
    )
    assert key is not None
    assert certificate == server.issued_to(LOGIN)
    assert journal(home) == []


def test_who_goes_back_while_a_place_is_looked_at_is_taken_nowhere_by_what_comes_of_it(
    home: Home, open_window: OpenWindow
) -> None:
    """The journal stands on a share that answers late; here nobody writes into a pipe."""
    home.token().unplug()
    journals = Path(home.program.environment["XDG_STATE_HOME"]) / "lockwright" / "enrolments"
    pipe = journals / f"{quote(str(home.folder / 'anna.p12'), safe='')}.json"
    with bank(home) as server, open_window(home, lang="en") as window:
        window.wait_for("No token is connected")
        up_to_the_storage(window)
        window.press("File")
        window.press("Next")
        window.wait_for("Nobody can restore that password")
        journals.mkdir(parents=True, exist_ok=True)
        os.mkfifo(pipe)
        window.type(str(home.folder / "anna.p12"))
        window.keys("Tab", "Tab")
        window.type(OWN)
        window.keys("Tab")
        window.type(OWN)
        window.press("Next")
        window.until(lambda: not window.field("Next").enabled, why="nothing is looked at")
        window.press("Back")
        window.wait_for("Kind of storage")
        with pipe.open("wb"):
            pipe.unlink()
        window.keys("F8", "F8")
        time.sleep(0.5)  # for what must not come
        assert "Kind of storage" in window.words()
        assert server.operations().count("simpleenroll") == 0
        window.press("Next")
        window.wait_for("Nobody can restore that password")
        assert window.errors == ""


@pytest.mark.skipif(shutil.which("pk12util") is None, reason="no tools of NSS here")
def test_system_store_gets_the_certificate_that_a_browser_uses(
    home: Home, open_window: OpenWindow
) -> None:
    home.token().unplug()
    with bank(home), open_window(home, lang="en") as window:
        window.wait_for("No token is connected")
        up_to_the_storage(window)
        window.press("System")
        window.press("Next")
        window.wait_for("Password for the key")
        window.type(OWN)
        window.keys("Tab")
        window.type(OWN)
        window.press("Next")
        window.wait_for("The certificate is written")
        assert "Close your browser and open it again" in window.words()
        assert window.errors == ""
    assert (home.folder / ".pki" / "nssdb" / "cert9.db").exists()
    assert journal(home) == []
