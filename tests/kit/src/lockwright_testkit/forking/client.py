"""Asks a process that has imported a program to fork itself: a run without its imports.

What runs is the program in a process of its own, with its own environment, folder, descriptors and
exit code; only its command line is, for other processes, that of the server.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from lockwright_testkit.forking import server

_GRACE = 60
"""Seconds for the server to import the program, and to end."""


class Running:
    """A process that was forked.

    Args:
        reply: where the server tells its id, and how it ended.
    """

    def __init__(self, reply: socket.socket) -> None:
        self._reply = reply
        self._code: int | None = None
        self.pid = self._number(_GRACE)

    def wait(self, timeout: float) -> int:
        """Wait for its end.

        Args:
            timeout: seconds.

        Returns:
            Its exit code; a negative number is the signal that ended it.

        Raises:
            TimeoutError: it did not end in time.
        """
        if self._code is None:
            self._code = self._number(timeout)
            self._reply.close()
        return self._code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once, if it still runs."""
        self.send_signal(signal.SIGKILL)

    def _number(self, timeout: float) -> int:
        self._reply.settimeout(timeout)
        (number,) = server.NUMBER.unpack(self._reply.recv(server.NUMBER.size))
        return int(number)


class ForkServer:
    """A process that has imported a program, to be forked.

    Args:
        entry: the module with the program's ``main``; its whole package is imported.
        late: what the program imports only in functions.
        environment: the server's environment.
    """

    def __init__(self, entry: str, *late: str, environment: Mapping[str, str]) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, server.__file__, str(theirs.fileno()), entry, *late],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.close)

    def start(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        descriptors: Mapping[int, int],
        terminal: bool = False,
    ) -> Running:
        """Start the program.

        Args:
            arguments: the command line, with the program's path.
            environment: its environment.
            folder: where it runs.
            descriptors: descriptors of this process by their numbers in the other.
            terminal: whether its standard input is the terminal that it is to be started from.
        """
        request = json.dumps(
            {
                "arguments": arguments,
                "environment": dict(environment),
                "folder": str(folder),
                "descriptors": list(descriptors),
                "terminal": terminal,
            }
        ).encode()
        reply, theirs = socket.socketpair()
        with theirs:
            header = server.NUMBER.pack(len(request))
            given = [theirs.fileno(), *descriptors.values()]
            socket.send_fds(self._control, [header], given)
            self._control.sendall(request)
        return Running(reply)

    def close(self) -> None:
        """End the server."""
        self._control.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
