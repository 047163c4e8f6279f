"""What every part of the window works with, and its life from the first line to the last."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator

from PySide6.QtCore import (
    QMessageLogContext,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from lockwright_window.fields import pasting
from lockwright_window.life import alone
from lockwright_window.life.early import Early
from lockwright_window.main.notices import Notices
from lockwright_window.main.window import MainWindow
from lockwright_window.pieces.icon import icon
from lockwright_window.pieces.palette import Palette
from lockwright_window.qt import unshown
from lockwright_window.qt.cycles import Cycles
from lockwright_window.speaking import Languages
from lockwright_window.stories.acts import Mode
from lockwright_window.stories.ready import import_ground, import_stories
from lockwright_window.tokens.known import Known
from lockwright_window.work import Work

NAME = "lockwright-window"
_SETTLED = 2000
"""Milliseconds until what comes first is there; it may take longer."""
_SHOWN = 50
"""Milliseconds until the first tokens are painted; then what a person may press is made ready."""
_APART = 20
"""Milliseconds from one bit of that to the next."""


class Program:
    """The program; there is one in a process.

    Args:
        early: what was begun before.
        colours: ``system``, or the name of colours (``pieces.colours``).
    """

    def __init__(self, early: Early, colours: str) -> None:
        self.work = Work(early.runner)
        self.application = _application()
        self.application.setApplicationName(NAME)
        self.application.setDesktopFileName(NAME)
        self.application.setWindowIcon(icon())
        self.palette = Palette(self.application, colours)
        self.languages = Languages(self.application)
        self.known = Known(self.work, early.look)
        self.notices = Notices(self.work, self.known)
        self.work.do(lambda runner: runner.config.paste_pins, pasting.allow, lambda _error: None)
        self.cycles = Cycles(self.application)
        self.mode = Mode.USER
        """Whose things are shown; the main window's tools say so."""
        self.window = MainWindow(self)
        self._shown = QTimer(self.window)
        self._shown.setSingleShot(True)
        self._shown.timeout.connect(self._on_shown)
        self.known.changed.connect(self._on_known)

    def run(self, listening: socket.socket | None = None) -> int:
        """Show the window until it is closed; the exit code.

        Args:
            listening: where other starts are heard (``alone.listens``); it is closed.
        """
        self.window.show()
        hearing = None if listening is None else self._hear(listening)
        self._shown.start(_SETTLED)
        QTimer.singleShot(_SETTLED, self.cycles.begin)
        _let_signals_end(self.window)
        code = self.application.exec()
        if listening is not None and hearing is not None:
            hearing.setEnabled(False)  # Qt's signature
            listening.close()  # whoever starts it from now on gets another window
        self.known.end()
        if not self.work.end():
            # Some CA or plugin does not answer, and Python would wait for it, or crash beneath it.
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            os._exit(code)
        return code

    def _hear(self, listening: socket.socket) -> QSocketNotifier:
        def come() -> None:
            if alone.heard(listening):
                self.window.come_to_front()

        made = QSocketNotifier(listening.fileno(), QSocketNotifier.Type.Read, self.application)
        made.activated.connect(come)
        return made

    def _on_known(self) -> None:
        if self._shown.isActive():
            self._shown.start(_SHOWN)

    def _on_shown(self) -> None:
        self.known.changed.disconnect(self._on_known)
        self.work.do(lambda _runner: import_ground(), self._on_ground, self._on_ground)

    def _on_ground(self, _none: object) -> None:
        """What has no class of Qt's is there; the rest is imported while nothing else is done."""
        left = _import_rest()
        waiting = QTimer(self.application)

        def import_next() -> None:
            if next(left, self) is self:
                waiting.stop()

        waiting.timeout.connect(import_next)
        waiting.start(_APART)


def _import_rest() -> Iterator[None]:
    """Import what the first token needs not, a bit at each step."""
    from lockwright_window.main import detailed  # noqa: F401, PLC0415  # see above

    yield
    yield from import_stories()


def _application() -> QApplication:
    """Qt's own; where there is no screen it says so in its own words, and ends the process."""

    def hear(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            unshown.end_without_screen()
        if not str(context.category).startswith("qt.qpa."):  # it leads up to that
            sys.stderr.write(f"{message}\n")

    before = qInstallMessageHandler(hear)
    try:
        return QApplication([NAME])
    finally:
        qInstallMessageHandler(before)


def _let_signals_end(window: MainWindow) -> None:
    """Close the window at SIGTERM and the like; Python hears them only while it runs."""

    def close(*_signal: object) -> None:
        window.close_now()
        QApplication.quit()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, close)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, close)
    ticking = QTimer(window)
    ticking.timeout.connect(lambda: None)
    ticking.start(200)
