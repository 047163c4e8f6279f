"""Threads of the window: who begins them waits for none, and the end waits for all."""

from __future__ import annotations

import threading
import time

import pytest
from lockwright_window.threads import Threads

_LONG = 30.0


def test_who_has_something_called_begins_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """``Thread.start`` waits until the new one has the interpreter."""
    threads, begins = Threads(), []
    start = threading.Thread.start

    def noted(self: threading.Thread) -> None:
        begins.append(threading.current_thread())
        start(self)

    monkeypatch.setattr(threading.Thread, "start", noted)
    done = threading.Event()
    threads.begin(done.set)

    assert done.wait(_LONG)
    assert begins
    assert threading.current_thread() not in begins
    assert threads.ended(time.monotonic() + _LONG)


def test_end_waits_for_what_is_begun_meanwhile_and_begins_nothing_then() -> None:
    threads, told = Threads(), []

    def first() -> None:
        time.sleep(0.05)
        threads.begin(lambda: told.append("second"))
        told.append("first")

    before = threading.active_count()
    threads.begin(first)
    assert threads.ended(time.monotonic() + _LONG)
    assert sorted(told) == ["first", "second"]
    threads.begin(lambda: told.append("late"))
    until = time.monotonic() + _LONG
    while threading.active_count() >= before and time.monotonic() < until:
        time.sleep(0.01)
    assert "late" not in told


def test_end_says_that_something_goes_on() -> None:
    threads, ends = Threads(), threading.Event()
    threads.begin(lambda: ends.wait(_LONG))

    assert not threads.ended(time.monotonic() + 0.1)
    ends.set()
    assert threads.ended(time.monotonic() + _LONG)


def test_one_that_fails_leaves_the_others_alone(capfd: pytest.CaptureFixture[str]) -> None:
    threads = Threads()
    told: list[object] = []
    hook, threading.excepthook = threading.excepthook, lambda args: told.append(args.exc_type)
    try:
        threads.begin(lambda: 1 / 0)
        threads.begin(lambda: told.append("well"))
        assert threads.ended(time.monotonic() + _LONG)
    finally:
        threading.excepthook = hook
    assert set(told) == {ZeroDivisionError, "well"}
    assert capfd.readouterr() == ("", "")
