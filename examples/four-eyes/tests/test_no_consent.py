"""What is no consent, or none to this, or stands in settings that mean nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from lockwright.audit.actor import account
from lockwright.bindings import load
from lockwright.errors import BrokenConfiguration, PlanStale
from lockwright.pkcs11.constants import CKA, CKM, CKU
from lockwright.pkcs11.session import Template
from lockwright_four_eyes import program
from lockwright_four_eyes.errors import ConsentsUnreachable, ConsentUnusable
from lockwright_testkit.softhsm import SoftHSM
from second_person import (  # noqa: F401  # pytest finds fixtures by their names
    BORIS,
    EVE,
    PIN,
    Full,
    Office,
    full_fixture,
    office_fixture,
)

P256 = bytes.fromhex("06082a8648ce3d030107")


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds")


def forged_ones() -> list[tuple[dict[str, str], str]]:
    """What is forged, and what is said of it; times are counted from now."""
    return [
        ({"who": account(), "key": account()}, "what they ask for themselves"),
        ({"who": BORIS, "key": account()}, "not signed by boris"),
        ({"who": EVE, "key": EVE}, "none of those who may"),
        ({"at": ago(minutes=16)}, "too old"),
        ({"at": ago(minutes=-15)}, "from the future"),
    ]


def test_a_consent_that_does_not_count_says_why(office: Office, full: Full) -> None:
    asked = full.asks(full.everything())
    for forged, reason in forged_ones():
        office.forge(asked, **forged)
        with pytest.raises(ConsentUnusable, match=reason) as caught:
            full.runner.apply(full.token, PIN, full.everything())
        (office.folder / "spool" / f"{asked}.consent").unlink()
        asked = str(caught.value.facts["anew"])

    assert full.left() == 2
    assert office.approve(asked, full.token.serial) == 0
    full.runner.apply(full.token, PIN, full.everything())
    assert full.left() == 0


OTHER: list[dict[str, object]] = [
    {"operation": "lockwright_wipe"},
    {"token": {"serial": "0000", "label": "", "model": "", "manufacturer": ""}},
    {"plan": "00" * 32},
    {"goes": []},
    {"asked_by": {"user": "anna", "host": "elsewhere"}},
]


def test_a_consent_to_something_else_is_none(office: Office, full: Full) -> None:
    for other in OTHER:
        office.forge(full.asks(full.everything()), **other)  # type: ignore[arg-type]  # named above

    full.asks(full.everything())
    assert full.left() == 2


def test_a_consent_is_of_no_use_once_the_token_has_other_content(
    office: Office, full: Full
) -> None:
    wipe = full.runner.plan_wipe(full.token, PIN)
    office.approve(full.asks(wipe), full.token.serial)
    full.runner.request(full.token, PIN, "CN=New", key_type="ec:p256")

    with pytest.raises(PlanStale):
        full.runner.apply(full.token, PIN, wipe)
    full.asks(full.runner.plan_wipe(full.token, PIN))
    assert full.left() == 3


def test_a_consent_whose_use_was_noted_is_not_used_again(office: Office, full: Full) -> None:
    asked = full.asks(full.everything())
    office.approve(asked, full.token.serial)
    (found,) = office.exchange.consents()

    assert office.exchange.use_up(found)
    assert not office.exchange.use_up(found)
    assert full.asks(full.everything()) != asked


def test_what_anybody_writes_into_the_folder_is_passed_over(office: Office, full: Full) -> None:
    asked = full.asks(full.everything())
    spool = office.folder / "spool"
    for name, text in [
        ("0000000000000000.consent", "{}"),
        ("0000000000000001.consent", '{"subject": {"id": "0000000000000001"}}'),
        ("../spool/x.consent", "[" * 9999),
        ("0000000000000002.asked", '{"id": "../../etc", "asked_by": {}}'),
        ("0000000000000003.asked", '{"id": "0000000000000003", "asked_by": {"user": 1e400}}'),
    ]:
        (spool / name).write_text(text)
    (good,) = office.exchange.waiting()
    for place, part in enumerate(good.keys() - {"id"}):
        lacking = {**good, "id": f"{place:016x}", part: [1]}
        (spool / f"{place:016x}.asked").write_text(json.dumps(lacking))

    assert program.main(["list"], office.settings) == 0
    assert full.asks(full.everything()) == asked
    assert office.approve(asked, full.token.serial) == 0
    full.runner.apply(full.token, PIN, full.everything())


def put_key(softhsm: SoftHSM, label: str) -> None:
    """Make a key by a program that takes any label."""
    named: Template = {CKA.TOKEN: True, CKA.ID: b"7", CKA.LABEL: label}
    loaded = load("pykcs11", softhsm.module)
    with loaded.open_session(loaded.slots()[0].token.slot) as session:
        session.login(CKU.USER, PIN)
        public: Template = {**named, CKA.EC_PARAMS: P256}
        private: Template = {**named, CKA.PRIVATE: True, CKA.SIGN: True}
        session.generate_key_pair(CKM.EC_KEY_PAIR_GEN, public, private)
    loaded.close()


def test_a_label_moves_no_cursor_of_the_second_person(
    office: Office, softhsm: SoftHSM, capsys: pytest.CaptureFixture[str]
) -> None:
    softhsm.add_token("Anna")
    put_key(softhsm, "a\x1b[2J\nb")
    with office.runner() as runner:
        full = Full(runner, runner.find())
        full.asks(full.everything())

    assert program.main(["list"], office.settings) == 0

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "[2J\ufffdb" in shown, "nor does it begin a line"


def test_where_the_folder_is_gone_nothing_is_destroyed(office: Office, full: Full) -> None:
    plan = full.everything()
    (office.folder / "spool").rmdir()

    with pytest.raises(ConsentsUnreachable):
        full.runner.apply(full.token, PIN, plan)
    assert full.left() == 2


WRONG: list[tuple[Callable[[str], str], str]] = [
    (lambda text: text.replace("boris.pem", "gone.pem"), "gone.pem: there is no such file"),
    (lambda text: text.replace("folder", "folter"), "folter"),
    (lambda text: text.partition("[")[0], "approvers"),
    (lambda text: f"minutes = 0\n{text}", "minutes"),
    (lambda text: f'{text}olga = "boris.pem"\n', "same key"),
]


def test_settings_that_mean_nothing_stop_what_is_guarded(office: Office, full: Full) -> None:
    plan, good = full.everything(), office.settings.read_text()
    for change, reason in WRONG:
        office.settings.write_text(change(good))
        with pytest.raises(BrokenConfiguration, match=reason):
            full.runner.apply(full.token, PIN, plan)

    assert full.left() == 2
