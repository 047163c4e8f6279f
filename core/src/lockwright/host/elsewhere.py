"""Modules as other lockwrights of the account use them: no Request is touched by anybody else.

Whoever asks a module holds its lock with the others that do; a Request holds it alone, from before
it is made to its end, and what is told of it stands in the locked file. The lock ends with its
process, however that ends.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from lockwright.errors import TokenBusy, TokenWaits
from lockwright.files import durable
from lockwright.files.lock import locked
from lockwright.files.real import real
from lockwright.host import waits_record
from lockwright.models import Waits

_BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
"""How a system says that somebody holds a lock."""
_TICK = 0.02
_WRITTEN = 0.5
"""Seconds until who has the lock alone has told of it."""
_SHARED = sys.platform != "win32"
"""Whether locks can be shared. Windows has none such here: there a lock is looked at alone."""
_LOOKED = 0.0 if _SHARED else 0.05
"""Seconds after which a lock is a Request's: without sharing it may be that of another look."""
_DIGITS = 32


class Door:
    """One host's way to its module; all of it is for the thread whose turn it is.

    Args:
        folder: the folder of the locks.
        module: the module.
        void_requests: go in also where a Request waits.
    """

    def __init__(self, folder: Path, module: Path, *, void_requests: bool) -> None:
        self._file = _file(folder, module)
        self._void_requests = void_requests
        self._held = ExitStack()
        self._inside = False

    def enter(self) -> None:
        """Ask the module from now on; nothing if that has begun.

        An account that has no folder for locks holds no Request there either.

        Raises:
            TokenWaits: a token of the module waits for a Response in another program.
            TokenBusy: the module is held, and nobody says by what.
        """
        if self._inside:
            return
        with suppress(OSError):
            self._held, waits = _shared(self._file)
            if isinstance(waits, Waits) and not self._void_requests:
                raise refusal(waits)
            if waits is not None and not self._void_requests:
                raise TokenBusy
        self._inside = True

    def leave(self) -> None:
        """Ask the module no more."""
        self._inside = False
        self._held.close()


def waiting(folder: Path, module: Path) -> Waits | None:
    """The Request that a module waits with in another program; None if there is none.

    Args:
        folder: the folder of the locks.
        module: the module.
    """
    with suppress(OSError):
        file = _file(folder, module)
        if file.exists():
            held, waits = _shared(file)
            held.close()
            return waits if isinstance(waits, Waits) else None
    return None


def alone(folder: Path, told: Waits, modules: set[Path], patience: float) -> ExitStack:
    """Have modules for a Request alone; who asks them now is waited for.

    Args:
        folder: the folder of the locks.
        told: what others are told of it.
        modules: the modules.
        patience: seconds to wait.

    Returns:
        What holds them, to be closed.

    Raises:
        TokenWaits: another program's Request waits there.
        TokenBusy: another program has them for longer than is waited.
        OSError: nobody can lock there.
    """
    until = time.monotonic() + patience
    with ExitStack() as held:
        for module in sorted(modules):
            fd = _alone(held, _file(folder, module), until)
            held.callback(os.ftruncate, fd, 0)
            os.ftruncate(fd, 0)
            os.lseek(fd, 0, os.SEEK_SET)
            os.write(fd, waits_record.written(told))
        return held.pop_all()


def refusal(waits: Waits) -> TokenWaits:
    """What is said to whoever would touch a token that waits elsewhere."""
    return TokenWaits(
        serial=waits.token.serial,
        program=waits.program,
        pid=waits.pid,
        since=f"{waits.since.astimezone():%H:%M}",
        until=f"{waits.until.astimezone():%H:%M}",
    )


def _file(folder: Path, module: Path) -> Path:
    """The lock of a module on this computer: a home folder may be several computers'."""
    computer = os.uname().nodename if hasattr(os, "uname") else ""
    name = hashlib.sha256(f"{computer}\0{real(module)}".encode(errors="surrogateescape"))
    return folder / f"{name.hexdigest()[:_DIGITS]}.lock"


def _shared(file: Path) -> tuple[ExitStack, Waits | bool | None]:
    """A lock that is shared, or who has it alone; True where they do not say what for."""
    begun = time.monotonic()
    while True:
        with ExitStack() as own:
            fd = _opened(own, file)
            try:
                own.enter_context(locked(fd, shared=True, wait=False))
            except OSError as error:
                if error.errno not in _BUSY:
                    raise
                past = time.monotonic() - begun
                waits = waits_record.read(fd) if past >= _LOOKED else None
                if waits is not None or past > _WRITTEN:
                    return ExitStack(), waits or True
            else:
                if not _is_it(fd, file):
                    continue
                return (own.pop_all() if _SHARED else ExitStack()), None
        time.sleep(_TICK)


def _alone(held: ExitStack, file: Path, until: float) -> int:
    while True:
        with ExitStack() as own:
            fd = _opened(own, file)
            try:
                own.enter_context(locked(fd, wait=False))
            except OSError as error:
                if error.errno not in _BUSY:
                    raise
                waits = None if _is_shared(fd) else waits_record.read(fd)
                if waits is not None:
                    raise refusal(waits) from None
                if time.monotonic() > until:
                    raise TokenBusy from None
            else:
                if _is_it(fd, file):
                    held.push(own.pop_all())
                    return fd
                continue
        time.sleep(_TICK)


def _is_shared(fd: int) -> bool:
    """Whether those who hold a lock only ask the module; a record may be a dead program's then."""
    if _SHARED:
        with suppress(OSError), locked(fd, shared=True, wait=False):
            return True
    return False


def _opened(own: ExitStack, file: Path) -> int:
    """A link is not followed: what is written is told to whoever holds the lock."""
    fd = durable.open_owned(file, getattr(os, "O_NOFOLLOW", 0))
    own.callback(os.close, fd)
    return fd


def _is_it(fd: int, file: Path) -> bool:
    """Whether a file that was locked has its name still: one that was removed is nobody's."""
    try:
        return os.path.samestat(os.fstat(fd), file.stat())
    except FileNotFoundError:
        return False
