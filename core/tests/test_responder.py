"""The bank's side as a program uses it: what is refused, what is recorded, and that it is once."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import scrypt, sha256
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from lockwright import Config, Responder, Secret
from lockwright.audit import verify
from lockwright.audit.actor import actor
from lockwright.errors import (
    AuditUnwritable,
    DefaultKey,
    GroundsMissing,
    KeyUnusable,
    LedgerUnusable,
    LockwrightError,
    NotSupported,
    PluginRequired,
    RequestAnswered,
    RequestMalformed,
    RuleNotPublic,
    SerialMalformed,
    TooManyAnswers,
    UnknownVendor,
)
from lockwright.keys.response import KeyInHand
from lockwright.keys.source import GivenKey, HsmKey, given_key, hsm_module
from lockwright.ledger import Answer, Ledger, Limits
from lockwright.models import Grounds, Inquiry, KeyForm
from lockwright.pkcs11.constants import CKA
from lockwright.registry import Registry
from lockwright_testkit import responding_adapter as adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

SERIAL, REQUEST = "0B53001435596976", "A892 D756 0161 7C5D"
KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
GROUNDS = Grounds("anna", "she forgot her PIN", "4711")
POINT = EntryPoint(adapter.NAME, adapter.__name__, "lockwright")

Make = Callable[..., Responder]
APPROVAL = """
from lockwright.adapter import hookimpl
from lockwright.errors import NotSupported

seen = []

@hookimpl(wrapper=True)
def lockwright_respond(vendor, model, serial, grounds):
    seen.append((vendor, model, serial, grounds.ticket))
    if grounds.ticket == "4711":
        raise NotSupported(operation="answer a Request without a second person")
    return (yield)
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(audit=tmp_path / "audit.jsonl", ledger=tmp_path / "answered.db")


@pytest.fixture
def responder(config: Config) -> Responder:
    return Responder(config, registry=Registry(found=[POINT]))


def key(text: str = KEY, *, default_allowed: bool = False) -> GivenKey:
    return given_key(Secret(text), KeyForm.HEX, default_allowed=default_allowed)


def inquire(
    responder: Responder, request: str = REQUEST, model: str = adapter.KEY_MODEL
) -> Inquiry:
    return responder.inquire(adapter.NAME, model, SERIAL, request).value


def records(config: Config) -> list[dict[str, Any]]:
    assert config.audit is not None
    verify(config.audit)
    return [json.loads(line) for line in config.audit.read_bytes().splitlines()]


# --- a Request is read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["A892D75601617C5D", "a892-d756-0161-7c5d", " A892 D756 O161 7C5D ", "А892 D756 0161 7С5D"],
)
def test_a_request_is_read_as_people_write_it(responder: Responder, typed: str) -> None:
    assert inquire(responder, typed).request == bytes.fromhex(REQUEST)


def test_what_was_read_otherwise_is_noted(responder: Responder) -> None:
    heard = responder.inquire(adapter.NAME, adapter.KEY_MODEL, SERIAL, "А892 D756 O161 7C5D")

    assert len(heard.notes) == 2


@pytest.mark.parametrize(
    "typed", ["", "A892 D756 0161 7C5", "A892 D756 0161 7C5D 00", "A892 D756 0161 7C5G", "ЖЖЖЖ"]
)
def test_what_is_no_request_of_the_model_is_refused(responder: Responder, typed: str) -> None:
    with pytest.raises(RequestMalformed):
        inquire(responder, typed)


def test_white_space_in_a_serial_number_does_not_matter(responder: Responder) -> None:
    heard = responder.inquire(adapter.NAME, adapter.KEY_MODEL, " 0B53 0014 3559 6976\n", REQUEST)

    assert heard.value.serial == SERIAL


def test_a_vendor_that_is_not_installed_is_told_with_those_that_are(responder: Responder) -> None:
    with pytest.raises(UnknownVendor) as caught:
        responder.inquire("ghost", "M", SERIAL, REQUEST)

    assert caught.value.facts == {"vendor": "ghost", "known": (adapter.NAME,)}


def test_an_inquiry_made_by_hand_is_looked_at_once_more(responder: Responder) -> None:
    for vendor, model, error in (
        ("ghost", adapter.KEY_MODEL, UnknownVendor),
        (adapter.NAME, "Unheard of", RuleNotPublic),
    ):
        with pytest.raises(error):
            responder.respond(Inquiry(vendor, model, SERIAL, bytes(8)), key(), GROUNDS)


