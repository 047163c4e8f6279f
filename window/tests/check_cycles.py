"""What refers to itself ends in the window's thread, whichever thread makes the next thing."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from lockwright_window.qt import immortal
from lockwright_window.qt.cycles import Cycles
from PySide6.QtCore import QCoreApplication, QObject

immortal.keep_true()
_LONGEST = 30.0
_MANY = 50


class Knot:
    """Refers to itself, and tells in which thread it ends."""

    def __init__(self, ended: list[threading.Thread]) -> None:
        self.me, self.ended = self, ended

    def __del__(self) -> None:
        """It ends."""
        self.ended.append(threading.current_thread())


@pytest.fixture
def collecting() -> Iterator[None]:
    """Python collects by itself again once the check is over."""
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("collecting")
def test_cycles_end_in_the_window_thread_while_another_makes_things() -> None:
    application = QCoreApplication.instance() or QCoreApplication([])
    parent = QObject()
    Cycles(parent).begin()
    ended: list[threading.Thread] = []
    over = threading.Event()

    def make() -> None:
        while not over.is_set():
            kept = [[number] for number in range(5000)]
            time.sleep(0.001)
            del kept

    maker = threading.Thread(target=make)
    maker.start()
    for _ in range(_MANY):
        Knot(ended)
    until = time.monotonic() + _LONGEST
    while len(ended) < _MANY and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.001)
    over.set()
    maker.join()
    assert len(ended) == _MANY
    assert set(ended) == {threading.current_thread()}
