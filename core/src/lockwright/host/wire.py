"""Frames between parent and child: pickles of known classes only, secrets beside them.

A frame is a head (sizes of the body and of each secret), the body, and the secrets as raw bytes.
A secret is written straight from its own buffer and read straight into a new one (out-of-band
buffers, PEP 574), so that no copy of it is left that cannot be wiped. Neither side builds an
object of a class that is not listed here: a child taken over by its module cannot run code in
the parent.
"""

from __future__ import annotations

import io
import pickle
import struct
from collections.abc import Callable
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from lockwright.secret import Secret

LIMIT = 64 * 1024 * 1024
"""Longest body or secret, in bytes; a token holds a thousandth of it."""
MOST_SECRETS = 16

_HEAD = struct.Struct(">II")
_SIZE = struct.Struct(">I")
_PATH = type(Path())
_HOMES = frozenset(
    {
        "lockwright.host.protocol",
        "lockwright.host.worker",
        "lockwright.keys.source",
        "lockwright.models.enrolment",
        "lockwright.models.objects",
        "lockwright.models.plan",
        "lockwright.models.respond",
        "lockwright.models.token",
        "lockwright.models.unblock",
        "lockwright.pkcs11.constants",
        "lockwright.pkcs11.session",
        "lockwright.policy.rules",
    }
)
"""Modules whose dataclasses and enumerations may pass."""


class WireError(Exception):
    """A frame that is broken, too long, or holds what may not pass."""


class Readable(Protocol):
    """An unbuffered file to read from."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...  # noqa: D102  # as io has it


class Writable(Protocol):
    """An unbuffered file to write to."""

    def write(self, data: memoryview, /) -> int | None: ...  # noqa: D102  # as io has it


def send(file: Writable, message: object) -> None:
    """Write one message.

    Args:
        file: an unbuffered pipe, which keeps no copy of a secret.
        message: an object of the classes that may pass.

    Raises:
        WireError: something in it may not pass; nothing was written.
        OSError: the other side is gone.
    """
    body = io.BytesIO()
    secrets: list[pickle.PickleBuffer] = []
    try:
        _Pickler(body, protocol=5, buffer_callback=secrets.append).dump(message)
        views = [secret.raw() for secret in secrets]
        if body.tell() > LIMIT or len(views) > MOST_SECRETS:
            raise WireError(f"a message of {body.tell()} bytes is too long")
        sizes = b"".join(_SIZE.pack(len(view)) for view in views)
        head = _HEAD.pack(body.tell(), len(views)) + sizes
        for part in (memoryview(head), body.getbuffer(), *views):
            _write(file, part)
            part.release()
    finally:
        for secret in secrets:
            secret.release()


def receive(file: Readable) -> object:
    """Read one message.

    Args:
        file: an unbuffered pipe.

    Raises:
        EOFError: the other side is gone.
        WireError: the frame is broken, too long, or holds what may not pass.
    """
    length, count = _HEAD.unpack(_read(file, _HEAD.size))
    if length > LIMIT or count > MOST_SECRETS:
        raise WireError("a frame is too long")
    sizes = [_SIZE.unpack(_read(file, _SIZE.size))[0] for _ in range(count)]
    if any(size > LIMIT for size in sizes):
        raise WireError("a secret is too long")
    body = _read(file, length)
    secrets = [_read(file, size) for size in sizes]
    problem = ""
    try:
        message: object = _Unpickler(io.BytesIO(body), buffers=secrets).load()
    except Exception as error:  # noqa: BLE001  # a broken pickle raises anything
        problem, message = f"{type(error).__name__} in a frame", None
    if problem:
        raise WireError(problem)
    return message


def _adopt(buffer: bytearray) -> Secret:
    """A secret made of received bytes, which are wiped."""
    secret = Secret(buffer)
    buffer[:] = bytes(len(buffer))
    return secret


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: object) -> Any:
        """Called for everything but plain data, classes and functions included."""
        if isinstance(obj, Secret):
            return _adopt, (pickle.PickleBuffer(obj.buffer),)
        if not _passes(obj if isinstance(obj, type) else type(obj)) and obj is not _adopt:
            raise WireError(f"a {type(obj).__name__} may not pass")
        if isinstance(obj, Enum):
            return type(obj), (obj.value,)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Callable[..., object]:
        """The class or function that a frame names, if it is one of ours."""
        if (module, name) == (_adopt.__module__, _adopt.__name__):
            return _adopt
        if (module, name) == (_PATH.__module__, _PATH.__name__):
            return _PATH
        found = getattr(import_module(module), name, None) if module in _HOMES else None
        if isinstance(found, type) and found.__module__ == module and _passes(found):
            return found
        raise WireError(f"{module}.{name} may not pass")


def _passes(kind: type) -> bool:
    ours = kind.__module__ in _HOMES and (is_dataclass(kind) or issubclass(kind, Enum))
    return ours or kind is _PATH


def _write(file: Writable, view: memoryview) -> None:
    sent = 0
    while sent < len(view):
        sent += file.write(view[sent:]) or 0


def _read(file: Readable, length: int) -> bytearray:
    data = bytearray(length)
    view = memoryview(data)
    got = 0
    while got < length:
        count = file.readinto(view[got:])
        if not count:
            raise EOFError
        got += count
    view.release()
    return data
