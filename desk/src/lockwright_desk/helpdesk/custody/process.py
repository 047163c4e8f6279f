"""The keeper as a process: what it does to itself, then the HSM, then the socket."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing

from lockwright.host.harden import forbid_dumps

from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.custody import peers
from lockwright_desk.helpdesk.custody.keeping import Keeping
from lockwright_desk.helpdesk.custody.serving import KeeperServer

_HUNG = 70
"""The exit code, an internal software error (sysexits.h): a service is started anew."""


def keep(settings: KeeperSettings, tell: Callable[[int], None]) -> None:
    """Answer until a signal ends it.

    Args:
        settings: the configuration.
        tell: is called once it answers, with how many keys of the help desk the HSM has.

    Raises:
        Wrong: an account of the configuration is unknown.
        HsmError, PinError, ModuleError: the HSM, or a key in it, is not to be used.
        AddressUnusable: another keeper listens there, or nothing can.
        DeskFileNotWritten: nothing can be counted.
    """
    forbid_dumps()
    allowed = peers.allowed(settings.users, settings.groups)
    with (
        closing(Keeping(settings)) as keeping,
        KeeperServer(settings.place, allowed, keeping, _end) as server,
    ):
        tell(len(keeping.keys))
        server.serve()


def _end() -> None:
    """At once: what waits for a module that hangs cannot be ended otherwise."""
    os._exit(_HUNG)
