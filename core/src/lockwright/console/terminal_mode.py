"""A terminal that does not show what is typed, for a while, and shows it again whatever happens."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import FrameType

if sys.platform != "win32":
    import termios


@contextmanager
def quiet(descriptor: int, ask: Callable[[], None], *, by_key: bool = False) -> Iterator[None]:
    """Ask, and read without echo; the keys that end and that suspend do so.

    A program that is suspended leaves the terminal as it was; when it goes on, it asks once more.

    Args:
        descriptor: the terminal.
        ask: shows the question.
        by_key: give each key at once; otherwise a line comes whole, edited by the terminal, and
            what was typed before the question is dropped.
    """
    before = termios.tcgetattr(descriptor)
    flags = termios.ECHO | (termios.ICANON if by_key else 0)
    changed = [*before[:3], before[3] & ~flags, *before[4:6], list(before[6])]
    if by_key:
        changed[6][termios.VMIN], changed[6][termios.VTIME] = 1, 0
    when = termios.TCSADRAIN if by_key else termios.TCSAFLUSH

    def hide() -> None:
        termios.tcsetattr(descriptor, when, changed)
        ask()

    def goes_on(_number: int, _frame: FrameType | None) -> None:
        if termios.tcgetattr(descriptor)[3] & termios.ECHO:
            hide()

    def suspended(number: int, frame: FrameType | None) -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)  # it stops here
        signal.signal(number, suspended)
        goes_on(number, frame)

    with _handled({signal.SIGTSTP: suspended, signal.SIGCONT: goes_on}):
        try:
            hide()
            yield
        finally:
            termios.tcsetattr(descriptor, when, before)


@contextmanager
def _handled(handlers: Mapping[int, Callable[[int, FrameType | None], None]]) -> Iterator[None]:
    """Handle signals in the block, in the main thread; what is ignored stays ignored."""
    with ExitStack() as undone:
        if threading.current_thread() is threading.main_thread():
            for number, handler in handlers.items():
                before = signal.getsignal(number)
                if before not in {signal.SIG_IGN, None}:
                    undone.callback(signal.signal, number, before)
                    signal.signal(number, handler)
        yield
