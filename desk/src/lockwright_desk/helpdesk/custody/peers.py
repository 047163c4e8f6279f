"""Who is at the other end of a Unix socket, as the kernel says it (unix(7), ``SO_PEERCRED``)."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lockwright.config.table import Wrong
from lockwright.i18n import _

_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Peer:
    """A process that has connected."""

    pid: int
    uid: int
    gid: int
    """Its first group alone."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who is answered."""

    users: frozenset[int]
    groups: frozenset[int]

    def allows(self, peer: Peer) -> bool:
        """Whether a process is."""
        return peer.uid in self.users or peer.gid in self.groups

    @property
    def others(self) -> bool:
        """Whether anybody is beside the keeper's own account."""
        return bool(self.groups) or self.users != {os.geteuid()}


def possible() -> bool:
    """Whether this system says who has connected."""
    return hasattr(socket, "SO_PEERCRED")


def peer(connection: socket.socket) -> Peer:
    """Who has connected, with the rights that it had then.

    Raises:
        OSError: the system does not say it.
    """
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return Peer(*_CREDENTIALS.unpack(told))


def allowed(users: Iterable[str], groups: Iterable[str]) -> Allowed:
    """Who is answered, of names and numbers; the keeper's own account alone where none is named.

    Raises:
        Wrong: there is no such account or group.
    """
    import grp  # noqa: PLC0415  # POSIX only
    import pwd  # noqa: PLC0415  # the same

    found = Allowed(
        frozenset(_number("users", name, lambda n: pwd.getpwnam(n).pw_uid) for name in users),
        frozenset(_number("groups", name, lambda n: grp.getgrnam(n).gr_gid) for name in groups),
    )
    return found if found.users or found.groups else Allowed(frozenset({os.geteuid()}), frozenset())


def _number(key: str, name: str, look_up: Callable[[str], int]) -> int:
    if name.isdecimal():
        return int(name)
    try:
        return look_up(name)
    except KeyError:
        said = _("[keeper] {key}: this system knows no {name}")
        raise Wrong(said.format(key=key, name=name)) from None
