"""A program that unblocks while its computer is put to sleep: ``python -m asleep MODULE SECONDS``.

It has a token make a Request, sleeps without any time having gone by, and gives a Response then. It
prints, as JSON, the seconds that were left before and after, and the code of what it was told.

The sleep is a time namespace whose CLOCK_BOOTTIME is ahead of the computer's (time_namespaces(7)):
``time.monotonic`` is as it was, as after a suspend. Only a process of one thread can enter one.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path

from kinds import JACARTA_PKI
from lockwright import Config, LockwrightError, Runner, Secret
from lockwright.models.deadlines import Deadlines

CANNOT = 77
"""Exit code where the system lets nobody do that."""
_NEW_USER, _NEW_TIME = 0x10000000, 0x00000080  # sched.h


def sleep(seconds: int) -> None:
    """Let so much time have gone by.

    Raises:
        OSError: the system does not let us.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for kind in (_NEW_TIME,) if os.geteuid() == 0 else (_NEW_USER, _NEW_TIME):
        _done(libc.unshare(kind))
    Path("/proc/self/timens_offsets").write_text(f"boottime {seconds} 0\n")
    inside = os.open("/proc/self/ns/time_for_children", os.O_RDONLY)
    _done(libc.setns(inside, _NEW_TIME))
    os.close(inside)


def _done(code: int) -> None:
    if code != 0:
        raise OSError(ctypes.get_errno(), "no namespace")


def main(module: Path, seconds: int) -> int:
    """Unblock, with a sleep in between."""
    config = Config(audit=None, deadlines=Deadlines(response=900))
    with Runner(config, modules=[module], isolate=False) as runner:
        pending = runner.begin_unblock(runner.find(), Secret(JACARTA_PKI.pin))
        before = pending.seconds_left
        try:
            sleep(seconds)
        except OSError:
            return CANNOT
        after, code = pending.seconds_left, ""
        try:
            pending.complete(Secret("00"))
        except LockwrightError as error:
            code = error.code
    sys.stdout.write(json.dumps({"before": before, "after": after, "code": code}))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
