"""Signals can be emitted for as long as the window is open."""

from __future__ import annotations

import subprocess
import sys

_MANY = 200_000
_EMITS = f"""
from lockwright_window.qt.immortal import keep_true
keep_true()
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rings = Signal()
bell = Bell()
for _ in range({_MANY}):
    bell.rings.emit()
print("still here")
"""


def test_python_lives_on_after_many_signals() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _EMITS], check=False, capture_output=True, text=True
    )
    assert ended.stdout == "still here\n", ended.stderr
