"""A signal that ends the program is never lost."""

from __future__ import annotations

import signal
import time
import weakref
from collections.abc import Iterator

import pytest
from lockwright.console.interrupts import Interrupts


class Thing:
    """Has a finalizer."""


@pytest.fixture(params=[signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def number(request: pytest.FixtureRequest) -> Iterator[int]:
    """A signal that is heeded, also where a script began the tests in the background."""
    before = signal.signal(request.param, signal.SIG_DFL)
    yield request.param
    signal.signal(request.param, before)


def test_a_signal_that_meets_a_finalizer_ends_the_program_all_the_same(number: int) -> None:
    things = [Thing()]
    weakref.finalize(things[0], signal.raise_signal, number)
    with pytest.raises(KeyboardInterrupt), Interrupts():
        forgets(things)


def forgets(things: list[Thing]) -> None:
    """Have the finalizers run, and wait for what comes of that."""
    things.clear()
    time.sleep(10)
