"""Who did it: what every record says of the process that wrote it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache


def actor() -> Mapping[str, object]:
    """Account, computer and process."""
    import platform  # noqa: PLC0415  # a command that records nothing does without

    return {"user": account(), "host": platform.node(), "pid": os.getpid()}


@cache
def account() -> str:
    """The account of the system, not what an environment variable says of it."""
    if os.name != "posix":
        return os.getlogin()
    import pwd  # noqa: PLC0415  # POSIX only

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
