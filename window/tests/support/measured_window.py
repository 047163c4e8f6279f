"""The window with a clock in its event loop: ``python -m measured_window`` in place of it.

It writes, to the file that ``WINDOW_MEASURED`` names, when the first token was shown and what
processor time this process had taken by then, how often a tree was filled with rows, and the
longest times for which nothing else could be done, each with where the window's thread was. Of each
such gap it is told apart

- for how long the thread was at work (``cpu``),
- for how long it could have worked, and the machine was busy with others (``queued``, Linux),
- for how long its other threads, and the processes of the screen, waited for the machine
  (``others``): one may have held what it waited for, such as the interpreter's lock, or the whole
  screen, as a window manager does. No more than the rest is that.

``asleep`` is what the kernel says that the thread waited for (proc(5), wchan), ``beside`` is where
the others were.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockwright_window.life import start
from lockwright_window.life.early import Early

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer

_TICK_MS = 5
_LONG = 0.02
"""Seconds from which on it is looked where the thread is."""
_KEPT = 12
_SAMPLES = 200
VARIABLE = "WINDOW_MEASURED"


class Meter:
    """Ticks in the event loop, and notes the gaps between ticks."""

    def __init__(self, timer: QTimer, path: Path) -> None:
        self.shown: float | None = None
        self.cpu = 0.0
        self.filled = 0
        self.gaps: list[dict[str, Any]] = []
        self._path = path
        self._timer = timer
        self._thread, self._task = threading.get_ident(), threading.get_native_id()
        self._last = 0.0
        self._cpu = self._queued = 0.0
        self._others: deque[tuple[float, dict[int, float]]] = deque(maxlen=_SAMPLES)
        self._where: list[str] = []
        self._beside: list[str] = []
        self._ended: dict[int, float] = {}
        self._asleep = ""
        self._neighbours = _neighbours()
        self._own = os.open(f"/proc/self/task/{self._task}/schedstat", os.O_RDONLY)
        self._note_ends()
        self._others.append((time.monotonic(), self._waiting()))  # the first gap may come soon
        timer.timeout.connect(self._tick)
        timer.start(_TICK_MS)
        threading.Thread(target=self._look, daemon=True).start()

    def end(self) -> None:
        """Measure no more, and write down what was measured."""
        self._timer.stop()
        self.write()

    def write(self) -> None:
        """Write down what was measured so far."""
        import json  # noqa: PLC0415  # not before the first token is shown

        longest = sorted(self.gaps, key=lambda gap: -float(gap["blocked"]))[:_KEPT]
        new = self._path.with_suffix(".new")
        told = {"shown": self.shown, "cpu": self.cpu, "filled": self.filled, "gaps": longest}
        new.write_text(json.dumps(told))
        new.rename(self._path)

    def _tick(self) -> None:
        now, cpu = time.monotonic(), time.thread_time()
        queued = int(os.pread(self._own, 100, 0).split()[1]) / 1e9
        if self._last and now - self._last > _LONG:
            self.gaps.append(self._gap(now, cpu - self._cpu, queued - self._queued))
            self._where = []
            now, cpu = time.monotonic(), time.thread_time()
        self._last, self._queued, self._cpu = now, queued, cpu

    def _gap(self, now: float, cpu: float, queued: float) -> dict[str, Any]:
        whole = now - self._last
        after = self._waiting()
        since = [each for at, each in tuple(self._others) if at < self._last][-1:] or [after]
        others = sum(max(0.0, each - since[0].get(task, each)) for task, each in after.items())
        queued = min(whole, queued)
        others = min(others, max(0.0, whole - queued - cpu))
        return {
            "at": now,
            "gap": whole,
            "blocked": whole - queued - others,
            "cpu": cpu,
            "queued": queued,
            "others": others,
            "asleep": self._asleep,
            "where": self._where,
            "beside": self._beside,
        }

    def _waiting(self) -> dict[int, float]:
        """Seconds that each other was ready to run and did not (proc(5), schedstat).

        It is read in the other thread, and in this one after a gap: each file may cost the
        interpreter's lock.
        """
        waited, folders = dict(self._ended), {}
        with suppress(OSError):
            own = os.listdir("/proc/self/task")  # noqa: PTH208  # as quick as can be
            folders = {int(task): f"/proc/self/task/{task}" for task in own}
            folders.pop(self._task, None)
        folders |= {each: f"/proc/{each}" for each in self._neighbours}
        for task, folder in folders.items():
            with suppress(OSError, IndexError):
                waited[task] = _queued(f"{folder}/schedstat")
        return waited

    def _note_ends(self) -> None:
        """What a thread has waited that held something, and has ended since, counts as well."""
        run, ended = threading.Thread.run, self._ended

        def noted(self: threading.Thread) -> None:
            try:
                run(self)
            finally:
                task = threading.get_native_id()
                ended[task] = _queued(f"/proc/self/task/{task}/schedstat")

        threading.Thread.run = noted  # type: ignore[method-assign]  # for this process alone

    def _look(self) -> None:
        while True:
            time.sleep(_LONG / 2)
            self._others.append((time.monotonic(), self._waiting()))
            if self._last and time.monotonic() - self._last > _LONG and not self._where:
                with suppress(OSError):
                    self._asleep = Path(f"/proc/self/task/{self._task}/wchan").read_text()
                self._where = self._place()

    def _place(self) -> list[str]:
        """Where the thread is, the innermost last.

        A frame must not be held here: a painter in it would end later, and in this thread.
        """
        import faulthandler  # noqa: PLC0415  # not before the first token is shown
        import tempfile  # noqa: PLC0415  # the same

        with tempfile.TemporaryFile("w+") as file:
            faulthandler.dump_traceback(file, all_threads=True)
            file.seek(0)
            told = file.read()
        found: dict[int, list[str]] = {}
        for each in told.split("\n\n"):
            first, *lines = each.splitlines()
            number = int(first.partition("0x")[2].split()[0], 16)
            found[number] = [_shortened(line) for line in reversed(lines)]
        self._beside = [lines[-1] for number, lines in found.items() if number != self._thread]
        return found.get(self._thread, [])[-6:]


def _shortened(line: str) -> str:
    return line.rpartition("/")[2].replace('", line ', ":")


def _queued(file: str) -> float:
    """Seconds that a thread was ready to run and did not (proc(5), schedstat)."""
    return int(Path(file).read_text().split()[1]) / 1e9


def _neighbours() -> list[int]:
    """The processes of the screen: its server, window manager and buses, begun by who began us."""
    found, waiting = [], [os.getppid()]
    while waiting:
        found.append(waiting.pop())
        with suppress(OSError):
            for task in Path(f"/proc/{found[-1]}/task").iterdir():
                below = map(int, (task / "children").read_text().split())
                waiting += [each for each in below if each != os.getpid()]
    return found[1:]


def main() -> int:
    """Run the window, measured; what it does before Qt is imported comes before, as ever."""
    go_on = Early.go_on

    def goes_on(self: Early) -> None:
        go_on(self)
        _measure()

    Early.go_on = goes_on  # type: ignore[method-assign]  # for this process alone
    return start.main()


def _measure() -> None:
    from lockwright_window.life.program import Program  # noqa: PLC0415  # Qt comes after the child
    from PySide6.QtCore import Qt, QTimer  # noqa: PLC0415  # the same

    run = Program.run

    def measured(self: Program, listening: socket.socket | None = None) -> int:
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        meter = Meter(timer, Path(os.environ[VARIABLE]))

        def on_changed() -> None:
            if meter.shown is None and self.known.tokens:
                self.window.repaint()
                meter.shown, meter.cpu = time.monotonic(), time.process_time()
                meter.write()
                _note_rows(meter)

        self.known.changed.connect(on_changed)
        try:
            return run(self, listening)
        finally:
            meter.end()

    Program.run = measured  # type: ignore[method-assign]  # for this process alone


def _note_rows(meter: Meter) -> None:
    """Who waits for rows need not have a screen reader count them, which keeps the window busy."""
    from lockwright_window.pieces.content_model import ContentModel  # noqa: PLC0415  # few need it
    from PySide6.QtCore import QTimer  # noqa: PLC0415  # as above

    show = ContentModel.show

    def noted(self: ContentModel, nodes: Any) -> bool:
        others = show(self, nodes)
        meter.filled += bool(nodes)
        QTimer.singleShot(0, meter.write)
        return others

    ContentModel.show = noted  # type: ignore[method-assign]  # for this process alone


if __name__ == "__main__":
    sys.exit(main())
