"""Who asks a keeper on which many wait: tried again within the time there is, and no longer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lockwright_desk.configuration.keeper import KeeperPlace
from lockwright_desk.errors import KeeperAway
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient


@pytest.fixture
def crowded() -> Iterator[socket.socket]:
    """A socket on which as many wait as it lets wait."""
    with TemporaryDirectory() as folder, ExitStack() as opened:
        listener = opened.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(str(Path(folder) / "keeper.sock"))
        listener.listen(0)
        while True:
            waiting = opened.enter_context(socket.socket(socket.AF_UNIX))
            waiting.settimeout(0)
            try:
                waiting.connect(listener.getsockname())
            except BlockingIOError:
                break
        yield listener


def client(listener: socket.socket, patience: float) -> KeeperClient:
    return KeeperClient(KeeperPlace(Path(listener.getsockname()), patience))


def test_who_finds_no_room_is_let_in_once_there_is(crowded: socket.socket) -> None:
    def let_in() -> None:
        crowded.accept()[0].close()

    soon = threading.Timer(0.1, let_in)
    soon.start()

    client(crowded, 20.0).check()

    soon.join()


def test_who_finds_no_room_all_the_time_is_told(crowded: socket.socket) -> None:
    with pytest.raises(KeeperAway):
        client(crowded, 0.1).check()
