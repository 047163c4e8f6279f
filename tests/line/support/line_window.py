"""The window of a client who unblocks over the line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from client import Computer
from cryptography import x509
from desk_home import Server
from lockwright.enrol.trust import spki
from lockwright_testkit.pseudo_terminal import Screen
from telephone import ReadOut, read_out

SetDesk = Callable[[str], None]


def of_desk(desk: Server) -> str:
    """``[desk]`` for a desk that is trusted by its CA."""
    return f'url = "{desk.url}"\nca = ["{desk.ca}"]'


def pin_of(desk: Server) -> str:
    """What IT sets for a desk's key."""
    certificate = x509.load_pem_x509_certificate((desk.home.folder / "server.pem").read_bytes())
    return f"sha256:{hashlib.sha256(spki(certificate)).hexdigest()}"


def asks(computer: Computer, *options: str) -> tuple[Screen, ReadOut]:
    """``unblock`` as far as the question for the Response."""
    screen = computer.asks("--remote", *options)
    screen.answers("New user PIN:", computer.locked.kind.pin)
    screen.answers("once more:", computer.locked.kind.pin)
    return screen, read_out(screen)


def number_in(read: ReadOut) -> str:
    """The number on the line, as it is read out."""
    found = re.search(r"Number on the line: (\d{3}-\d{3})", read.said)
    assert found, read.said
    return found[1]
