"""The keeper does not begin with an HSM, or with keys in it, that are not fit."""

from __future__ import annotations

import re
import secrets
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from desk_home import DESK, environment
from hsm_bank import Bank, expected
from keeping import answered
from lockwright.errors import PinError
from lockwright.pkcs11.constants import CKA, CKK, CKO
from lockwright.pkcs11.secret_keys import NestedTemplate
from lockwright_desk.helpdesk.custody import hsm, hsm_keys
from lockwright_desk.helpdesk.custody.errors import HsmKeyMissing, HsmKeyUnfit, HsmUnusable
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.hsm_keys import TOKEN_KEY, Kind
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.keeping import Keeping
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit import interposer

USES = ("ENCRYPT", "DECRYPT", "SIGN", "VERIFY", "WRAP", "UNWRAP", "DERIVE")
OWN = {Kind.WRAPPING: {"WRAP", "UNWRAP"}, Kind.MASTER: {"DERIVE"}, Kind.SEAL: {"SIGN"}}
KEPT = {"PRIVATE": True, "SENSITIVE": True, "EXTRACTABLE": False, "MODIFIABLE": False}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """An HSM with keys that are fit."""
    made = Bank(tmp_path_factory.mktemp("bank"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(made.softhsm.conf))
        made.begin()
        made.make_keys()
        yield made


def bring(bank: Bank, prefix: str, kind: Kind, other: NestedTemplate, *, size: int = 32) -> str:
    """A key of a kind, fit but for some attributes; its label."""
    uses = {CKA[use]: use in OWN[kind] for use in USES}
    inside = {CKA.UNWRAP_TEMPLATE: TOKEN_KEY} if kind is Kind.WRAPPING else {}
    template: NestedTemplate = {
        CKA.CLASS: CKO.SECRET_KEY,
        CKA.KEY_TYPE: CKK.GENERIC_SECRET if kind is Kind.SEAL else CKK.AES,
        CKA.TOKEN: True,
        CKA.LABEL: hsm_keys.label_of(prefix, kind, 1),
        CKA.VALUE: secrets.token_bytes(size),
        **{CKA[name]: value for name, value in KEPT.items()},
        **uses,
        **inside,
        **other,
    }
    with bank.session() as session:
        session.keys.create(template)
    return str(template[CKA.LABEL])


def refused(bank: Bank, prefix: str) -> HsmKeyUnfit:
    settings = bank.settings
    with pytest.raises(HsmKeyUnfit) as error:
        Keeping(replace(settings, hsm=replace(settings.hsm, prefix=prefix, sessions=1)))
    return error.value


@pytest.mark.parametrize("kind", Kind)
def test_a_key_with_another_use_or_that_can_be_changed_or_taken_out_is_refused_by_name(
    bank: Bank, kind: Kind
) -> None:
    wrong = {use: use not in OWN[kind] for use in USES} | {
        name: not value for name, value in KEPT.items()
    }
    for name, value in wrong.items():
        prefix = f"{kind.value}-{name}"
        label = bring(bank, prefix, kind, {CKA[name]: value})

        facts = refused(bank, prefix).facts

        assert facts == {"label": label, "attribute": f"CKA_{name}", "found": str(value)}


@pytest.mark.parametrize(
    ("kind", "other", "size", "attribute"),
    [
        (Kind.MASTER, {}, 16, "CKA_VALUE_LEN"),
        (Kind.SEAL, {}, 16, "CKA_VALUE_LEN"),
        (Kind.MASTER, {CKA.KEY_TYPE: CKK.GENERIC_SECRET}, 32, "CKA_KEY_TYPE"),
        (Kind.WRAPPING, {CKA.UNWRAP_TEMPLATE: {}}, 32, "CKA_UNWRAP_TEMPLATE"),
        (
            Kind.WRAPPING,
            {CKA.UNWRAP_TEMPLATE: {**TOKEN_KEY, CKA.EXTRACTABLE: True}},
            32,
            "CKA_UNWRAP_TEMPLATE: CKA_EXTRACTABLE",
        ),
        (
            Kind.WRAPPING,
            {CKA.UNWRAP_TEMPLATE: {CKA.CLASS: CKO.SECRET_KEY, CKA.SENSITIVE: True}},
            32,
            "CKA_UNWRAP_TEMPLATE: CKA_KEY_TYPE",
        ),
    ],
)
def test_a_key_of_another_kind_or_one_that_unwraps_what_can_be_taken_out_is_refused(
    bank: Bank, kind: Kind, other: NestedTemplate, size: int, attribute: str
) -> None:
    prefix = secrets.token_hex(4)
    bring(bank, prefix, kind, other, size=size)

    assert refused(bank, prefix).facts["attribute"] == attribute


def test_two_keys_with_one_label_are_refused_and_so_is_an_hsm_without_a_seal(bank: Bank) -> None:
    settings = bank.settings
    for prefix, kinds, label, number in (
        ("two", (Kind.SEAL, Kind.MASTER, Kind.MASTER), "two-derived-1", 2),
        ("none", (Kind.MASTER,), "none-seal", 0),
    ):
        for kind in kinds:
            bring(bank, prefix, kind, {})

        with pytest.raises(HsmKeyMissing) as error:
            Keeping(replace(settings, hsm=replace(settings.hsm, prefix=prefix)))

        assert error.value.facts == {"label": label, "number": number}


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("CKM_AES_ECB_ENCRYPT_DATA", "CKM_AES_ECB_ENCRYPT_DATA"),
        ("CKM_DES3_ECB", "CKM_DES3_ECB"),
        ("CKM_SHA256_HMAC", "CKM_SHA256_HMAC"),
        ("CKM_AES_KEY_WRAP,CKM_AES_KEY_WRAP_PAD", "CKM_AES_KEY_WRAP(_PAD)"),
    ],
)
def test_an_hsm_that_lacks_a_mechanism_says_so_at_start_by_name(
    bank: Bank, missing: str, named: str
) -> None:
    conf = bank.softhsm.conf
    before = conf.read_text()
    # SoftHSM 2.6.1 passes over the first of a list of those that it is not to have.
    conf.write_text(f"{before}slots.mechanisms = -CKM_MD5,{missing}\n")
    try:
        ended = bank.run("keeper", "--json")
    finally:
        conf.write_text(before)

    assert ended.code == 30
    assert ended.document["error"]["code"] == "hsm-lacks"
    assert named in ended.document["error"]["message"]


# --- the login ------------------------------------------------------------------------------------


def through_interposer(bank: Bank, patch: pytest.MonkeyPatch, plan: str) -> Hsm:
    """The HSM by a module that fails where it is told to."""
    for name, value in interposer.environment(bank.softhsm.module, plan).items():
        patch.setenv(name, value)
    settings = bank.settings.hsm
    return Hsm(replace(settings, module=interposer.interposer(), sessions=2))


@pytest.mark.parametrize(
    "plan",
    ["C_GetTokenInfo@1=0x5", "C_GetSlotList@1=0x5", "C_Initialize@1=0x5;C_GetTokenInfo@2=0x5"],
)
def test_a_token_that_is_not_to_be_seen_for_a_moment_is_looked_for_again(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, plan: str
) -> None:
    """SoftHSM shows none, or an error, while another process logs in."""
    with closing(through_interposer(bank, monkeypatch, plan)) as hsm:
        assert hsm.done(lambda session: session.lives)


def test_an_hsm_without_the_token_is_told(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hsm, "_PAUSES", (0.01,))
    with pytest.raises(HsmUnusable, match="no-such-token: 0"):
        Hsm(replace(bank.settings.hsm, token="no-such-token"))


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ("C_Login@1=0xa0;C_Login@2=crash", "pin-incorrect"),
        ("C_Login@1=0xa4;C_Login@2=crash", "pin-locked"),
    ],
)
def test_a_pin_that_is_refused_is_sent_once(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, plan: str, code: str
) -> None:
    with pytest.raises(PinError) as error:
        through_interposer(bank, monkeypatch, plan)

    assert error.value.code == code


def test_a_keeper_with_a_wrong_pin_ends_with_the_exit_code_that_no_service_starts_again(
    bank: Bank,
) -> None:
    unit = (Path(__file__).parents[1] / "deploy" / "lockwright-keeper.service").read_text()
    file = bank.folder / "keeper-pin"
    right = file.read_text()
    file.write_text("Wrong-pin-1\n")
    try:
        ended = bank.run("keeper", "--json")
    finally:
        file.write_text(right)

    assert ended.document["error"]["code"] == "pin-incorrect"
    assert f"RestartPreventExitStatus={ended.code}\n" in unit


# --- the program ----------------------------------------------------------------------------------


def test_the_keeper_answers_until_it_is_told_to_end_and_leaves_no_socket(bank: Bank) -> None:
    record = bank.record("C01", Custody.WRAPPED, value=bytes(range(1, 25)))
    place = bank.settings.place
    running = DESK.start(
        ["keeper", "--config", bank.file],
        environment=environment("C.UTF-8"),
        folder=bank.folder,
        descriptors={},
    )
    try:
        until_it_listens(place.socket)
        assert answered(KeeperClient(place), record) == expected(bytes(range(1, 25)))
        assert re.search(r"^Max core file size +0 +0 ", limits(running.pid), re.MULTILINE)
        again = bank.run("keeper")
        assert again.code == 30
        assert "another keeper answers there" in again.err
        assert answered(KeeperClient(place), record)
    finally:
        running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0
    assert not place.socket.exists()


def test_a_keeper_that_was_killed_leaves_room_for_the_next(bank: Bank) -> None:
    record = bank.record("C02", Custody.DERIVED)
    place = bank.settings.place
    found = set()
    for ends in (signal.SIGKILL, signal.SIGTERM):
        running = DESK.start(
            ["keeper", "--config", bank.file],
            environment=environment("C.UTF-8"),
            folder=bank.folder,
            descriptors={},
        )
        try:
            until_it_listens(place.socket)
            found.add(answered(KeeperClient(place), record))
        finally:
            running.send_signal(ends)
            running.wait(60)
    assert len(found) == 1


def until_it_listens(file: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with closing(socket.socket(socket.AF_UNIX)) as asks:
            if asks.connect_ex(str(file)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError


def limits(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text()
