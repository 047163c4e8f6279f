"""A signal waits while a record is written, and acts in between."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from lockwright.audit.shield import Shield

USED = (signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def came() -> Iterator[list[int]]:
    """The signals that somebody handled."""
    seen: list[int] = []
    before = {number: signal.getsignal(number) for number in USED}
    for number in USED:
        signal.signal(number, lambda number, _frame: seen.append(number))
    yield seen
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl-C, where the tests themselves may run with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_signal_waits_until_the_record_is_written(came: list[int]) -> None:
    with Shield():
        for number in USED:
            signal.raise_signal(number)
        assert came == []
    assert came == list(USED)
    signal.raise_signal(signal.SIGTERM)
    assert len(came) == 3


def test_a_signal_acts_while_the_work_is_done(came: list[int]) -> None:
    with Shield() as shield:
        signal.raise_signal(signal.SIGHUP)
        with shield.opened():
            assert came == [signal.SIGHUP]
            signal.raise_signal(signal.SIGTERM)
            assert came == [signal.SIGHUP, signal.SIGTERM]
        signal.raise_signal(signal.SIGTERM)
        assert len(came) == 2
    assert len(came) == 3


def test_ctrl_c_ends_the_work_and_its_record_is_still_written(heeded: None) -> None:
    recorded: list[str] = []

    def work() -> None:
        with Shield() as shield:
            try:
                with shield.opened():
                    signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                signal.raise_signal(signal.SIGINT)
                recorded.append("the outcome")
                raise

    with pytest.raises(KeyboardInterrupt):
        work()
    assert recorded == ["the outcome"]


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Shield() as shield, shield.opened():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
