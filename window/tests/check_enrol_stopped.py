"""A certificate that is stopped at each of its steps, or whose window is closed amid it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from threading import Event

import pytest
from bank_side import LOGIN, PASSWORD, bank, commanded, journal, order
from lockwright_testkit.est_server import Asked, EstServer, Reply
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from window_home import Home

OpenWindow = Callable[..., Opened]
SLOW = 1500
"""Milliseconds that a call of the module takes: less than it has to come to its end."""
OWN = "Kettle-Moss-42"  # of tests
BEGUN = "was begun and is not finished"


def slow_bank(server: EstServer, operation: str) -> None:
    def instead(asked: Asked) -> Reply | None:
        if asked.operation == operation and server.operations().count(operation) > 1:
            return None  # the first one was slow, or asked before
        if asked.operation == operation:
            time.sleep(SLOW / 1000)
        return None

    server.instead = instead


@pytest.mark.parametrize(
    ("step", "slow", "left"),
    [
        ("Opening the token", "delay.C_Login", ""),
        ("Making the key pair", "delay.C_GenerateKeyPair", "signing"),
        ("Signing the request", "delay.C_Sign", "signing"),
        ("Ordering the certificate", "simpleenroll", "sending"),
        ("Writing the certificate", "delay.C_CreateObject", "writing"),
    ],
)
def test_stop_is_safe_and_gone_on_with(
    home: Home, open_window: OpenWindow, step: str, slow: str, left: str
) -> None:
    token = home.token("etoken", label="Anna Petrova")
    with bank(home) as server, open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        if slow.startswith("delay"):
            token.set(slow, SLOW)
        else:
            slow_bank(server, slow)
        order(window)
        window.wait_for(step)
        window.press("Stop")
        window.wait_for("Stopped, as you wished.", "The certificate is written")
        token.set(slow, 0) if slow.startswith("delay") else None
        if "The certificate is written" in window.words():  # it was done before it was struck
            assert journal(home) == []
            return
        steps = [each["step"] for each in journal(home)]
        assert len(steps) == (1 if left else 0), window.words()
        window.press("Close")
        if not left:
            window.wait_for("The token is in order")
            assert BEGUN not in window.words()
            return
        window.wait_for(BEGUN)
        goes_on(window, steps[0])
        is_whole(home)
        assert window.errors == ""


def goes_on(window: Opened, step: object) -> None:
    """Go on from the notice, to the end."""
    window.press("Go on or undo it…")
    window.wait_for("Go on with it")
    window.press("Next")
    window.wait_for("Go on with the certificate")
    window.wait_for("User PIN")
    if step in {"making", "signing", "sending", "waiting"}:
        window.type(PASSWORD)
        window.keys("Tab")
    window.type(USER_PIN)
    window.press("Next")
    window.wait_for("The certificate is written")
    window.press("Done")
    window.wait_until_gone(BEGUN)


def is_whole(home: Home) -> None:
    """One container with its key and its certificate, and nothing in the journal."""
    assert journal(home) == []
    shown = commanded(home, "list", "--pin-file", "pin")
    assert [each["state"] for each in shown["containers"]] == ["complete"], shown


def test_window_closed_while_the_key_is_made_asks_and_offers_to_go_on(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("etoken", label="Anna Petrova")
    with bank(home), open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        token.set("delay.C_GenerateKeyPair", SLOW)
        order(window)
        window.wait_for("Making the key pair")
        window.keys("Escape")
        window.wait_for("it stops safely")
        window.press("Close all the same")
        window.wait_for(BEGUN)
        assert window.errors == ""


def test_session_that_ends_amid_it_leaves_what_the_next_start_offers(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("etoken", label="Anna Petrova")
    with bank(home):
        with open_window(home, lang="en") as window:
            window.wait_for("The token is in order")
            token.set("delay.C_Sign", SLOW)
            order(window)
            window.wait_for("Signing the request")
            window.signal(signal.SIGTERM)
            assert window.ended() == 0
            assert window.errors == ""
        token.set("delay.C_Sign", 0)
        steps = [each["step"] for each in journal(home)]
        with open_window(home, lang="en") as window:
            window.wait_for(BEGUN)
            goes_on(window, steps[0])
            assert window.errors == ""


def test_token_that_is_full_says_so_and_nothing_stays(home: Home, open_window: OpenWindow) -> None:
    token = home.token("etoken", label="Anna Petrova")
    with bank(home) as server, open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        token.fault("C_GenerateKeyPair@*=0x31")
        order(window)
        window.wait_for("attempt 1 of 3")
        assert "no room" in window.words() or "full" in window.words(), window.words()
        assert "Clean the token" in window.words()
        assert journal(home) == []
        assert server.operations().count("simpleenroll") == 0
        token.clear_faults()
        window.press("Try again")
        window.wait_for("Kind of storage")
        window.press("Next")
        window.wait_for("Choice of the device")
        window.type(USER_PIN)
        window.press("Next")
        window.wait_for("The certificate is written")
        assert window.errors == ""


def test_token_pulled_out_while_it_signs_goes_on_once_it_is_back(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("etoken", label="Anna Petrova")
    with bank(home), open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        token.set("delay.C_Sign", SLOW)
        order(window)
        window.wait_for("Signing the request")
        token.unplug()
        window.wait_for("attempt 1 of 3")
        assert "Insert it again" in window.words(), window.words()
        assert [each["step"] for each in journal(home)] == ["signing"]
        token.set("delay.C_Sign", 0)
        window.press("Try again")
        window.wait_for("Insert the token")
        token.plug()
        window.wait_for("User PIN")
        window.type(USER_PIN, into="User PIN")
        window.press("Next")
        window.wait_for("The certificate is written")
        assert window.errors == ""


@pytest.mark.skipif(shutil.which("pk12util") is None, reason="no tools of NSS here")
def test_who_goes_on_at_once_is_asked_for_the_stores_password_too(
    home: Home, open_window: OpenWindow
) -> None:
    """What tells that the store has one takes its time."""
    home.token("etoken", label="Anna Petrova")
    store, opens = home.folder / ".pki" / "nssdb", home.program.secret("store", "Maple-Drum-77")
    store.mkdir(parents=True)
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "-f", opens], check=True)
    with bank(home) as server:
        server.script("simpleenroll", Reply(202, headers={"Retry-After": "1"}))
        home.program.secret("own", OWN)
        words = ("--storage", "system", "--p12-password-file", "own", "--store-password-file")
        login = ("--login", LOGIN, "--otp-file", "otp", "--wait", "0")
        commanded(home, "enroll", "--ca", "bank", *login, *words, "store")
        slowly(home, "certutil", 2)
        with open_window(home, lang="en") as window:
            window.wait_for(BEGUN)
            window.press("Go on or undo it…")
            window.wait_for("Go on with it")
            window.keys("Return")
            window.press("Next")
            window.wait_for("Go on with the certificate")
            window.wait_for("Password of the system's certificate store")
            assert window.errors == ""


def slowly(home: Home, program: str, seconds: float) -> None:
    """A program that the window starts takes so long."""
    folder, real = home.folder / "bin", shutil.which(program)
    folder.mkdir()
    (folder / program).write_text(f'#!/bin/sh\nsleep {seconds}\nexec {real} "$@"\n')
    (folder / program).chmod(0o755)
    home.more["PATH"] = f"{folder}:{os.environ['PATH']}"


def test_bank_that_hangs_can_be_left_at_once(home: Home, open_window: OpenWindow) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home) as server, open_window(home, lang="en") as window:
        hung = Event()

        def instead(asked: Asked) -> Reply | None:
            if asked.operation == "simpleenroll":
                hung.wait(60)
            return None

        server.instead = instead
        window.wait_for("The token is in order")
        order(window)
        window.wait_for("Ordering the certificate")
        window.press("Stop")
        window.wait_for("The bank is still being asked")
        window.press("Close")
        window.wait_for(BEGUN)
        window.close()
        assert window.ended() == 0
        assert window.errors == ""
        hung.set()
    assert [each["step"] for each in journal(home)] == ["sending"]
