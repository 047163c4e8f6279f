"""The keeper and the server of the demo, each a process, until they are ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lockwright.console.signals import taken
from lockwright.i18n import _

from lockwright_desk.configuration.settings import Settings
from lockwright_desk.errors import DeskNotReady, KeeperAway
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient

_ENTRY = """
import sys
from lockwright.host.harden import die_with
die_with(int(sys.argv.pop(1)))
from lockwright_desk.cli.app import main
raise SystemExit(main())
"""
_LONGEST = 60.0
_PAUSE = 0.1
_SAID = 5
"""Lines of what a process said that are shown if it ends."""


class Running:
    """What runs.

    Args:
        processes: by the command.
        folder: where they say what they have to say.
    """

    def __init__(self, processes: dict[str, subprocess.Popen[bytes]], folder: Path) -> None:
        self._processes = processes
        self._folder = folder

    def check(self) -> None:
        """See that all run.

        Raises:
            DeskNotReady: one has ended; what it said last is told.
        """
        for name, process in self._processes.items():
            if process.poll() is not None:
                said = log_of(self._folder, name).read_text(errors="replace").splitlines()
                told = _("lockwright-desk {command} has ended, and said: {said}")
                last = " ".join(said[-_SAID:])
                raise DeskNotReady(reason=told.format(command=name, said=last))

    def wait(self, tell: Callable[[], None]) -> None:
        """Wait until a signal ends the demo.

        Args:
            tell: says that it runs; a signal that comes meanwhile is not missed.

        Raises:
            DeskNotReady: one of them has ended by itself.
        """
        ended = threading.Event()
        with taken(lambda _number, _frame: ended.set()):
            tell()
            while not ended.wait(_PAUSE):
                self.check()


def log_of(folder: Path, name: str) -> Path:
    """What a process says."""
    return folder / f"{name}.log"


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    """Start both, wait until they answer; they are ended with the block.

    Raises:
        DeskNotReady: one of them does not start.
    """
    folder = settings.file.parent
    with ExitStack() as started:
        processes: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("keeper", "serve"):
            processes[name] = started.enter_context(_started(name, settings.file))
        found = Running(processes, folder)
        until = time.monotonic() + _LONGEST
        while not _answers(settings):
            found.check()
            if time.monotonic() > until:
                raise DeskNotReady(reason=_("it does not answer after a minute"))
            time.sleep(_PAUSE)
        yield found


@contextmanager
def _started(name: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command of the desk; a session of its own, since Ctrl-C is for whoever ends it.

    It ends with this process, also where that is killed: a pipe closes then.
    """
    theirs, ours = os.pipe()
    try:
        with log_of(file.parent, name).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  # this program
                [sys.executable, "-c", _ENTRY, str(theirs), name, "--config", str(file)],
                cwd=file.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[theirs],
            )
    finally:
        os.close(theirs)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(ours)


def _answers(settings: Settings) -> bool:
    if settings.keeper is None:
        return False
    try:
        KeeperClient(settings.keeper).check()
        address = (settings.server.host, settings.server.port)
        socket.create_connection(address, timeout=1).close()
    except (KeeperAway, OSError):
        return False
    return True


def free_port(host: str) -> int:
    """A port that nobody has: a passkey belongs to an origin, so it is known before it serves."""
    with socket.create_server((host, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
