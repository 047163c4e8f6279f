"""``lockwright-desk keys``: versions made, lists taken in, tokens that hang on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hsm_bank import ADAPTER, MODEL, Bank
from key_desk import KeyDesk

KEY = "0B1C2D3E4F5061728394A5B6C7D8E9FA0B1C2D3E4F506173"
OF_MODEL = ("--adapter", ADAPTER, "--model", MODEL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyDesk]:
    bank = Bank(tmp_path_factory.mktemp("bank"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(bank.softhsm.conf))
        bank.begin()
        yield KeyDesk(tmp_path_factory.mktemp("desk"), bank)


def test_first(desk: KeyDesk) -> None:
    for arguments in (
        ("keys", "make", "--custody", "wrapped"),
        ("keys", "make", "--custody", "derived", "--json"),
        ("keys", "list"),
    ):
        ended = desk.home.run(*arguments)
        print(ended.out, ended.err)
        assert ended.code == 0
    desk.add("AA01", "AA02", "AA03", "AA04")
    file = desk.file_of(
        "keys.csv",
        [
            "serial,key",
            f"AA01,{KEY}",
            "AA02," + KEY[:32],
            "AA09," + KEY,
            "AA01," + KEY,
            "x," + "0" * 48,
            "AA03,12",
        ],
    )
    ended = desk.home.run("keys", "import", str(file), *OF_MODEL)
    print(ended.code, ended.out, ended.err)
    file = desk.file_of("keys.csv", ["serial,key", f"AA01,{KEY}", "AA02," + KEY[:32]])
    ended = desk.home.run("keys", "import", str(file), *OF_MODEL)
    print(ended.code, ended.out, ended.err)
    ended = desk.home.run("keys", "assign", "--custody", "derived", *OF_MODEL)
    print(ended.code, ended.out, ended.err)
    ended = desk.home.run("keys", "make", "--custody", "derived")
    ended = desk.home.run("keys", "rollover")
    print(ended.code, ended.out, ended.err)
    ended = desk.home.run("keys", "list")
    print(ended.code, ended.out, ended.err)
    assert 0
