"""One child process: start it, talk to it within a deadline, end it for certain."""

from __future__ import annotations

import io
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from typing import cast

from lockwright.errors import AdapterBroken, LockwrightError, ModuleCrashed, ModuleHung
from lockwright.host import wire
from lockwright.host.messages import Answer, Failed, Start, unpack
from lockwright.i18n import N_

_TICK = 0.2
"""Seconds between two looks for Ctrl-C, which cannot end a longer wait on Windows."""
_PARTING = 2.0
"""Seconds a child gets to unload its module, and the kernel to end it."""


class Ended(Exception):  # noqa: N818  # it says what happened
    """The child's end of the wire is closed."""


class ChildProcess:
    """A child and both ends of the talk with it; whoever drops it ends it.

    Args:
        start: what the child is for.
        verbose: whether what the module writes to stderr is shown.
    """

    def __init__(self, start: Start, *, verbose: bool) -> None:
        self._start = start
        self._process, lifeline = _spawn(verbose=verbose)
        self._replies: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._end = weakref.finalize(self, _end, self._process, lifeline)
        threading.Thread(
            target=_listen, args=(self._process.stdout, self._replies), daemon=True
        ).start()
        self.send(start)
