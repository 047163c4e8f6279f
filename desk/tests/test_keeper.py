"""The keeper: Responses from inside the HSM, by each custody, and what it refuses."""

from __future__ import annotations

import json
import os
import secrets
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from hsm_bank import ADAPTER, MODEL, PREFIX, REQUEST, Bank, expected
from keeping import answered, keeping
from lockwright.audit import verify
from lockwright.errors import (
    DefaultKey,
    KeyUnusable,
    LockwrightError,
    RequestMalformed,
    RuleNotPublic,
    TooManyAnswers,
    UnknownVendor,
)
from lockwright.models import KeyForm
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright_desk.configuration.keeper import KeeperLimits
from lockwright_desk.errors import KeeperAway
from lockwright_desk.helpdesk.custody import hsm_keys, serving, wire
from lockwright_desk.helpdesk.custody.counts import Counts
from lockwright_desk.helpdesk.custody.errors import (
    HsmKeyMissing,
    KeeperForbids,
    KeeperLimit,
    KeyRecordAltered,
    PasswordNotKept,
)
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.port import KeyRecord, KeyVersionOf
from lockwright_desk.helpdesk.custody.schemes import derivation_data
from lockwright_desk.helpdesk.custody.serving import AT_ONCE
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.accounts import Account, can_change

KEY = secrets.token_bytes(24)
OTHER = secrets.token_bytes(24)
MASTER, WRAPPING = secrets.token_bytes(32), secrets.token_bytes(32)
SOMEBODY = Account(54321)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """An HSM whose master and wrapping key are known to the tests, as after a ceremony."""
    made = Bank(tmp_path_factory.mktemp("bank"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(made.softhsm.conf))
        made.begin()
        made.master(MASTER)
        made.wrapping_key(WRAPPING)
        with made.session() as session:
            hsm_keys.make(session, Kind.SEAL, f"{PREFIX}-seal")
        made.bring_object("B01", KEY)
        yield made


@pytest.fixture(scope="module")
def records(bank: Bank) -> dict[str, KeyRecord]:
    """Sealed records: of each custody, of another token, of a key that everybody knows."""
    with bank.session() as session:
        return {
            "object": bank.sealed(session, "B01", Custody.OBJECT, b""),
            "wrapped": bank.sealed(session, "B02", Custody.WRAPPED, KEY),
            "derived": bank.sealed(session, "B03", Custody.DERIVED, b""),
            "other": bank.sealed(session, "B04", Custody.WRAPPED, OTHER),
            "known": bank.sealed(session, "B05", Custody.WRAPPED, bytes(24)),
            "nothing": bank.sealed(session, "B06", Custody.OBJECT, b""),
            "no such model": bank.sealed(session, "B07", Custody.WRAPPED, KEY, "JaCarta GOST 2.0"),
        }


@pytest.fixture(scope="module")
def client(bank: Bank) -> Iterator[KeeperClient]:
    """A keeper that runs for all tests that leave it as it is."""
    with keeping(bank) as asks:
        yield asks


# --- what it answers ------------------------------------------------------------------------------


def test_a_key_of_each_custody_answers_as_software_does(
    client: KeeperClient, records: dict[str, KeyRecord]
) -> None:
    ecb = Cipher(algorithms.AES256(MASTER), modes.ECB()).encryptor()  # noqa: S305  # the scheme
    derived = ecb.update(derivation_data(ADAPTER, MODEL, "B03", 1))[:24]

    software = {"object": KEY, "wrapped": KEY, "derived": derived}
    for custody, key in software.items():
        response = answered(client, records[custody])
        print(f"{custody}: {REQUEST.hex()} -> {response.hex()}, software {expected(key).hex()}")  # noqa: T201  # `-s` shows it
        assert response == expected(key)
    assert records["wrapped"].wrapped == b"\x01" + aes_key_wrap(WRAPPING, KEY)


def test_what_is_derived_does_not_change_from_one_version_to_the_next() -> None:
    """A change would leave every derived token of a bank without its key."""
    data = derivation_data("jacarta", "JaCarta Laser", "4E470001", 1)

    assert data.hex() == ("01017c8bda406e24a1be373f0a0dadbf0201636f7c24918ff6cc7ac871261a44")
    assert derivation_data("jacarta", "JaCarta Laser", "4E470001", 2) != data
    assert derivation_data("jacarta", "JaCarta Lase", "r4E470001", 1) != data


def test_many_are_answered_at_once_and_a_silent_one_keeps_nobody_waiting(
    bank: Bank, client: KeeperClient, records: dict[str, KeyRecord]
) -> None:
    requests = [number.to_bytes(8, "big") for number in range(1, 61)]
    with closing(socket.socket(socket.AF_UNIX)) as silent, ThreadPoolExecutor(20) as askers:
        silent.connect(str(bank.settings.place.socket))
        found = askers.map(lambda each: answered(client, records["other"], each), requests)

        assert list(found) == [expected(OTHER, each) for each in requests]


# --- what it refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"serial": "B99"},
        {"model": "JaCarta Lasers"},
        {"adapter": "etoken", "model": "ID Prime MD"},
        {"custody": Custody.OBJECT},
        {"form": KeyForm.TEXT},
        {"label": "B01"},
        {"seal": None},
        {"seal": bytes(32)},
        {"version": None},
    ],
    ids=" ".join,
)
def test_a_record_that_was_changed_in_any_field_is_refused(
    client: KeeperClient, records: dict[str, KeyRecord], changed: dict[str, object]
) -> None:
    with pytest.raises((KeyRecordAltered, RuleNotPublic)) as error:
        client.respond(replace(records["wrapped"], **changed), REQUEST)  # type: ignore[arg-type]

    assert isinstance(error.value, KeyRecordAltered) or "model" in changed


