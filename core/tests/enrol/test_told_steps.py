"""What the Python API tells of an enrolment while it goes: each step, its end, its honest time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from lockwright.errors import (
    IN_PLACE,
    NOTHING,
    CaLoginRefused,
    CaUnreachable,
    EnrolmentWaits,
    Interrupted,
)
from lockwright.models import StepNotice, StepState
from lockwright.operations.enrolment.context import Patience
from lockwright.operations.enrolment.orders import Asked
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, Bank
from lockwright_testkit.est_server import EstServer, Reply

BEGUN, DONE, FAILED, LEFT = (
    StepState.BEGUN,
    StepState.DONE,
    StepState.FAILED,
    StepState.LEFT,
)
LAST = ("checking", "writing", "proving", "learning")


class Told:
    """Hears of every step and keeps the order: one begins only when the last one ended."""

    def __init__(self) -> None:
        self.notices: list[StepNotice] = []

    def __call__(self, notice: StepNotice) -> None:
        self.notices.append(notice)

    @property
    def ended(self) -> list[tuple[str, StepState]]:
        """The steps and how each ended."""
        found: list[tuple[str, StepState]] = []
        now = None
        for notice in self.notices:
            if notice.state is BEGUN:
                assert now is None, f"{notice.step} begins within {now}"
                now = notice.step
            elif notice.state is not StepState.GOES_ON:
                assert now == notice.step
                now = None
                found.append((notice.step, notice.state))
        assert now is None
        return found

    @property
    def seconds(self) -> float:
        """What all steps took together."""
        return sum(each.seconds for each in self.notices if each.state in {DONE, FAILED, LEFT})


def done(*steps: str) -> list[tuple[str, StepState]]:
    return [(step, DONE) for step in steps]


def enrolled(bank: Bank, told: Told, seconds: float = 0, password: str = PASSWORD) -> None:
    ca = bank.runner.authorities.get("bank")
    asked = Asked(LOGIN, Secret(password))
    bank.runner.enrolments.enrol(bank.storage(), ca, asked, patience=Patience(seconds, told))


def test_each_step_begins_and_ends_and_the_times_add_up(bank: Bank) -> None:
    bank.device.set("delay.C_GenerateKeyPair", 300)
    told, begun = Told(), time.monotonic()
    enrolled(bank, told)
    took = time.monotonic() - begun

    before = ("asking", "opening", "knowing", "making", "signing", "sending")
    assert told.ended == done(*before, *LAST)
    assert PASSWORD not in repr(told.notices)
    (making,) = (each for each in told.notices if each.step == "making" and each.state is DONE)
    assert 0.3 <= making.seconds <= told.seconds <= took
    assert {each.seconds >= 0 for each in told.notices} == {True}


def test_a_wait_is_one_step_with_news_of_when_the_ca_is_asked(
    bank: Bank, server: EstServer
) -> None:
    server.script("simpleenroll", *[Reply(202, headers={"Retry-After": "0"})] * 2)
    told, begun = Told(), datetime.now(UTC)
    enrolled(bank, told, 60)

    waits = [each for each in told.notices if each.step == "waiting"]
    *news, end = waits
    assert [each.state for each in waits] == [BEGUN, StepState.GOES_ON, DONE]
    assert end.seconds >= 1
    for notice in news:
        assert notice.until is not None
        assert notice.end is not None
        assert begun <= notice.until <= notice.end <= begun + timedelta(seconds=90)
    assert told.ended[-len(LAST) :] == done(*LAST)


def test_a_no_fails_the_order_and_then_what_was_made_goes(bank: Bank) -> None:
    told = Told()
    with pytest.raises(CaLoginRefused):
        enrolled(bank, told, password="Wrong-7")

    assert told.ended[-2:] == [("sending", FAILED), ("undoing", DONE)]
    bank.nothing_changed()


def test_what_is_gone_on_with_tells_only_what_is_left(bank: Bank, server: EstServer) -> None:
    server.script("simpleenroll", Reply(202, headers={"Retry-After": "3600"}))
    told = Told()
    with pytest.raises(EnrolmentWaits):
        enrolled(bank, told, 0)
    assert told.ended[-2:] == done("signing", "sending")

    server.script("simpleenroll")
    (entry,) = bank.runner.enrolments.unfinished()
    told = Told()
    with pytest.raises(EnrolmentWaits):
        bank.runner.enrolments.resume(
            bank.storage(), password=Secret(PASSWORD), patience=Patience(0, told)
        )
    assert entry.step == "waiting"
    assert told.ended == done("opening")


def test_a_ca_that_cannot_be_asked_fails_the_asking(bank: Bank) -> None:
    bank.configured(url="https://localhost:1")
    told = Told()
    with pytest.raises(CaUnreachable):
        enrolled(bank, told)

    assert told.ended == [("asking", FAILED)]


@pytest.mark.parametrize(("step", "cost"), [("knowing", NOTHING), ("learning", IN_PLACE)])
def test_ctrl_c_before_anything_is_begun_and_after_all_is_done_says_so(
    bank: Bank, step: str, cost: str
) -> None:
    def pressed(notice: StepNotice) -> None:
        if notice.step == step and notice.state is BEGUN:
            raise KeyboardInterrupt

    ca, asked = bank.runner.authorities.get("bank"), Asked(LOGIN, Secret(PASSWORD))
    with pytest.raises(Interrupted) as ended:
        bank.runner.enrolments.enrol(bank.storage(), ca, asked, patience=Patience(0, pressed))

    assert ended.value.cost == cost
    assert bank.runner.enrolments.unfinished() == []
    assert len(bank.storage().content().containers) == (cost == IN_PLACE)
