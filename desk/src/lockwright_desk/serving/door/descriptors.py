"""Open files: each connection is one, and the database, the token and the records need theirs."""

from __future__ import annotations

import sys

from lockwright import log as logs

BACKLOG = 512
"""Connections that may be accepted in one go, before the first of them is looked at."""
_RESERVE = 256
"""For everything that is no connection."""

log = logs.get("lockwright.desk.door")


def connections_possible(wanted: int) -> int:
    """How many connections there can be, after the soft limit was raised as far as it goes.

    Args:
        wanted: how many there should be.
    """
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + BACKLOG + _RESERVE
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < needed:
            wanted = max(1, soft - BACKLOG - _RESERVE)
            log.warning("too few open files for so many connections", connections=wanted)
    return wanted
