"""What every part of the window works with, and its life from the first line to the last."""

from __future__ import annotations

import os
import signal
import sys

from lockwright import config
from lockwright.log import configure
from lockwright.runner import Runner
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from lockwright_window.fields import pasting
from lockwright_window.known import Known
from lockwright_window.main.window import MainWindow
from lockwright_window.notices import Notices
from lockwright_window.options import Options
from lockwright_window.speaking import Languages
from lockwright_window.stories.acts import Mode
from lockwright_window.work import Work

NAME = "lockwright-window"


class Program:
    """The program; there is one in a process.

    Args:
        options: the command line.
    """

    def __init__(self, options: Options) -> None:
        configure(verbose=options.verbose)
        self._options = options
        self.work = Work(self._runner)
        self.application = QApplication([NAME])
        self.application.setApplicationName(NAME)
        self.application.setDesktopFileName(NAME)
        self.languages = Languages(self.application)
        self.known = Known(self.work)
        self.notices = Notices(self.work, self.known)
        self.work.do(lambda runner: runner.config.paste_pins, pasting.allow, lambda _error: None)
        self.mode = Mode.USER
        """Whose things are shown; the main window's tools say so."""
        self.window = MainWindow(self)

    def run(self) -> int:
        """Show the window until it is closed; the exit code."""
        self.window.show()
        _let_signals_end(self.window)
        code = self.application.exec()
        self.known.end()
        if not self.work.end():
            # Some CA or plugin does not answer, and Python would wait for it, or crash beneath it.
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            os._exit(code)
        return code

    def _runner(self) -> Runner:
        return Runner(
            config.load(self._options.config),
            modules=self._options.modules,
            verbose=self._options.verbose,
        )


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
