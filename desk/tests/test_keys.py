"""``lockwright-desk keys``: versions made, lists taken in, tokens that hang on them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hsm_bank import ADAPTER, MODEL, PREFIX, REQUEST, Bank, expected
from key_desk import ADMINISTRATOR, KeyDesk
from lockwright.errors import (
    KeyUnusable,
    LockwrightError,
    SecretFileExposed,
    SecretFileMissing,
)
from lockwright.keys.response import PasswordInHand
from lockwright.models import KeyForm
from lockwright.pkcs11.constants import CKA
from lockwright.secret import Secret
from lockwright_desk.helpdesk.custody import hsm_keys
from lockwright_desk.helpdesk.custody.assigning import Wanted, assign
from lockwright_desk.helpdesk.custody.errors import HsmKeyUnfit, IntakeEnded
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.importing import KeyList, import_keys
from lockwright_desk.helpdesk.custody.versions import make
from lockwright_desk.signin.roles import NotAllowed, Role, Who
from lockwright_desk.store.tables.register import Custody
from lockwright_etoken import adapter
from lockwright_testkit import interposer
from lockwright_testkit.sim import SO_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from postgres_cluster import Cluster

OF_MODEL = ("--adapter", ADAPTER, "--model", MODEL)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """An HSM without a key."""
    made = Bank(tmp_path_factory.mktemp("bank"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(made.softhsm.conf))
        made.begin()
        yield made


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> KeyDesk:
    """A desk whose HSM has the first version of both keys, made by the command."""
    made = KeyDesk(tmp_path_factory.mktemp("desk"), bank)
    for custody in ("wrapped", "derived"):
        ended = made.home.run("keys", "make", "--custody", custody, "--json")
        assert ended.code == 0, ended.err
        assert ended.document == {
            "custody": custody,
            "number": 1,
            "label": f"lockwright-{custody}-1",
            "found": False,
            "seal_made": custody == "wrapped",
        }
    return made


def key() -> bytes:
    return secrets.token_bytes(24)


# --- a list is taken in ---------------------------------------------------------------------------


def test_keys_of_a_list_answer_afterwards_in_every_way_in_which_they_may_be_written(
    desk: KeyDesk,
) -> None:
    long, short = key(), key()[:16]
    desk.add("AA01", "AA02", "AA03")
    rows = [
        "\ufeffserial;key",
        f"aa 01;{long.hex(' ').upper()}",
        "",
        f'"AA02";"{short.hex()}"\r',
    ]
    file = desk.file_of("keys.csv", rows)

    ended = desk.home.run("keys", "import", str(file), *OF_MODEL)
    of_all = desk.take(
        [f"{ADAPTER}\t{MODEL}\tAA03\tПароль, 12\t3"], KeyForm.TEXT, adapter=None, model=None
    )

    assert ended.code == 0, ended.err
    assert "2 keys were taken in, under version 1." in ended.out
    assert "Destroy the list now" in ended.err
    assert (of_all.stored, of_all.refused) == (True, [])
    text = "Пароль, 12\t3".encode().ljust(24, b"\0")
    assert desk.response("AA01", "AA02", "AA03") == [expected(each) for each in (long, short, text)]


def test_a_list_is_stored_as_a_whole_or_not_at_all_and_each_bad_row_is_named(
    desk: KeyDesk,
) -> None:
    desk.add("AB01", "AB02", "AB03")
    rows = (
        (f"AB01,{key().hex()}", ""),
        (f"AB01,{key().hex()}", "line 1"),
        (f"AB09,{key().hex()}", "register has no such token"),
        ("AB02,1234", "32 or 48 hexadecimal digits"),
        (f"AB02,{'00' * 24}", "everybody knows"),
        (f"A-Я,{key().hex()}", "no serial number"),
        ("AB03", "not all columns"),
        ("AB03,", "the key is empty"),
    )
    file = desk.file_of("bad.csv", [row for row, _wrong in rows])

    ended = desk.home.run("keys", "import", str(file), *OF_MODEL, "--json")

    assert ended.code == 30
    assert (ended.document["taken"], ended.document["stored"]) == (1, False)
    told = {each["line"]: each["reason"] for each in ended.document["refused"]}
    for number, (_row, wrong) in enumerate(rows, start=1):
        assert (wrong in told[number]) if wrong else number not in told
    with pytest.raises(KeyUnusable):
        desk.record("AB01")


def test_a_dry_run_says_the_same_and_stores_nothing(desk: KeyDesk) -> None:
    desk.add("AC01")
    file = desk.file_of("dry.csv", [f"AC01,{key().hex()}"])

    ended = desk.home.run("keys", "import", str(file), *OF_MODEL, "--dry-run")

    assert ended.code == 0
    assert "1 key can be taken in" in ended.out
    with pytest.raises(KeyUnusable):
        desk.record("AC01")


def test_a_key_is_replaced_only_where_that_is_said(desk: KeyDesk) -> None:
    first, second = key(), key()
    desk.add("AD01")
    rows = [f"AD01,{second.hex()}"]

    assert desk.take([f"AD01,{first.hex()}"]).stored
    assert "--replace" in desk.take(rows).refused[0].reason
    assert desk.response("AD01") == [expected(first)]
    assert desk.take(rows, replace=True).stored
    assert desk.response("AD01") == [expected(second)]


def test_columns_that_were_swapped_show_no_key(desk: KeyDesk) -> None:
    value = key().hex().upper()
    desk.add("AE01")
    for rows, form in (
        ([f"{value},AE01"], KeyForm.HEX),
        ([f"{value},AE01"], KeyForm.TEXT),
        (["serial,key", f"{value},{value[:30]}"], KeyForm.HEX),
        ([f"{value},{MODEL},AE01,{value}"], KeyForm.HEX),
    ):
        of_all = len(rows[0].split(",")) != 4
        done = desk.take(
            rows, form, adapter=ADAPTER if of_all else None, model=MODEL if of_all else None
        )
        assert [each.line for each in done.refused] == [len(rows)]
        assert value not in str(done)
    ended = desk.home.run(
        "keys", "import", str(desk.folder / "taken.csv"), "--key-format", "text", "--verbose"
    )
    assert ended.code == 30
    assert value not in ended.out + ended.err
    assert value not in desk.audit.read_text()


@pytest.mark.parametrize(
    ("what", "error"), [("exposed", SecretFileExposed), ("missing", SecretFileMissing)]
)
def test_a_list_that_others_can_read_or_that_is_not_there_is_not_taken_in(
    desk: KeyDesk, what: str, error: type[LockwrightError]
) -> None:
    file = desk.file_of(f"{what}.csv", [f"AA04,{key().hex()}"])
    if what == "exposed":
        file.chmod(0o640)
    else:
        file.unlink()

    with desk.register() as register, pytest.raises(error):
        import_keys(register, ADMINISTRATOR, desk.bank.settings, KeyList(str(file), KeyForm.HEX))


def test_a_model_that_needs_a_password_is_refused_with_the_reason(desk: KeyDesk) -> None:
    desk.add("0a1b2c3d", adapter="etoken", model="eToken")

    listed = desk.take(["0a1b2c3d,Harbor-123"], KeyForm.TEXT, adapter="etoken", model="eToken")
    assigned = desk.home.run(
        *("keys", "assign", "--custody", "derived", "--adapter", "etoken", "--model", "eToken")
    )

    assert "--key-format password" in listed.refused[0].reason
    assert assigned.code == 30
    assert "in clear, by the vendor's own function" in assigned.err


def test_a_password_is_opened_by_a_process_that_ends_with_the_answer(
    desk: KeyDesk, sim: SimulatorFactory
) -> None:
    """The vendor's function, which a simulated module of the vendor's has, makes the Response."""
    module = sim("etoken").module
    table = f'[keeper.adapters.etoken]\nmodules = ["{module}"]\n'
    serials = ("00c0ffee", "00c0ffed")
    desk.add(*serials, adapter="etoken", model="eToken")
    assert desk.make(Custody.OPENED).label == "lockwright-opened-1"
    rows = [f"{serials[0]};Пароль, 1", f"{serials[1]};{SO_PIN}"]

    taken = desk.take(rows, KeyForm.PASSWORD, adapter="etoken", model="eToken")

    assert taken.stored, taken.refused
    found = {len(desk.record(serial).wrapped or b"") for serial in serials}
    assert len(found) == 1  # not even their lengths are told
    with desk.bank.saying("", tables=table):
        first, second = desk.response(*serials)
    settings = {"modules": [str(module)]}
    for got, password in ((first, "Пароль, 1"), (second, SO_PIN)):
        key = PasswordInHand(Secret(password))
        assert got == adapter.lockwright_respond("eToken", REQUEST, key, settings)


def test_a_process_that_is_killed_over_a_list_leaves_nothing_stored(
    desk: KeyDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the module that ends it, at the second key."""
    desk.add("AF01", "AF02")
    plan = "C_WrapKey@3=crash"  # the first is that of the mark
    for name, value in interposer.environment(desk.bank.softhsm.module, plan).items():
        monkeypatch.setenv(name, value)
    with desk.bank.through(interposer.interposer()), pytest.raises(IntakeEnded):
        desk.take([f"AF01,{key().hex()}", f"AF02,{key().hex()}"])

    with pytest.raises(KeyUnusable):
        desk.record("AF01")


