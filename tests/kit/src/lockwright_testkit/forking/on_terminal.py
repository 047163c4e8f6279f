"""A forked program on a terminal of its own, for pexpect, as ``pexpect.spawn`` starts one."""

from __future__ import annotations

import os
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pexpect.fdpexpect import fdspawn

from lockwright_testkit.forking.executable import Executable

_UNTIL_READ = 0.05
"""Seconds before something is typed, in which the program turns the echo off; as in ``spawn``."""
_PARTING = 5
"""Seconds in which a program ends once its terminal is gone, or it was killed."""
_LOCAL_FLAGS = 3


if TYPE_CHECKING:
    _OfText = fdspawn[str]
else:
    _OfText = fdspawn


class OnTerminal(_OfText):
    """The program; its user reads and types at the other end.

    Args:
        executable: the program.
        arguments: its command line.
        environment: its environment.
        folder: where it runs.
        size: lines and columns.
        patience: seconds to wait for what is expected.
    """

    def __init__(
        self,
        executable: Executable,
        arguments: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        folder: Path,
        size: tuple[int, int],
        patience: float,
    ) -> None:
        ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, size)
        try:
            self._running = executable.start(
                arguments,
                environment=environment,
                folder=folder,
                descriptors=dict.fromkeys(range(3), theirs),
                terminal=True,
            )
        finally:
            os.close(theirs)
        super().__init__(ours, encoding="utf-8", timeout=patience)
        self.exitstatus: int | None = None
        """Its exit code; None as long as it runs, and if a signal ended it."""

    def send(self, s: str | bytes) -> int:
        """Type something."""
        time.sleep(_UNTIL_READ)
        return super().send(s)

    def getecho(self) -> bool:
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self.child_fd)[_LOCAL_FLAGS] & termios.ECHO)

    def kill(self, number: int) -> None:
        """Send it a signal."""
        self._running.send_signal(number)

    def wait(self) -> None:
        """Wait for its end."""
        code = self._running.wait(_PARTING)
        self.exitstatus = None if code < 0 else code

    def close(self, *, force: bool = False) -> None:
        """Close the window; the program hears of it, and is killed in the end."""
        super().close()
        try:
            self._running.wait(_PARTING)
        except TimeoutError:
            if force:
                self._running.kill()
                self._running.wait(_PARTING)