def test_a_model_whose_rule_is_not_public_is_refused_at_once(responder: Responder) -> None:
    with pytest.raises(RuleNotPublic) as caught:
        inquire(responder, model="Unheard of")

    assert caught.value.facts == {"model": "Unheard of"}
    assert "vendor's own workstation" in caught.value.advice


def test_an_adapter_without_a_rule_answers_nothing(tmp_path: Path, config: Config) -> None:
    softhsm = EntryPoint("softhsm", "lockwright_softhsm:adapter", "lockwright")
    responder = Responder(config, registry=Registry(found=[softhsm]))

    with pytest.raises(RuleNotPublic):
        responder.inquire("softhsm", "SoftHSM v2", SERIAL, REQUEST)


# --- it is answered once --------------------------------------------------------------------------


@pytest.mark.parametrize("isolate", [True, False])
def test_a_request_is_answered_and_then_never_again(config: Config, *, isolate: bool) -> None:
    responder = Responder(config, registry=Registry(found=[POINT]), isolate=isolate)
    inquiry = inquire(responder)

    response = responder.respond(inquiry, key(), GROUNDS)

    assert len(response) == 8
    with pytest.raises(RequestAnswered):
        responder.check(inquiry)
    with pytest.raises(RequestAnswered):
        responder.respond(inquiry, key(), GROUNDS)
    outcomes = [record["outcome"] for record in records(config) if record["event"] == "outcome"]
    assert outcomes == ["ok", "error"]


def test_a_request_that_could_not_be_answered_may_be_tried_again(responder: Responder) -> None:
    inquiry = inquire(responder)
    with pytest.raises(DefaultKey):
        responder.respond(inquiry, key("00" * 24), GROUNDS)
    with pytest.raises(KeyUnusable):
        responder.respond(inquiry, given_key(Secret("x"), KeyForm.PASSWORD), GROUNDS)

    assert responder.respond(inquiry, key(), GROUNDS)


def test_nothing_is_answered_where_it_cannot_be_noted(tmp_path: Path) -> None:
    config = Config(audit=tmp_path / "audit.jsonl", ledger=tmp_path)
    responder = Responder(config, registry=Registry(found=[POINT]))

    with pytest.raises(LedgerUnusable):
        responder.respond(inquire(responder), key(), GROUNDS)

    [_intent, outcome] = records(config)
    assert outcome["error"] == "ledger-unusable"


def test_nothing_is_answered_where_it_cannot_be_recorded(tmp_path: Path) -> None:
    config = Config(audit=tmp_path, ledger=tmp_path / "answered.db")
    responder = Responder(config, registry=Registry(found=[POINT]))

    with pytest.raises(AuditUnwritable):
        responder.respond(inquire(responder), key(), GROUNDS)

    assert not config.ledger_file.exists()


