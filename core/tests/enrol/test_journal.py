"""The journal knows a token by all that it says of itself, and reads what was written before."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from lockwright import Config, Runner
from lockwright.enrol.journal import Entry, Journal, Step
from lockwright.errors import EnrolmentBusy, EnrolmentOpen, NoEnrolment
from lockwright.models import ModuleInfo, StorageKind, Token, TokenIdentity
from lockwright.registry import Registry

MODULE = ModuleInfo(Path("/opt/module.so"), "Maker", "module", (1, 0))
ONE = TokenIdentity("S1", "one", "M", "Maker", MODULE, 0, "reader", alone=True)
OTHERS = {
    "label": replace(ONE, label="two", slot=16),
    "model": replace(ONE, model="M2"),
    "manufacturer": replace(ONE, manufacturer="Other"),
    "module": replace(ONE, module=replace(MODULE, path=Path("/opt/other.so"))),
}


def entry(identity: TokenIdentity) -> Entry:
    token = Token(identity, "some", "a test")
    return Entry(
        place=token.name,
        ca="bank",
        login="anna",
        subject="CN=Anna",
        key_type="ec:p256",
        key_id=b"\1",
        label="Anna",
        token=identity.key,
        moves=identity.may_move,
    )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_two_tokens_of_one_serial_number_have_an_enrolment_each(
    journal: Journal, other: TokenIdentity
) -> None:
    first = journal.record(entry(ONE))
    assert journal.find("S1", other) is None
    second = journal.record(entry(other))
    assert (journal.find("S1", ONE), journal.find("S1", other)) == (first, second)
    assert journal.find("S1") is None, "which of them is not said"
    with (
        journal.held("S1", ONE),
        journal.held("S1", other),
        pytest.raises(EnrolmentBusy),
        journal.held("S1", ONE),
    ):
        pass
    journal.close(first)
    assert journal.entries() == [second]


def test_an_enrolment_goes_with_its_token_into_another_slot(journal: Journal) -> None:
    first = journal.record(entry(ONE))
    assert journal.find("S1", replace(ONE, slot=7)) == first
    assert journal.find("S1", replace(ONE, slot=7, alone=False)) is None, "there are two now"


def test_the_enrolment_of_a_double_is_not_taken_for_another_ones(journal: Journal) -> None:
    """Its token is away, so the other one looks as if it were alone."""
    journal.record(entry(replace(ONE, slot=16, alone=False)))
    assert journal.find("S1", ONE) is None


def test_a_token_without_a_serial_number_has_an_enrolment_under_its_label(
    journal: Journal,
) -> None:
    blank = replace(ONE, serial="", alone=True)
    made = journal.record(entry(blank))
    assert made.place == "one"
    assert journal.find("one", blank) == made
    assert journal.find("one", replace(blank, slot=1)) is None


def test_an_entry_of_the_version_before_is_found_by_its_serial_number(tmp_path: Path) -> None:
    made = Journal(tmp_path).record(entry(ONE))
    (file,) = tmp_path.glob("*.json")
    told = json.loads(file.read_text())
    file.unlink()
    old = {name: value for name, value in told.items() if name not in {"token", "moves"}}
    (tmp_path / "S1.json").write_text(json.dumps({**old, "version": 1}))
    config = Config(audit=None, journal=tmp_path)
    with Runner(config, registry=Registry(found=())) as runner:
        token = Token(ONE, "some", "a test")
        found = runner.enrolments.entry("S1", token)
        assert found == replace(made, token=None, moves=False)
        with pytest.raises(EnrolmentOpen):
            runner.enrolments.refuse_open("S1", token)
        with pytest.raises(NoEnrolment):
            runner.enrolments.entry("S2", Token(replace(ONE, serial="S2"), "some", "a test"))
    journal = Journal(tmp_path)
    journal.record(found)
    assert [path.name for path in tmp_path.glob("*.json")] == ["S1.json"]


def test_a_file_is_no_token_of_that_name(journal: Journal) -> None:
    journal.record(replace(entry(ONE), token=None, moves=False, storage=StorageKind.FILE))
    assert journal.find("S1", ONE) is None


@pytest.mark.parametrize(
    ("step", "sent"), [(Step.MAKING, False), (Step.SIGNING, False), (Step.SENDING, True)]
)
def test_an_order_of_the_version_before_that_may_have_gone_out_counts_as_sent(
    tmp_path: Path, step: Step, *, sent: bool
) -> None:
    journal = Journal(tmp_path)
    made = journal.record(replace(entry(ONE), step=step))
    (file,) = tmp_path.glob("*.json")
    told = json.loads(file.read_text())
    old = {name: value for name, value in told.items() if name not in {"sent", "known"}}
    file.write_text(json.dumps({**old, "version": 3}))
    assert journal.entries() == [replace(made, sent=sent)]


def test_an_entry_holds_as_much_as_a_ca_may_send(journal: Journal) -> None:
    big = tuple(bytes([n]) * 500_000 for n in range(2))
    made = journal.record(replace(entry(ONE), chain=big, known=big))
    assert journal.entries() == [made]