def test_keys_that_were_exchanged_in_the_database_are_refused(
    client: KeeperClient, records: dict[str, KeyRecord]
) -> None:
    mine, other = records["wrapped"], records["other"]
    with_key = replace(mine, wrapped=other.wrapped)
    for exchanged in (with_key, replace(with_key, seal=other.seal)):
        with pytest.raises(KeyRecordAltered) as error:
            client.respond(exchanged, REQUEST)
        assert error.value.facts["serial"] == "B02"
    label = replace(mine, version=KeyVersionOf(1, "lockwright-wrapped-1", "00" * 32))
    with pytest.raises(KeyRecordAltered):
        client.respond(label, REQUEST)


def test_an_earlier_record_of_a_token_is_answered_with_the_key_that_it_had(
    bank: Bank, client: KeeperClient
) -> None:
    """A seal says nothing of age; what that is worth the page of attacks says."""
    with bank.session() as session:
        earlier = bank.sealed(session, "B10", Custody.WRAPPED, OTHER)
        newest = bank.sealed(session, "B10", Custody.WRAPPED, KEY)

    assert answered(client, earlier) == expected(OTHER)
    assert answered(client, newest) == expected(KEY)


@pytest.mark.parametrize(
    ("which", "request_", "error"),
    [
        ("known", REQUEST, DefaultKey),
        ("wrapped", REQUEST[:7], RequestMalformed),
        ("wrapped", REQUEST * 2, RequestMalformed),
        ("nothing", REQUEST, HsmKeyMissing),
        ("no such model", REQUEST, RuleNotPublic),
    ],
)
def test_no_response_is_given_for(
    client: KeeperClient,
    records: dict[str, KeyRecord],
    which: str,
    request_: bytes,
    error: type[LockwrightError],
) -> None:
    with pytest.raises(error):
        client.respond(records[which], request_)


def test_a_model_that_needs_a_password_says_that_no_custody_keeps_one(
    client: KeeperClient, records: dict[str, KeyRecord]
) -> None:
    for record in (
        replace(records["wrapped"], form=KeyForm.PASSWORD),
        replace(records["wrapped"], adapter="etoken", model="eToken"),
    ):
        with pytest.raises(PasswordNotKept, match="in clear"):
            client.respond(record, REQUEST)


def test_an_adapter_that_is_not_installed_is_named(
    client: KeeperClient, records: dict[str, KeyRecord]
) -> None:
    with pytest.raises(UnknownVendor, match="nobody"):
        client.respond(replace(records["wrapped"], adapter="nobody"), REQUEST)


def saying(**changed: object) -> bytes:
    """A question with something else in it, as it passes."""
    key = KeyRecord(ADAPTER, MODEL, "B02", Custody.WRAPPED, KeyForm.HEX)
    told = json.dumps({**json.loads(wire.question(key, REQUEST)), **changed}).encode()
    return struct.pack(">I", len(told)) + told


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0",
        struct.pack(">I", 2**31) + b"x",
        struct.pack(">I", 2) + b"{}",
        struct.pack(">I", 7) + b'{"v":2}',
        struct.pack(">I", 4) + b"\xff\xfe\xff\xff",
        struct.pack(">I", 9000) + b"[" * 9000,
        saying(serial="\ud800"),  # no text that anybody could seal
        saying(version=[1e400, "a", "b"]),
    ],
)
def test_what_is_no_question_is_answered_with_an_error_and_the_next_one_is_served(
    bank: Bank, client: KeeperClient, records: dict[str, KeyRecord], said: bytes
) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as odd:
        odd.connect(str(bank.settings.place.socket))
        odd.sendall(said)
        odd.shutdown(socket.SHUT_WR)
        odd.settimeout(20)
        told = b"".join(iter(lambda: odd.recv(4096), b""))

    assert b"key-unusable" in told
    assert answered(client, records["wrapped"]) == expected(KEY)


