"""A signal that ends the program is never lost."""

from __future__ import annotations

import signal
import time
import weakref

import pytest
from lockwright.console.interrupts import Interrupts


class Thing:
    """Has a finalizer."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_meets_a_finalizer_ends_the_program_all_the_same(number: int) -> None:
    things = [Thing()]
    weakref.finalize(things[0], signal.raise_signal, number)
    with pytest.raises(KeyboardInterrupt), Interrupts():
        forgets(things)


def forgets(things: list[Thing]) -> None:
    """Have the finalizers run, and wait for what comes of that."""
    things.clear()
    time.sleep(10)
