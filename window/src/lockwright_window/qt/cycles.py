"""What refers to itself is cleared up in the window's thread, and in no other.

Python does that in whichever thread has just made something. What it finds may be a widget, and
PySide6 (6.12) asks those for their kind without the interpreter's lock
(``SignalManager::retrieveMetaObject``). One that ends meanwhile ends the program by a signal.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY = 1000
"""Milliseconds between two looks."""
_WHOLE = 30
"""Looks from one at everything to the next."""


class Cycles(QObject):
    """Clears up now and then; from here on Python does not by itself.

    Args:
        parent: what it lives as long as.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    @Slot()
    def begin(self) -> None:
        """What is there by now stays, and is never looked at again."""
        gc.freeze()
        self._timer.start(_EVERY)

    @Slot()
    def _look(self) -> None:
        self._looks += 1
        if self._looks % _WHOLE == 0:
            gc.collect()
        elif gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(1)
