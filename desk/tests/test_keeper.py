"""The keeper: Responses from inside the HSM, by each custody, and what it refuses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from hsm_bank import REQUEST, Bank, expected
from lockwright_desk.helpdesk.custody import peers
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.keeping import Keeping
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.serving import KeeperServer
from lockwright_desk.store.tables.register import Custody

KEY = bytes.fromhex("0B1C2D3E4F5061728394A5B6C7D8E9FA0B1C2D3E4F506173")
MASTER = bytes(range(32))


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """An HSM with the keys of every custody, and nobody else's SoftHSM in sight."""
    made = Bank(tmp_path_factory.mktemp("bank"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(made.softhsm.conf))
        made.begin()
        made.make_keys()
        yield made


@contextmanager
def keeping(bank: Bank) -> Iterator[tuple[KeeperClient, Keeping]]:
    """A keeper in threads of this process, and who asks it over its socket."""
    settings = bank.settings
    with ExitStack() as running:
        keeper = running.enter_context(closing(Keeping(settings)))
        allowed = peers.allowed(settings.users, settings.groups)
        server = running.enter_context(KeeperServer(settings.place, allowed, keeper.respond))
        thread = threading.Thread(target=server.serve)
        thread.start()
        running.callback(thread.join)
        running.callback(server.stop)
        yield KeeperClient(settings.place), keeper


def answered(client: KeeperClient, record: KeyRecord, request: bytes = REQUEST) -> bytes:
    with client.respond(record, request) as response:
        return response.reveal()


def test_first(bank: Bank) -> None:
    record = bank.record("4F00", Custody.WRAPPED, value=KEY)
    derived = bank.record("4F00", Custody.DERIVED)
    with keeping(bank) as (client, _keeper):
        assert answered(client, record) == expected(KEY)
        print(answered(client, derived))
