"""The window with a clock in its event loop: ``python -m measured_window`` in place of it.

It writes, to the file that ``WINDOW_MEASURED`` names, when the first token was shown and the
longest times for which nothing else could be done, each with where the window's thread was.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockwright.host import ahead

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer

_TICK_MS = 5
_LONG = 0.02
"""Seconds from which on it is looked where the thread is."""
_KEPT = 12
VARIABLE = "WINDOW_MEASURED"


class Meter:
    """Ticks in the event loop, and notes the gaps between ticks."""

    def __init__(self, timer: QTimer) -> None:
        self.shown: float | None = None
        self.gaps: list[dict[str, Any]] = []
        self._timer = timer
        self._thread = threading.get_ident()
        self._last = 0.0
        self._cpu = 0.0
        self._waited: dict[str, float] = {}
        self._where: list[str] = []
        timer.timeout.connect(self._tick)
        timer.start(_TICK_MS)
        threading.Thread(target=self._look, daemon=True).start()

    def write(self, path: Path) -> None:
        """Write down what was measured."""
        self._timer.stop()
        self._write(path)

    def note_shown(self, path: Path) -> None:
        """The first token is shown now."""
        self.shown = time.monotonic()
        self._write(path)

    def _write(self, path: Path) -> None:
        longest = sorted(self.gaps, key=lambda gap: -float(gap["blocked"]))[:_KEPT]
        new = path.with_suffix(".new")
        new.write_text(json.dumps({"shown": self.shown, "gaps": longest}))
        new.rename(path)

    def _tick(self) -> None:
        now, waited = time.monotonic(), self._waiting()
        if self._last and now - self._last > _LONG:
            gap = now - self._last
            # What its threads waited for a processor is the machine's, not the program's.
            before = self._waited
            blocked = gap - sum(each - before.get(task, each) for task, each in waited.items())
            cpu = time.thread_time() - self._cpu
            self.gaps.append(
                {"at": now, "gap": gap, "blocked": blocked, "cpu": cpu, "where": self._where}
            )
            self._where = []
        self._last, self._waited, self._cpu = now, waited, time.thread_time()

    def _waiting(self) -> dict[str, float]:
        """Seconds that threads were ready to run and did not (proc(5), schedstat).

        All of them: the window's thread may wait for the interpreter, which another one holds.
        """
        waited = {}
        for task in os.listdir("/proc/self/task"):  # noqa: PTH208  # as quick as can be
            with suppress(OSError, IndexError):
                line = Path(f"/proc/self/task/{task}/schedstat").read_text()
                waited[task] = int(line.split()[1]) / 1e9
        return waited

    def _look(self) -> None:
        while True:
            time.sleep(_LONG / 2)
            if self._last and time.monotonic() - self._last > _LONG and not self._where:
                frame = sys._current_frames().get(self._thread)  # the only way
                stack = traceback.extract_stack(frame)[-6:]
                self._where = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in stack]


def main() -> int:
    """Run the window, measured; its child is begun before Qt is imported, as ever."""
    begin = ahead.start

    def begun(number: int, *, verbose: bool) -> None:
        begin(number, verbose=verbose)
        _measure()

    ahead.start = begun
    from lockwright_window import start  # noqa: PLC0415  # it takes ``ahead.start`` from there

    return start.main()


def _measure() -> None:
    from lockwright_window.program import Program  # noqa: PLC0415  # Qt comes after the child
    from PySide6.QtCore import Qt, QTimer  # noqa: PLC0415  # the same

    run = Program.run

    out = Path(os.environ[VARIABLE])

    def measured(self: Program, listening: socket.socket | None = None) -> int:
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        meter = Meter(timer)

        def on_changed() -> None:
            if meter.shown is None and self.known.tokens:
                self.window.repaint()
                meter.note_shown(out)

        self.known.changed.connect(on_changed)
        try:
            return run(self, listening)
        finally:
            meter.write(out)

    Program.run = measured  # type: ignore[method-assign]  # for this process alone


if __name__ == "__main__":
    sys.exit(main())
