"""What a program tells others of the Request that it holds open: a line of JSON, nothing secret."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lockwright.models import ModuleInfo, Token, TokenIdentity, Waits

_LONGEST = 8192
"""Bytes that are read, at most."""


def begun(token: Token, seconds: float) -> Waits:
    """A Request of this process, made now.

    Args:
        token: the token.
        seconds: how long it is held at most.
    """
    now = datetime.now(UTC)
    program = Path(sys.argv[0]).name if sys.argv else ""
    if program == "__main__.py":
        program = Path(sys.argv[0]).parent.name
    return Waits(
        token.identity, program or "python", os.getpid(), now, now + timedelta(seconds=seconds)
    )


def written(waits: Waits) -> bytes:
    """As it stands in the file."""
    import json  # noqa: PLC0415  # for a Request only

    identity = waits.token
    told = {
        "program": waits.program,
        "pid": waits.pid,
        "since": waits.since.isoformat(),
        "until": waits.until.isoformat(),
        "module": os.fsencode(identity.module.path).hex(),
        "slot": identity.slot,
        "reader": identity.slot_description,
        "strings": identity.strings,
    }
    return json.dumps(told).encode() + b"\n"


def read(fd: int) -> Waits | None:
    """What stands in a file; None where it is not whole, or not what is written there.

    Raises:
        OSError: it cannot be read.
    """
    os.lseek(fd, 0, os.SEEK_SET)
    text = os.read(fd, _LONGEST)
    if not text.endswith(b"\n"):
        return None
    import json  # noqa: PLC0415  # the same

    try:
        told = json.loads(text)
        manufacturer, model, serial, label = map(str, told["strings"])
        path = Path(os.fsdecode(bytes.fromhex(told["module"])))
        return Waits(
            TokenIdentity(
                serial,
                label,
                model,
                manufacturer,
                ModuleInfo(path, "", "", (0, 0)),
                int(told["slot"]),
                str(told["reader"]),
            ),
            str(told["program"]),
            int(told["pid"]),
            datetime.fromisoformat(told["since"]),
            datetime.fromisoformat(told["until"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
