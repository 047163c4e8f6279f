"""The sockets that a desk listens on, opened before there is anybody to serve them."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from lockwright.errors import reason_of

from lockwright_desk.errors import AddressUnusable
from lockwright_desk.serving.door.descriptors import BACKLOG


@contextmanager
def listening(host: str, port: int) -> Iterator[Sequence[socket.socket]]:
    """Listen on every address that a host has.

    Args:
        host: name or address.
        port: port; 0 for any free one, the same on all addresses.

    Raises:
        AddressUnusable: one of them cannot be listened on.
    """
    with ExitStack() as opened:
        try:
            sockets: list[socket.socket] = []
            for family, kind, protocol, _name, address in _addresses(host, port):
                one = opened.enter_context(socket.socket(family, kind, protocol))
                if os.name == "posix" and sys.platform != "cygwin":
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                chosen = port or (sockets[0].getsockname()[1] if sockets else 0)
                one.bind((address[0], chosen, *address[2:]))
                one.listen(BACKLOG)
                one.setblocking(False)  # noqa: FBT003  # its only form
                sockets.append(one)
        except OSError as error:
            reason = reason_of(error)
            raise AddressUnusable(address=f"{host}:{port}", reason=reason) from None
        yield sockets


def _addresses(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys(found))
