"""Starts the process that uses a password, and has the HSM give it to that process alone."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from lockwright.host.protocol import AdapterRef
from lockwright.i18n import N_
from lockwright.models.settings import Settings
from lockwright.secret import Secret

from lockwright_desk.errors import KeeperAway
from lockwright_desk.helpdesk.custody import opening, wire
from lockwright_desk.helpdesk.custody.port import KeyRecord

_ENDED = N_("the process that uses the password has ended early")


def respond(
    adapter: tuple[AdapterRef, Settings],
    key: KeyRecord,
    request: bytes,
    encrypted_to: Callable[[bytes], bytes],
    patience: float,
) -> Secret:
    """The Response that is made with a password.

    Args:
        adapter: the adapter, and its settings.
        key: the record, whose seal was looked at.
        request: the Request.
        encrypted_to: has the HSM encrypt the password to an RSA key, of which it is given the
            modulus.
        patience: seconds.

    Raises:
        LockwrightError: what the process tells.
        KeeperAway: it has ended early.
    """
    ours, theirs = socket.socketpair()
    until = time.monotonic() + patience
    command = [sys.executable, "-P", "-m", opening.__name__, str(theirs.fileno())]
    with ours, theirs:
        process = subprocess.Popen(  # noqa: S603  # a module of ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        try:
            ref, settings = adapter
            modulus = bytes(wire.receive(ours, until))
            asked = {
                "adapter": [ref.name, ref.value],
                "settings": settings,
                "model": key.model,
                "serial": key.serial,
                "request": request.hex(),
                "password": encrypted_to(modulus).hex(),
            }
            wire.send(ours, json.dumps(asked).encode(), until)
            return wire.answer(wire.receive(ours, until))
        except (OSError, wire.NotUnderstood):
            pass
        finally:
            process.kill()
            process.wait()
    raise KeeperAway(reason=_ENDED)