# --- derived keys, and objects --------------------------------------------------------------------


def test_tokens_without_a_key_get_a_derived_one_and_those_with_one_keep_it(desk: KeyDesk) -> None:
    value = key()
    desk.add("BA01", "BA02", "BA03")
    assert desk.take([f"BA01,{value.hex()}"]).stored

    ended = desk.home.run("keys", "assign", "--custody", "derived", *OF_MODEL, "--json")

    assert ended.code == 0, ended.err
    kept, *derived = desk.response("BA01", "BA02", "BA03")
    assert kept == expected(value)
    assert len(set(derived)) == 2
    assert desk.record("BA02").custody is Custody.DERIVED


def test_an_object_of_its_own_is_assigned_where_the_hsm_has_a_fit_one(desk: KeyDesk) -> None:
    value = key()
    for label, content in (("CA01", value), ("CA02", bytes(24))):
        desk.bank.bring_object(label, content)
    desk.add("CA01", "CA02", "CA03")

    done = desk.assign(Custody.OBJECT)

    assert done.done == 1
    assert done.refused["default-key"] == 1
    assert done.refused.keys() == {"default-key", "hsm-key-missing"}
    assert {"CA02", "CA03"} <= set(done.serials)
    assert desk.response("CA01") == [expected(value)]


# --- versions -------------------------------------------------------------------------------------


