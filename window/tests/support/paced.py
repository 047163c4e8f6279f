"""A window with a clock in its event loop, and what that clock has shown."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from typing import Any

from opened_window import PATIENCE, Opened
from window_home import Home

OpenWindow = Callable[..., Opened]
LONGEST = 0.05
"""Seconds for which the window may do nothing else."""
_PAUSE = 0.02


class Paced:
    """The window, measured; nobody reads it aloud while its clock is waited for.

    Args:
        home: whose it is.
        open_window: the fixture.
        given: as ``Opened`` takes it.
    """

    def __init__(self, home: Home, open_window: OpenWindow, **given: Any) -> None:
        self._out = home.folder / "measured.json"
        home.more["WINDOW_MEASURED"] = str(self._out)
        self.window = open_window(home, module="measured_window", **given)

    def shown(self, seconds: float = PATIENCE) -> float:
        """Wait until the first token is shown; when it was, on the clock of ``time.monotonic``."""
        self._wait(self._out.exists, seconds, "no token is shown")
        return float(self._read()["shown"])

    @property
    def cpu(self) -> float:
        """Seconds of a processor that its process took until then."""
        return float(self._read()["cpu"])

    def forget(self) -> None:
        """Measure anew."""
        self._out.unlink()

    @property
    def filled(self) -> int:
        """How often a tree was filled so far."""
        return int(self._read()["filled"])

    def fills(self, before: int, seconds: float = PATIENCE) -> int:
        """Wait until a tree is filled once more.

        Args:
            before: how often one had been.
            seconds: until it is given up.
        """
        self._wait(lambda: self.filled > before, seconds, "no tree is filled")
        return self.filled

    def keys(self, *names: str) -> None:
        """Press keys, and give the window a moment for them."""
        self.window.keys(*names)
        time.sleep(0.5)

    def end(self, what: str) -> None:
        """End it, and see that it was never deaf for longer than it may be.

        Args:
            what: what was done; figures are told under that name.
        """
        self.window.signal(signal.SIGTERM)
        assert self.window.ended() == 0
        assert self.window.errors == ""
        gaps = self._read()["gaps"]
        for gap in gaps[:4]:
            parts = ("blocked", "gap", "cpu", "queued", "others")
            told = ", ".join(f"{each} {gap[each] * 1000:.0f}" for each in parts)
            tell(f"{what}, ms: {told}, {gap['asleep']}: {gap['where'][-4:]} {gap['beside']}")
        assert max((gap["blocked"] for gap in gaps), default=0.0) <= LONGEST, gaps[0]

    def _read(self) -> Any:
        return json.loads(self._out.read_text())

    def _wait(self, found: Callable[[], bool], seconds: float, why: str) -> None:
        until = time.monotonic() + seconds
        while not found():
            assert self.window.process.poll() is None, self.window.errors
            if time.monotonic() > until:
                raise TimeoutError(f"{why} in {seconds:g} s; it shows:\n{self.window.words()}")
            time.sleep(_PAUSE)


def tell(line: str) -> None:
    """Print a figure, for who looks at them by -s."""
    print(line)  # noqa: T201  # who runs it wants to read that
