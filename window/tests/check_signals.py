"""Signals can be sent as often as a day at the window takes."""

from __future__ import annotations

import lockwright_window  # what is looked at: it keeps True alive
from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    """Sends."""

    sent = Signal(object)


def test_the_program_survives_more_signals_than_true_had_references() -> None:
    assert lockwright_window.__doc__
    sender = Sender()
    heard: list[object] = []
    sender.sent.connect(heard.append)
    for _ in range(100_000):
        sender.sent.emit(None)
    assert len(heard) == 100_000