@can_change
def test_another_account_is_refused_unless_it_is_named(
    bank: Bank, records: dict[str, KeyRecord]
) -> None:
    record = records["wrapped"]
    with TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        place = f'socket = "{open_to_all}/keeper.sock"\n'
        for named, theirs, ours in (
            ("", KeeperAway.code, ""),  # the file itself is the keeper's alone
            (f'users = ["{SOMEBODY.uid}"]', "", KeeperForbids.code),
            (f'groups = ["{SOMEBODY.uid}"]', "", KeeperForbids.code),
            ('users = ["root", "54322"]', KeeperForbids.code, ""),
        ):
            with bank.saying(place + named), keeping(bank) as client:
                assert SOMEBODY.does(lambda: told(client, record)) == theirs, named
                assert told(client, record) == ours, named


@can_change
def test_accounts_that_are_not_allowed_keep_nobody_waiting(
    bank: Bank, records: dict[str, KeyRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The socket is open to every account of the computer, which needs no more than to connect."""
    monkeypatch.setattr(serving, "_FAREWELL", 60)  # as if they connected again all the time
    with TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        place = f'socket = "{open_to_all}/keeper.sock"\nusers = ["root", "54322"]'
        with bank.saying(place), keeping(bank) as client, strangers(bank, 2 * AT_ONCE):
            assert answered(client, records["other"]) == expected(OTHER)


@contextmanager
def strangers(bank: Bank, many: int) -> Iterator[None]:
    """Another account that holds connections until the block ends."""
    ready, over, place = os.pipe(), os.pipe(), str(bank.settings.place.socket)

    def connect() -> None:
        os.close(over[1])
        held = [socket.socket(socket.AF_UNIX) for _each in range(many)]
        for each in held:
            each.connect(place)
        os.write(ready[1], b".")
        os.read(over[0], 1)  # until the block's end is closed

    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(SOMEBODY.does, connect)
        running.add_done_callback(lambda _done: os.write(ready[1], b"!"))
        try:
            assert os.read(ready[0], 1) == b".", running.result()
            yield
        finally:
            os.close(over[1])
            running.result()
    for each in (*ready, over[0]):
        os.close(each)


def told(client: KeeperClient, record: KeyRecord) -> str:
    """The code of the error that somebody gets; empty for a Response."""
    try:
        assert answered(client, record) == expected(KEY)
    except LockwrightError as error:
        return error.code
    return ""


def test_an_account_that_the_system_does_not_know_is_told(bank: Bank) -> None:
    with bank.saying('users = ["no-such-account"]'):
        ended = bank.run("keeper")

    assert ended.code == 3
    assert "no-such-account" in ended.err


def test_each_answer_and_each_refusal_is_in_the_keepers_own_trail(
    bank: Bank, records: dict[str, KeyRecord]
) -> None:
    with bank.saying('audit = "own.jsonl"'):
        file = bank.settings.audit
        with keeping(bank) as client:
            answered(client, records["wrapped"])
            with pytest.raises(KeyRecordAltered):
                client.respond(replace(records["wrapped"], serial="B99"), REQUEST)

    assert verify(file).operations == 2
    told = [json.loads(line) for line in file.read_text().splitlines()]
    outcomes = [each.get("outcome") for each in told if each["event"] == "outcome"]
    assert outcomes == ["ok", "error"]
    asked = next(each["facts"] for each in told if each["event"] == "intent")
    assert (asked["serial"], asked["version"]) == ("B02", "lockwright-wrapped-1")
    assert REQUEST.hex() not in file.read_text().lower()


# --- how often ------------------------------------------------------------------------------------


def test_the_keeper_keeps_its_own_limits_also_when_it_is_started_again(
    bank: Bank, records: dict[str, KeyRecord]
) -> None:
    first, second, third = (secrets.token_bytes(8) for _each in range(3))
    record, other = records["wrapped"], records["other"]
    limits = {"per_hour": 3, "per_token": 2}
    with bank.saying("", limits):
        with keeping(bank) as client:
            for request in (first, second, first):  # asked again, it is the same Response
                assert answered(client, record, request) == expected(KEY, request)
            with pytest.raises(DefaultKey):  # no Response, so nothing to be counted
                client.respond(records["known"], third)
        with keeping(bank) as client:
            with pytest.raises(TooManyAnswers, match="B02"):
                client.respond(record, third)
            assert answered(client, other, third) == expected(OTHER, third)
            with pytest.raises(KeeperLimit, match="3 Requests within 1 h"):
                client.respond(other, first)
            assert answered(client, record, second) == expected(KEY, second)


def test_what_is_older_than_a_day_is_not_counted_any_more(
    bank: Bank, tmp_path: Path, records: dict[str, KeyRecord]
) -> None:
    now = [1_800_000_000.0]
    limits = KeeperLimits(per_hour=1, per_day=2, per_token=9)
    with closing(Counts(tmp_path / "counts.db", limits, lambda: now[0])) as counts:

        def count(request: bytes) -> None:
            with counts.counted(records["wrapped"], request):
                pass

        count(b"1")
        with pytest.raises(KeeperLimit, match="within 1 h"):
            count(b"2")
        now[0] += 3601
        count(b"2")
        now[0] += 3601
        with pytest.raises(KeeperLimit, match="within 24 h"):
            count(b"3")
        now[0] += 24 * 3600
        count(b"3")


def test_of_two_who_ask_the_same_at_once_the_one_that_fails_takes_no_count_from_the_other(
    tmp_path: Path, records: dict[str, KeyRecord]
) -> None:
    limits = KeeperLimits(per_hour=1, per_day=1, per_token=1)
    with closing(Counts(tmp_path / "counts.db", limits)) as counts:
        record = records["wrapped"]

        def fails_beside(other: ExitStack) -> None:
            with counts.counted(record, b"1"):
                other.enter_context(counts.counted(record, b"1"))
                raise HsmKeyMissing(label="x", number=0)

        with ExitStack() as given, pytest.raises(HsmKeyMissing):
            fails_beside(given)

        with pytest.raises(KeeperLimit), counts.counted(record, b"2"):
            pass


# --- the HSM goes away ----------------------------------------------------------------------------


def lose_sessions(bank: Bank) -> None:
    """What a network HSM does when its line breaks: no session is left, nobody is logged in."""
    cryptoki = Cryptoki(bank.softhsm.module)
    for slot in cryptoki.slots():
        cryptoki.call("C_CloseAllSessions", slot)


def test_sessions_that_were_lost_are_opened_again_while_many_ask(
    bank: Bank, records: dict[str, KeyRecord]
) -> None:
    requests = [secrets.token_bytes(8) for _each in range(40)]
    with bank.saying(""), keeping(bank) as client, ThreadPoolExecutor(8) as ask:
        for part in (requests[:20], requests[20:]):
            lose_sessions(bank)
            found = ask.map(lambda each: answered(client, records["other"], each), part)
            assert list(found) == [expected(OTHER, each) for each in part]


def test_a_pin_that_became_wrong_is_sent_once_and_never_again(
    bank: Bank, records: dict[str, KeyRecord]
) -> None:
    file = bank.folder / "keeper-pin"
    right = file.read_text()
    with bank.saying(""), keeping(bank) as client:
        try:
            file.write_text("Wrong-pin-1\n")
            lose_sessions(bank)
            with pytest.raises(KeeperAway, match="HSM does not let it in"):
                client.respond(records["wrapped"], REQUEST)
        finally:
            file.write_text(right)
        with pytest.raises(KeeperAway, match="HSM does not let it in"):  # not sent, though right
            client.respond(records["wrapped"], REQUEST)


def test_a_key_that_was_put_in_the_place_of_another_is_refused(bank: Bank) -> None:
    """What is derived of it would be no key of any token, and cost the client a try."""
    with bank.saying('prefix = "replaced"'):
        bank.make_keys("replaced")
        with bank.session() as session:
            record = bank.sealed(session, "B09", Custody.DERIVED, b"", prefix="replaced")
        with keeping(bank) as client:
            assert answered(client, record)
            with bank.session() as session:
                session.keys.destroy(hsm_keys.of_label(session, Kind.MASTER, "replaced-derived-1"))
                hsm_keys.make(session, Kind.MASTER, "replaced-derived-1")
            for _each in range(bank.settings.hsm.sessions):
                with pytest.raises(KeyUnusable, match="another key with the label"):
                    client.respond(record, REQUEST)
