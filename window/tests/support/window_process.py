"""The program's process, with all that it began."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

_MARK = "LOCKWRIGHT_WINDOW_BENCH"
_SLOW_BUS = ("QSpiApplication::keyEventError", "QSpiApplication::notifyKeyboardListenerCallback")
_PAUSE = 0.04


class WindowProcess:
    """A process, from ``with`` to its end.

    Args:
        command: what is run.
        environment: its environment.
        folder: where it runs.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self._mark = uuid.uuid4().hex
        self._errors = Path(tempfile.mkstemp(prefix="window-", suffix=".err")[1])
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                command,
                env={**environment, _MARK: self._mark},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    @property
    def errors(self) -> str:
        """What it wrote so far, save what Qt says of an accessibility bus that is slow."""
        lines = self._errors.read_text(errors="replace").splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(_SLOW_BUS))

    @property
    def threads(self) -> int:
        """How many threads it has that are none of Qt's, which names those that it keeps."""
        tasks = Path(f"/proc/{self.pid}/task")
        own = (tasks / str(self.pid) / "comm").read_text()
        names = []
        for each in tasks.iterdir():
            with suppress(OSError):  # it ends just now
                names.append((each / "comm").read_text())
        return names.count(own)

    @property
    def family(self) -> list[int]:
        """Processes that it began, and theirs, while it lives or after (proc(5))."""
        return [each for each in _marked(self._mark) if each != self.pid]

    def left(self, seconds: float = 5) -> list[int]:
        """Processes that it left behind: those of the family that do not end in seconds."""
        until = time.monotonic() + seconds
        while (found := self.family) and time.monotonic() < until:
            time.sleep(_PAUSE)
        return found

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it, whatever it does, with all that it began."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for each in self.family:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self._errors.unlink(missing_ok=True)


def _marked(mark: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                if mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
    return found
