"""Work in a process of its own that ends with it, so that what it knew is gone."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from lockwright.errors import LockwrightError
from lockwright.host.harden import forbid_dumps
from lockwright.i18n import N_

from lockwright_desk.helpdesk.custody import wire
from lockwright_desk.helpdesk.custody.errors import IntakeEnded

Tell = Callable[[dict[str, Any]], None]
_DONE: dict[str, Any] = {"done": True}


def apart(work: Callable[[Tell], None]) -> Iterator[dict[str, Any]]:
    """What a copy of this process tells while it works; none of its memory stays.

    It leaves no core file, and ends if nobody listens any more.

    Args:
        work: what it does; it tells documents that JSON can write, and never a secret.

    Raises:
        IntakeEnded: it ended in the middle.
        LockwrightError: what the work raised.
    """
    if not hasattr(os, "fork"):
        raise IntakeEnded(reason=N_("this system makes no copy of a process"))
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    last: dict[str, Any] = {}
    try:
        with os.fdopen(reading, encoding="utf-8") as lines:
            for line in lines:
                last = json.loads(line)
                if "error" in last:
                    break
                if last != _DONE:
                    yield last
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)  # it has nothing to put in order
        os.waitpid(child, 0)
    if "error" in last:
        raise _raised(last)
    if last != _DONE:
        raise IntakeEnded(reason=N_("it was ended, or its HSM's module ended it"))


def _work(work: Callable[[Tell], None], to: int) -> None:
    """In the copy; it never returns."""
    try:
        forbid_dumps()
        faulthandler.disable()  # a module that crashes it is told by its end
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        with os.fdopen(to, "w", encoding="utf-8") as out:

            def tell(document: dict[str, Any]) -> None:
                out.write(json.dumps(document) + "\n")

            try:
                work(tell)
            except LockwrightError as error:
                tell({"error": wire.refusal(error)[1:].decode()})
            else:
                tell(_DONE)
    finally:
        os._exit(0)


def _raised(told: dict[str, Any]) -> Exception:
    try:
        return wire.raised(told["error"].encode())
    except wire.NotUnderstood:
        return IntakeEnded(reason=N_("what it tells has no meaning"))
