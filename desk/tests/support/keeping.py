"""A keeper in threads of this process, and who asks it over its socket."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from hsm_bank import REQUEST, Bank
from lockwright_desk.helpdesk.custody import peers
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.keeping import Keeping
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.serving import KeeperServer


def _never() -> None:
    raise AssertionError("the keeper gave up")


@contextmanager
def keeping(bank: Bank, gave_up: Callable[[], None] = _never) -> Iterator[KeeperClient]:
    """One that answers until the block ends."""
    settings = bank.settings
    with ExitStack() as running:
        keeper = running.enter_context(closing(Keeping(settings)))
        allowed = peers.allowed(settings.users, settings.groups)
        server = running.enter_context(KeeperServer(settings.place, allowed, keeper, gave_up))
        thread = threading.Thread(target=server.serve)
        thread.start()
        running.callback(thread.join)
        running.callback(server.stop)
        yield KeeperClient(settings.place)


def answered(client: KeeperClient, record: KeyRecord, request: bytes = REQUEST) -> bytes:
    """The Response."""
    with client.respond(record, request) as response:
        return response.reveal()
