"""``lockwright`` as its own process: what costs nothing of the user's time, before and after.

The program itself is ``lockwright.cli.app``.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress

_INTERRUPTED = 128 + 2
"""The exit code after Ctrl-C."""


def main() -> int:
    """Run the program as this process.

    Returns:
        The exit code.
    """
    gc.disable()  # most of what is made now stays to the end
    ending = _Ending()
    atexit.register(ending)  # called last, since it is registered first
    try:
        from lockwright.cli import app  # noqa: PLC0415  # nothing is collected by now

        ending.code = app.main()
    except KeyboardInterrupt:  # before the program is there that would tell of it
        ending.code = _INTERRUPTED
    return ending.code


class _Ending:
    """Ends the process once all is said and done; taking modules apart would take a tenth more."""

    code: int | None = None

    def __call__(self) -> None:
        if self.code is not None:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):  # nobody is left to hear of it
                    stream.flush()
            os._exit(self.code)