def test_an_answer_whose_record_fails_is_kept_back_and_used_up(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocking.py").write_text(
        "from pathlib import Path\n"
        "from lockwright.adapter import hookimpl\n"
        "@hookimpl(wrapper=True)\n"
        "def lockwright_respond():\n"
        "    response = yield\n"
        f"    file = Path({str(config.audit)!r})\n"
        "    file.unlink()\n"
        "    file.mkdir()\n"
        "    return response\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    blocking = EntryPoint("blocking", "blocking", "lockwright")
    responder = Responder(config, registry=Registry(found=[POINT, blocking]))
    inquiry = inquire(responder)

    with pytest.raises(AuditUnwritable) as caught:
        responder.respond(inquiry, key(), GROUNDS)

    assert "the Request is used up" in caught.value.cost
    with pytest.raises(RequestAnswered):
        responder.check(inquiry)


def test_a_limit_is_kept(tmp_path: Path) -> None:
    config = Config(audit=None, ledger=tmp_path / "answered.db", limits=Limits(per_serial=1))
    responder = Responder(config, registry=Registry(found=[POINT]))
    responder.respond(inquire(responder), key(), GROUNDS)

    other = inquire(responder, "0000 0000 0000 0001")
    with pytest.raises(TooManyAnswers):
        responder.check(other)
    with pytest.raises(TooManyAnswers):
        responder.respond(other, key(), GROUNDS)


def test_spellings_of_a_serial_number_do_not_pass_a_limit(tmp_path: Path) -> None:
    limits = Limits(per_serial=1, per_key=None)
    config = Config(audit=None, ledger=tmp_path / "answered.db", limits=limits)
    responder = Responder(config, registry=Registry(found=[POINT]))
    responder.respond(inquire(responder), key(), GROUNDS)

    for spelled in (SERIAL.lower(), SERIAL.removeprefix("0"), f"-{SERIAL[1:]}"):
        by_hand = Inquiry(adapter.NAME, adapter.KEY_MODEL, spelled, bytes(8))
        with pytest.raises(TooManyAnswers):
            responder.check(by_hand)
        with pytest.raises(TooManyAnswers):
            responder.respond(by_hand, key(), GROUNDS)


@pytest.mark.parametrize(
    "spelled", ["0\N{CYRILLIC CAPITAL LETTER VE}53", "0B\N{ZERO WIDTH SPACE}53"]
)
def test_letters_that_no_serial_number_has_are_refused(responder: Responder, spelled: str) -> None:
    with pytest.raises(SerialMalformed):
        responder.inquire(adapter.NAME, adapter.KEY_MODEL, spelled, REQUEST)
    by_hand = Inquiry(adapter.NAME, adapter.KEY_MODEL, spelled, bytes(8))
    with pytest.raises(SerialMalformed):
        responder.respond(by_hand, key(), GROUNDS)


def test_a_key_is_counted_whatever_serial_number_is_given_for_it(tmp_path: Path) -> None:
    config = Config(audit=None, ledger=tmp_path / "answered.db", limits=Limits(per_key=1))
    responder = Responder(config, registry=Registry(found=[POINT]))
    responder.respond(inquire(responder), key(), GROUNDS)

    with_other_parity = bytes(each ^ 1 for each in bytes.fromhex(KEY)).hex()
    other = Inquiry(adapter.NAME, adapter.KEY_MODEL, "another", bytes(8))
    for same in (KEY, with_other_parity):
        with pytest.raises(TooManyAnswers):
            responder.respond(other, key(same), GROUNDS)
    assert responder.respond(other, key(KEY[::-1]), GROUNDS)


@pytest.mark.parametrize("isolate", [True, False])
def test_a_key_in_an_hsm_is_counted_however_it_is_named(
    tmp_path: Path, softhsm: SoftHSM, *, isolate: bool
) -> None:
    """By label, by identifier, by both, with letters escaped, and as the file it came from."""
    config = Config(audit=None, ledger=tmp_path / "answered.db", limits=Limits(per_key=1))
    responder = Responder(config, isolate=isolate, registry=Registry(found=[POINT]))
    bank = softhsm.add_token("bankhsm")
    for value, label, key_id in ((KEY, "admin", b"\7"), (KEY[::-1], "other", b"\b")):
        add_key(softhsm, bank, bytes.fromhex(value), label, further={CKA.ID: key_id})

    def in_hsm(named: str) -> HsmKey:
        uri = f"pkcs11:token=bankhsm;{named}?module-path={softhsm.module}"
        return HsmKey(uri, hsm_module(uri), Secret(USER_PIN))

    responder.respond(inquire(responder), in_hsm("object=admin"), GROUNDS)
    other = Inquiry(adapter.NAME, adapter.KEY_MODEL, "another", bytes(8))
    for named in ("id=%07", "object=admin;id=%07", "id=%07;object=%61dmin;type=secret-key"):
        with pytest.raises(TooManyAnswers):
            responder.respond(other, in_hsm(named), GROUNDS)
    with pytest.raises(TooManyAnswers):
        responder.respond(other, key(), GROUNDS)
    assert responder.respond(other, in_hsm("object=other"), GROUNDS)


def test_a_key_is_counted_in_a_ledger_of_an_earlier_version(tmp_path: Path) -> None:
    """Its salt says that marks are made as they were then, by scrypt."""
    config = Config(audit=None, ledger=tmp_path / "answered.db", limits=Limits(per_key=1))
    ledger = Ledger(config.ledger_file)
    salt = ledger.salt(bytes(range(16)))
    first = KeyInHand(Secret(bytes.fromhex(KEY))).des3_ecb(b"ledger\0\0")
    mark = scrypt(first, salt=salt, n=2**14, r=8, p=1, dklen=16).hex()
    ledger.enter(Answer(b"earlier", "another", "anna", key=mark))
    responder = Responder(config, registry=Registry(found=[POINT]), isolate=False)

    with pytest.raises(TooManyAnswers):
        responder.respond(inquire(responder), key(), GROUNDS)
    assert responder.respond(inquire(responder), key(KEY[::-1]), GROUNDS)


def test_the_account_is_counted_whoever_the_operator_is_said_to_be(tmp_path: Path) -> None:
    config = Config(audit=None, ledger=tmp_path / "answered.db", limits=Limits(per_operator=1))
    responder = Responder(config, registry=Registry(found=[POINT]))
    responder.respond(inquire(responder), key(), GROUNDS)

    other = Inquiry(adapter.NAME, adapter.KEY_MODEL, "another", bytes(8))
    with pytest.raises(TooManyAnswers) as caught:
        responder.respond(other, key(KEY[::-1]), Grounds("boris", ticket="4712"))
    assert caught.value.facts["whom"] == actor()["user"]


def test_the_ledger_holds_nothing_that_tells_a_key(responder: Responder, config: Config) -> None:
    password = given_key(Secret("correct horse"), KeyForm.PASSWORD)
    responder.respond(inquire(responder, model=adapter.PASSWORD_MODEL), password, GROUNDS)
    written = config.ledger_file.read_bytes()

    for told in (b"correct horse", sha256(b"correct horse").hexdigest().encode()):
        assert told not in written


# --- who and why ----------------------------------------------------------------------------------


@pytest.mark.parametrize("grounds", [Grounds("", "why"), Grounds("anna"), Grounds("", ticket="1")])
def test_nothing_is_answered_without_who_and_why(
    responder: Responder, config: Config, grounds: Grounds
) -> None:
    with pytest.raises(GroundsMissing):
        responder.respond(inquire(responder), key(), grounds)

    assert not config.ledger_file.exists()


def test_the_record_tells_who_for_which_token_and_why_and_nothing_secret(
    responder: Responder, config: Config
) -> None:
    response = responder.respond(inquire(responder), key(), GROUNDS)

    intent, outcome = records(config)
    assert intent["hook"] == outcome["hook"] == "lockwright_respond"
    assert intent["token"] == {
        "serial": SERIAL,
        "model": adapter.KEY_MODEL,
        "label": "",
        "manufacturer": "",
    }
    assert intent["adapter"]["name"] == adapter.NAME
    assert intent["who"]["user"] == actor()["user"]
    assert intent["facts"] == {
        "operator": "anna",
        "reason": "she forgot her PIN",
        "ticket": "4711",
        "request_sha256": "36f54e5f5b9af69e",
        "key": "file",
        "default_key_allowed": False,
    }
    assert (outcome["outcome"], outcome["facts"]) == ("ok", {})
    written = json.dumps([intent, outcome]).upper()
    for secret in (KEY, response.reveal().hex().upper(), REQUEST.replace(" ", ""), REQUEST):
        assert secret not in written


def test_the_record_names_the_hsms_module(
    responder: Responder, config: Config, softhsm: SoftHSM
) -> None:
    uri = add_key(softhsm, softhsm.add_token("bankhsm"), bytes.fromhex(KEY), "admin")

    responder.respond(inquire(responder), HsmKey(uri, hsm_module(uri), Secret(USER_PIN)), GROUNDS)

    [intent, _outcome] = records(config)
    assert intent["module"] == str(softhsm.module)
    assert intent["facts"]["key"] == "hsm"


def test_a_banks_own_step_stands_around_every_answer(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "two_persons.py").write_text(APPROVAL)
    monkeypatch.syspath_prepend(str(tmp_path))
    approval = EntryPoint("two-persons", "two_persons", "lockwright")
    responder = Responder(config, registry=Registry(found=[POINT, approval]))
    inquiry = inquire(responder)

    with pytest.raises(NotSupported):
        responder.respond(inquiry, key(), GROUNDS)
    assert responder.respond(inquiry, key(), Grounds("anna", ticket="4712"))

    import two_persons  # type: ignore[import-not-found]  # noqa: PLC0415  # made above

    assert two_persons.seen == [
        (adapter.NAME, adapter.KEY_MODEL, SERIAL, "4711"),
        (adapter.NAME, adapter.KEY_MODEL, SERIAL, "4712"),
    ]
    assert records(config)[1]["error"] == "not-supported"


def test_a_plugin_that_is_required_and_missing_stops_it_all(tmp_path: Path) -> None:
    with pytest.raises(PluginRequired):
        Responder(Config(audit=None, require=("two-persons",)), registry=Registry(found=[POINT]))


def test_the_callers_key_is_left_to_the_caller(responder: Responder) -> None:
    given = key()
    responder.respond(inquire(responder), given, GROUNDS)

    assert given.value == Secret(bytes.fromhex(KEY))
    given.wipe()
    assert not given.value


def test_an_adapter_that_fails_is_told_without_what_it_held(
    responder: Responder, config: Config
) -> None:
    with pytest.raises(LockwrightError) as caught:
        responder.respond(inquire(responder, model=adapter.BROKEN_MODEL), key(), GROUNDS)

    assert caught.value.code == "adapter-broken"
    assert "could not use" not in json.dumps(records(config))
