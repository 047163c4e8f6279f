"""Frames between parent and child: a head, data without code, secrets as raw bytes beside it.

The head has the frame's kind, the number of the question that it asks or answers, the length of
the body and of each secret. It is judged before anything else is read. A secret is written straight
from its own buffer and read straight into a new one, so that no copy of it is left that cannot be
wiped. What the body holds is read by whoever asked, who knows the type (``shapes``).
"""

from __future__ import annotations

import ctypes
import select
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Protocol

from lockwright.host.codec import LONGEST, LONGEST_SECRET, MOST_SECRETS, Packed, WireError
from lockwright.records import dataclass
from lockwright.secret import Secret

SIGN = 17
"""Bytes of a sign of life (``signs``)."""
_LONGEST_WAIT = 3600.0
"""Seconds in which the other side is to read on, whatever time there is."""
_HEAD = struct.Struct(">BQIB")
_SIZE = struct.Struct(">I")


class Kind(IntEnum):
    """What a frame is."""

    START = 1
    INSPECT = 2
    CALL = 3
    RESPOND = 4
    ANSWERED = 5
    FAILED = 6
    RECOGNISE = 7
    ADOPT = 8
    LEAVE = 9
    SIGN = 10
    STOP = 11
    WARM = 12
    SLOTS = 13


ANSWERS = frozenset({Kind.ANSWERED, Kind.FAILED})


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: int
    """What it is."""
    number: int
    """The number of the question that it asks or answers."""
    packed: Packed
    """What it says."""


class Readable(Protocol):
    """An unbuffered file to read from."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...  # noqa: D102  # as io has it


class Writable(Protocol):
    """An unbuffered file to write to."""

    def write(self, data: memoryview, /) -> int | None: ...  # noqa: D102  # as io has it


class Numbered(Protocol):
    """What the system knows by a number."""

    def fileno(self) -> int: ...  # noqa: D102  # as io has it


class Pipe(Writable, Numbered, Protocol):
    """An unbuffered pipe that does not block."""


def send(file: Writable, frame: Frame) -> None:
    """Write one frame to a pipe that blocks until it is taken.

    Args:
        file: an unbuffered pipe, which keeps no copy of a secret.
        frame: the frame.

    Raises:
        WireError: it has too many or too long secrets; nothing was written.
        OSError: the other side is gone.
    """
    with _parts(frame) as parts:
        for part in parts:
            sent = 0
            while sent < len(part):
                sent += file.write(part[sent:]) or 0


def send_within(file: Pipe, frame: Frame, until: float) -> None:
    """Write one frame to a pipe that does not block, for as long as there is time.

    Args:
        file: an unbuffered pipe, which keeps no copy of a secret.
        frame: the frame.
        until: when to give up, on the clock of ``time.monotonic``.

    Raises:
        TimeoutError: the other side does not read.
        WireError, OSError: as ``send``.
    """
    room = select.poll()
    room.register(file.fileno(), select.POLLOUT)
    with _parts(frame) as parts:
        for part in parts:
            sent = 0
            while sent < len(part):
                left = max(0.0, until - time.monotonic())
                if not room.poll(min(left, _LONGEST_WAIT) * 1000):
                    raise TimeoutError
                sent += file.write(part[sent:]) or 0


def has_come(file: Numbered) -> bool:
    """Whether there is something to read, or the other side is gone; never waits.

    Args:
        file: an unbuffered pipe.
    """
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  # Windows only

        handle, there = msvcrt.get_osfhandle(file.fileno()), ctypes.c_ulong()
        peek = ctypes.windll.kernel32.PeekNamedPipe
        return not peek(handle, None, 0, None, ctypes.byref(there), None) or there.value > 0
    ready = select.poll()
    ready.register(file.fileno(), select.POLLIN)
    return bool(ready.poll(0))


def is_over(file: Numbered) -> bool:
    """Whether all was read, and the other side is gone; never waits.

    Args:
        file: an unbuffered pipe.
    """
    if sys.platform == "win32":
        return False
    ready = select.poll()
    ready.register(file.fileno(), select.POLLIN)
    return any(event & select.POLLHUP and not event & select.POLLIN for _, event in ready.poll(0))


def receive(file: Readable, welcome: Callable[[int, int], bool]) -> Frame:
    """Read one frame.

    Args:
        file: an unbuffered pipe.
        welcome: whether a frame of that kind and number was asked for.

    Raises:
        EOFError: the other side is gone.
        WireError: the frame is too long, or was not asked for.
    """
    head = bytearray(_HEAD.size)
    _fill(file, head)
    kind, number, length, count = _HEAD.unpack(head)
    if not welcome(kind, number):
        raise WireError("a frame was not asked for")
    if length > LONGEST or count > MOST_SECRETS:
        raise WireError("a frame is too long")
    if kind == Kind.SIGN and (length, count) != (SIGN, 0):
        raise WireError("a sign of life is of another length")
    sizes = bytearray(_SIZE.size * count)
    _fill(file, sizes)
    lengths = [size for (size,) in _SIZE.iter_unpack(sizes)]
    if any(size > LONGEST_SECRET for size in lengths):
        raise WireError("a secret is too long")
    packed = Packed(bytearray(length), [Secret(bytes(size)) for size in lengths])
    try:
        for buffer in (packed.body, *(secret.buffer for secret in packed.secrets)):
            _fill(file, buffer)
    except BaseException:
        packed.wipe()
        raise
    return Frame(kind, number, packed)


@contextmanager
def _parts(frame: Frame) -> Iterator[list[memoryview]]:
    """What is written, without a copy of a secret, which cannot be wiped meanwhile."""
    secrets = [secret.buffer for secret in frame.packed.secrets]
    if len(secrets) > MOST_SECRETS or any(len(each) > LONGEST_SECRET for each in secrets):
        raise WireError("a secret is too long")
    body = frame.packed.body
    head = _HEAD.pack(frame.kind, frame.number, len(body), len(secrets))
    sizes = b"".join(_SIZE.pack(len(each)) for each in secrets)
    views = [memoryview(part) for part in (head + sizes, body, *secrets)]
    try:
        yield views
    finally:
        for view in views:
            view.release()


def _fill(file: Readable, buffer: bytes | bytearray) -> None:
    with memoryview(buffer) as view:
        got = 0
        while got < len(view):
            count = file.readinto(view[got:])
            if not count:
                raise EOFError
            got += count
