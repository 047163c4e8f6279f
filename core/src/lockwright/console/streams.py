"""Standard streams that are closed, full, or read by nobody."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

_STREAMS = ("stdin", "stdout", "stderr")


def have_streams() -> None:
    """Have the three streams open: the number of a closed one would go to a file of ours.

    What is then written to a stream that is closed goes nowhere.
    """
    while (fd := os.open(os.devnull, os.O_RDWR)) < len(_STREAMS):
        pass
    os.close(fd)
    for number, name in enumerate(_STREAMS):
        if number and getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def show_everything() -> None:
    """Show what a stream's encoding has not as an escape: a name never ends the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            with suppress(OSError):  # it flushes, and this one takes nothing
                stream.reconfigure(errors="backslashreplace")


def take(text: str) -> bool:
    """Whether both streams can show a text as it is.

    Args:
        text: the text.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def let_go() -> None:
    """Give up what a stream does not take, so that Python does not try it again at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
