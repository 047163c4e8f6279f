"""A TCP connection to a host by its name, within a deadline.

The system's look-up of names takes no timeout, and each of a name's addresses may be one that
nobody answers at.
"""

from __future__ import annotations

import queue
import socket
import threading
from typing import Any, TypeAlias

from lockwright.enrol.ca.deadline import Deadline

Address: TypeAlias = tuple[Any, ...]


def dial(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Connect to the first of a host's addresses that answers.

    Args:
        host: its name or its address.
        port: its port.
        deadline: ends everything; it watches the connection from now on.

    Raises:
        TimeoutError: the time is over.
        OSError: its name is not known, or there is no connection.
    """
    addresses = _looked_up(host, port, deadline)
    failure: OSError = socket.gaierror(socket.EAI_NONAME, "it has no address")
    for index, (family, address) in enumerate(addresses):
        # One that nobody answers at must leave time for the others.
        share = deadline.left / (len(addresses) - index)
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(share)
            connection.connect(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            connection.close()
            failure = error
            continue
        deadline.watch(connection)
        connection.settimeout(deadline.left)
        return connection
    raise failure


def not_a_name() -> socket.gaierror:
    """The error that a text is no host name, as the look-up of one has it."""
    return socket.gaierror(socket.EAI_NONAME, "it is no host name")


def _looked_up(
    host: str, port: int, deadline: Deadline
) -> list[tuple[socket.AddressFamily, Address]]:
    """The addresses of a name, in the system's order; the look-up is left alone at the deadline."""
    answers: queue.SimpleQueue[list[tuple[socket.AddressFamily, Address]] | OSError] = (
        queue.SimpleQueue()
    )

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError:  # a label of it is empty or too long
            answers.put(not_a_name())
        except OSError as error:
            answers.put(error)
        else:
            answers.put([(family, address) for family, _kind, _proto, _name, address in found])

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer
