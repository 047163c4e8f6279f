"""The keeper does not begin with an HSM, or with keys in it, that are not fit."""

from __future__ import annotations

import re
import secrets
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from desk_home import DESK, environment
from hsm_bank import PREFIX, REQUEST, Bank, expected
from keeping import answered, keeping
from lockwright.errors import PinError
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.secret_keys import NestedTemplate
from lockwright.pkcs11.session import AttributeValue, Template
from lockwright_desk.errors import KeeperAway
from lockwright_desk.helpdesk.custody import hsm, hsm_keys
from lockwright_desk.helpdesk.custody.errors import HsmKeyMissing, HsmKeyUnfit, HsmUnusable
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.keeping import Keeping
from lockwright_desk.helpdesk.custody.templates import PASSWORD, TOKEN_KEY
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit import interposer
from lockwright_testkit.waiting import listens, until

USES = ("ENCRYPT", "DECRYPT", "SIGN", "VERIFY", "WRAP", "UNWRAP", "DERIVE")
OWN = {
    Kind.WRAPPING: {"WRAP", "UNWRAP"},
    Kind.OPENING: {"WRAP", "UNWRAP"},
    Kind.MASTER: {"DERIVE"},
    Kind.SEAL: {"SIGN"},
}
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


def unfit(
    prefix: str, kind: Kind, other: NestedTemplate, *, size: int = 32
) -> Mapping[int, AttributeValue | Template]:
    """A key of a kind, fit but for some attributes."""
    uses: Template = {CKA[use]: use in OWN[kind] for use in USES}
    unwraps = {Kind.WRAPPING: TOKEN_KEY, Kind.OPENING: PASSWORD}.get(kind)
    inside: NestedTemplate = {CKA.UNWRAP_TEMPLATE: unwraps} if unwraps else {}
    return {
        CKA.CLASS: CKO.SECRET_KEY,
        CKA.KEY_TYPE: CKK.GENERIC_SECRET if kind is Kind.SEAL else CKK.AES,
        CKA.TOKEN: True,
        CKA.LABEL: hsm_keys.label_of(prefix, kind, 1),
        CKA.VALUE: secrets.token_bytes(size),
        **{int(CKA[name]): value for name, value in KEPT.items()},
        **uses,
        **inside,
        **other,
    }


@contextmanager
def there(bank: Bank, *keys: NestedTemplate) -> Iterator[None]:
    """Keys that the HSM has for the block."""
    with bank.session() as session:
        for key in keys:
            session.keys.create(key)
    try:
        yield
    finally:
        with bank.session() as session:
            for label in {key[CKA.LABEL] for key in keys}:
                for handle in session.objects.find({CKA.LABEL: str(label)}):
                    session.keys.destroy(handle)


def refused(bank: Bank, prefix: str) -> HsmKeyUnfit:
    settings = bank.settings
    with pytest.raises(HsmKeyUnfit) as error:
        Keeping(replace(settings, hsm=replace(settings.hsm, prefix=prefix, sessions=1)))
    return error.value


def test_a_key_with_another_use_or_that_can_be_changed_or_taken_out_is_refused_by_name(
    bank: Bank,
) -> None:
    with bank.session() as session:
        for kind in Kind:
            wrong = {use: use not in OWN[kind] for use in USES} | {
                name: not value for name, value in KEPT.items()
            }
            for name, value in wrong.items():
                key = unfit("unfit", kind, {CKA[name]: value})
                with session.temporary(session.keys.create(key)):
                    with pytest.raises(HsmKeyUnfit) as error:
                        hsm_keys.of_label(session, kind, str(key[CKA.LABEL]))
                    found = error.value.facts
                print(f"{kind}: {found['attribute']} = {value} is refused")  # noqa: T201  # `-s` shows it
                assert found["attribute"] == f"CKA_{name}"
                assert found["found"] == str(value)
                assert found["label"] == key[CKA.LABEL]


@pytest.mark.parametrize(
    ("kind", "other", "size", "attribute"),
    [
        (Kind.SEAL, {CKA.VERIFY: True}, 32, "CKA_VERIFY"),
        (Kind.MASTER, {CKA.ENCRYPT: True}, 32, "CKA_ENCRYPT"),
        (Kind.WRAPPING, {CKA.MODIFIABLE: True}, 32, "CKA_MODIFIABLE"),
        (Kind.OPENING, {CKA.EXTRACTABLE: True}, 32, "CKA_EXTRACTABLE"),
        (Kind.MASTER, {}, 16, "CKA_VALUE_LEN"),
        (Kind.MASTER, {CKA.KEY_TYPE: CKK.GENERIC_SECRET}, 32, "CKA_KEY_TYPE"),
        (Kind.WRAPPING, {CKA.UNWRAP_TEMPLATE: {}}, 32, "CKA_UNWRAP_TEMPLATE"),
        (
            Kind.WRAPPING,
            {CKA.UNWRAP_TEMPLATE: {**TOKEN_KEY, CKA.EXTRACTABLE: True}},
            32,
            "CKA_UNWRAP_TEMPLATE: CKA_EXTRACTABLE",
        ),
        (
            Kind.OPENING,
            {CKA.UNWRAP_TEMPLATE: {CKA.CLASS: CKO.SECRET_KEY, CKA.SENSITIVE: True}},
            32,
            "CKA_UNWRAP_TEMPLATE: CKA_KEY_TYPE",
        ),
    ],
)
def test_a_keeper_does_not_begin_with_a_key_that_is_not_fit(
    bank: Bank, kind: Kind, other: NestedTemplate, size: int, attribute: str
) -> None:
    with there(bank, unfit("unfit", kind, other, size=size)):
        assert refused(bank, "unfit").facts["attribute"] == attribute


def test_two_keys_with_one_label_are_refused_and_so_is_an_hsm_without_a_seal(bank: Bank) -> None:
    settings = bank.settings
    for prefix, kinds, label, number in (
        ("two", (Kind.SEAL, Kind.MASTER, Kind.MASTER), "two-derived-1", 2),
        ("none", (Kind.MASTER,), "none-seal", 0),
    ):
        keys = [unfit(prefix, kind, {}) for kind in kinds]
        with there(bank, *keys), pytest.raises(HsmKeyMissing) as error:
            Keeping(replace(settings, hsm=replace(settings.hsm, prefix=prefix)))

        assert error.value.facts == {"label": label, "number": number}


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("CKM_AES_ECB_ENCRYPT_DATA", "CKM_AES_ECB_ENCRYPT_DATA"),
        ("CKM_DES3_ECB", "CKM_DES3_ECB"),
        ("CKM_SHA256_HMAC", "CKM_SHA256_HMAC"),
        ("CKM_AES_KEY_WRAP,CKM_AES_KEY_WRAP_PAD", "CKM_AES_KEY_WRAP(_PAD)"),
        ("CKM_RSA_PKCS_OAEP", "CKM_RSA_PKCS_OAEP"),
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


def test_who_has_the_pin_can_read_a_derived_key_and_no_wrapped_one(bank: Bank) -> None:
    """What the attack page says: "derive only" is an oracle, the unwrap template is none."""
    readable = {**TOKEN_KEY, CKA.SENSITIVE: False, CKA.EXTRACTABLE: True}
    record = bank.record("D01", Custody.WRAPPED, value=bytes(range(1, 25)))
    assert record.wrapped is not None
    with bank.session() as session:
        master = hsm_keys.of_label(session, Kind.MASTER, f"{PREFIX}-derived-1")
        wrapping = hsm_keys.of_label(session, Kind.WRAPPING, f"{PREFIX}-wrapped-1")

        derived = session.keys.derive(CKM.AES_ECB_ENCRYPT_DATA, master, bytes(32), readable)

        assert len(session.objects.values(derived, (CKA.VALUE,))[CKA.VALUE]) == 24
        with pytest.raises(CkrError, match="CKR_TEMPLATE_INCONSISTENT"):
            session.keys.unwrap(CKM.AES_KEY_WRAP, wrapping, record.wrapped[1:], readable)


# --- the login ------------------------------------------------------------------------------------


def through_interposer(bank: Bank, patch: pytest.MonkeyPatch, plan: str) -> Hsm:
    """The HSM by a module that fails where it is told to."""
    for name, value in interposer.environment(bank.softhsm.module, plan).items():
        patch.setenv(name, value)
    settings = bank.settings.hsm
    return Hsm(replace(settings, module=interposer.interposer(), sessions=2))


@pytest.mark.parametrize(
    "plan",
    [
        "C_GetTokenInfo@1=0x5",
        "C_GetSlotList@1=0x5",
        "C_Initialize@1=0x5;C_GetTokenInfo@2=0x5",
        "C_Login@1=0x5;C_Login@3=crash",
    ],
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


def test_an_hsm_that_hangs_is_told_and_ends_the_keeper(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its service starts it anew; the one that waits in the module cannot be helped."""
    record = bank.record("H01", Custody.WRAPPED, value=bytes(range(1, 25)))
    monkeypatch.setattr(hsm, "_PATIENCE", 0.1)
    monkeypatch.setattr(hsm, "_HANGS", 0.1)
    for name, value in interposer.environment(bank.softhsm.module, "C_Encrypt@2=hang").items():
        monkeypatch.setenv(name, value)
    ended = threading.Event()
    with (
        bank.through(interposer.interposer()),
        bank.saying("sessions = 1\npatience = 1"),
        keeping(bank, ended.set) as client,
    ):
        with pytest.raises(KeeperAway, match="took too long"):
            client.respond(record, REQUEST)
        with pytest.raises(KeeperAway, match="its HSM hangs"):
            client.respond(record, REQUEST)
        assert ended.wait(60)


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
        until(lambda: listens(place.socket))
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
            until(lambda: listens(place.socket))
            found.add(answered(KeeperClient(place), record))
        finally:
            running.send_signal(ends)
            running.wait(60)
    assert len(found) == 1


def limits(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text()