def test_old_tokens_stay_with_their_version_and_rollover_shows_them(desk: KeyDesk) -> None:
    desk.add("DA01", "DA02")
    assert desk.assign(Custody.DERIVED, "DA01").version == 1
    before = desk.response("DA01")

    assert desk.make(Custody.DERIVED).number == 2

    assert desk.assign(Custody.DERIVED, "DA02").version == 2
    assert desk.response("DA01") == before
    shown = desk.home.run("keys", "rollover", "--custody", "derived", "--json").document
    [old] = shown["versions"]
    assert (old["number"], old["label"]) == (1, "lockwright-derived-1")
    hanging = {each["serial"] for each in old["hanging"]}
    assert "DA01" in hanging
    assert "DA02" not in hanging
    listed = desk.home.run("keys", "list", "--json").document["versions"]
    assert {each["label"]: each["tokens"] for each in listed}["lockwright-derived-2"] == 1
    assert desk.assign(Custody.DERIVED, "DA01").version == 2  # it got a new key at the bank
    assert desk.response("DA01") != before


def test_a_key_that_a_ceremony_left_in_the_hsm_is_taken_if_it_is_fit(desk: KeyDesk) -> None:
    with desk.bank.session() as session:
        hsm_keys.make(session, Kind.WRAPPING, "lockwright-wrapped-2")

    made = desk.make(Custody.WRAPPED)

    assert (made.number, made.found) == (2, True)
    desk.bank.bring("lockwright-wrapped-3", bytes(range(32)), {})
    with pytest.raises(HsmKeyUnfit):
        desk.make(Custody.WRAPPED)
    with desk.bank.session() as session:
        [wrong] = session.objects.find({CKA.LABEL: "lockwright-wrapped-3"})
        session.keys.destroy(wrong)
    assert (desk.make(Custody.WRAPPED).found) is False


# --- who may, and where ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_changes_keys(desk: KeyDesk, role: Role) -> None:
    who = Who("anna", frozenset({role}))
    settings = desk.bank.settings
    keys = KeyList("keys.csv", KeyForm.HEX)
    wanted = Wanted(Custody.DERIVED, ADAPTER, MODEL)
    with desk.register() as register, desk.hsm() as hsm:
        with pytest.raises(NotAllowed):
            make(register, who, hsm, PREFIX, Custody.WRAPPED)
        with pytest.raises(NotAllowed):
            assign(register, who, hsm, settings, wanted)
        with pytest.raises(NotAllowed):
            import_keys(register, who, settings, keys)


def test_a_postgresql_takes_a_list_in_and_its_tokens_answer(
    tmp_path: Path, bank: Bank, postgres: Cluster
) -> None:
    value = key()
    url = postgres.database(f"desk_{secrets.token_hex(8)}")
    with bank.saying('prefix = "other"'):
        desk = KeyDesk(tmp_path, bank, url)
        desk.make(Custody.WRAPPED)
        desk.add("EA01")

        assert desk.take([f"EA01,{value.hex()}"]).stored

        assert desk.response("EA01") == [expected(value)]
