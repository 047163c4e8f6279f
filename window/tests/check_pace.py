"""How soon the first token is shown, beside ``lockwright tokens``; figures by -s."""

from __future__ import annotations

import resource
import signal
import statistics
import subprocess
import time

from lockwright_testkit.program import EXECUTABLE
from paced import OpenWindow, Paced, tell
from window_home import Home

PAIRS = 7
WANTED = 1.5
"""The issue's, of the time. What is reached, and why no more, stands in
``docs/explanation/pace-of-the-window.md``."""
CPU_RATIO = 2.1
"""What no change may make worse, of processor time: a busy machine takes it from neither."""


def first_token(home: Home, open_window: OpenWindow) -> tuple[float, float]:
    """Seconds from the start until it is shown, and those of a processor that it takes."""
    begun = time.monotonic()
    paced = Paced(home, open_window)
    shown = paced.shown() - begun
    paced.window.signal(signal.SIGTERM)
    paced.window.ended()
    cpu = paced.cpu
    paced.forget()
    return shown, cpu


def tokens(home: Home) -> tuple[float, float]:
    """The same of the command line, until it ends."""
    before, begun = _cpu(), time.monotonic()
    subprocess.run(
        [EXECUTABLE.path, "tokens", *home.arguments],
        env=home.environment,
        check=True,
        capture_output=True,
    )
    return time.monotonic() - begun, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_first_token_is_shown_soon(home: Home, open_window: OpenWindow) -> None:
    home.token()
    tokens(home), first_token(home, open_window)
    pairs = [(tokens(home), first_token(home, open_window)) for _ in range(PAIRS)]
    for one, other in pairs:
        tell(
            f"lockwright tokens {one[0]:.3f} s, window {other[0]:.3f} s: {other[0] / one[0]:.2f};"
            f" processor {one[1]:.3f} and {other[1]:.3f} s: {other[1] / one[1]:.2f}"
        )
    ratio, of_cpu = (
        statistics.median(other[each] / one[each] for one, other in pairs) for each in range(2)
    )
    tell(f"median {ratio:.2f}, {WANTED} is wanted; of the processor {of_cpu:.2f}")
    assert of_cpu <= CPU_RATIO
