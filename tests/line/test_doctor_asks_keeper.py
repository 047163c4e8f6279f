"""``lockwright-desk doctor`` asks a keeper that runs: its HSM, its keys, records that open."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
from hsm_bank import ADAPTER, MODEL
from line_bank import LineBank
from lockwright_desk.helpdesk.custody.errors import KeyRecordAltered
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.records import key_record
from lockwright_desk.store.tables.register import Token
from sqlalchemy import select, update


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> LineBank:
    """A bank whose keeper gives one Response an hour, so that a look that counts would be seen."""
    made = LineBank.made(tmp_path_factory.mktemp("looked"))
    made.enter(ADAPTER, MODEL, "0B55000000000001", secrets.token_bytes(24), "anna")
    made.hsm.limits = {"per_hour": 1}
    made.hsm.write()
    return made


def told(bank: LineBank) -> tuple[int, list[str]]:
    """What doctor says of the keeper, and how it ends."""
    ended = bank.home.run("doctor", "--json")
    checks = [each for each in ended.document["checks"] if each["area"] == "keeper"]
    return ended.code, [f"{each['status']} {each['message']}" for each in checks]


def test_a_keeper_says_what_it_has_and_opens_a_record_of_the_register(looked_at: LineBank) -> None:
    with looked_at.keeping():
        _code, said = told(looked_at)
        _code, again = told(looked_at)

    assert said == again  # no limit counts it
    assert "SoftHSM" in said[0]
    assert "derived: 1, opened: 1, seal: 1, wrapped: 1" in said[1]
    assert "0B55000000000001 (custody: object) opens in the HSM" in said[2]
    assert all(each.startswith("ok") for each in said)
    trail = looked_at.hsm.settings.audit
    assert not trail.exists() or "keeper_respond" not in trail.read_text()


def test_a_database_that_does_not_belong_to_the_hsm_is_told(looked_at: LineBank) -> None:
    database = looked_at.database()
    with database.writing() as session:
        before = session.scalars(select(Token.seal)).one()
        session.execute(update(Token).values(seal=bytes(32)))

    with looked_at.keeping():
        code, said = told(looked_at)

    with database.writing() as session:
        session.execute(update(Token).values(seal=before))
    database.close()
    assert code != 0
    assert said[-1].startswith("fail")
    assert "0B55000000000001" in said[-1]


def test_who_asks_with_a_changed_record_is_refused(looked_at: LineBank) -> None:
    database = looked_at.database()
    with database.reading() as session:
        record = key_record(session.scalars(select(Token)).one(), None)
    database.close()
    settings = looked_at.home.settings.keeper
    assert settings is not None
    with looked_at.keeping():
        client = KeeperClient(settings)
        assert client.look(record).keys["seal"] == 1
        with pytest.raises(KeyRecordAltered):
            client.look(replace(record, serial="0B55000000000002"))
