"""Waiting for a CA ends: it is asked less and less often, and no longer than the person waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo
from importlib.metadata import EntryPoint, entry_points
from itertools import islice
from pathlib import Path
from typing import Self

import pytest
from lockwright.enrol.ca.cmp_der import explicit, integer
from lockwright.enrol.ca.pauses import LONGEST, pauses
from lockwright.enrol.journal import Step
from lockwright.errors import CaAnswerBroken, EnrolmentWaits
from lockwright.models import Pending
from lockwright.models.steps import nobody
from lockwright.operations.enrolment import waiting
from lockwright.operations.enrolment.context import Patience
from lockwright.operations.enrolment.orders import Asked
from lockwright.operations.telling import Teller
from lockwright.pkcs11.der import NULL, SEQUENCE, encode
from lockwright.registry import Registry
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, Bank
from lockwright_testkit.bank import PASSWORD as OTP
from lockwright_testkit.cmp_ca import CmpCa, kind_of
from lockwright_testkit.est_server import Asked as Received
from lockwright_testkit.est_server import Reply

SECONDS = 2
HELD = explicit(23, encode(SEQUENCE, encode(SEQUENCE, integer(3))))
CONFIRMED = explicit(19, NULL)
"""Bodies of CMP messages: an error of the status *waiting*, and PKIConf (RFC 9810, 5.1.2)."""
TEXT = {"Content-Type": "text/plain"}


def waits(bank: Bank, patience: Patience) -> float:
    """Enrol at a CA that never decides.

    Returns:
        How long the person waited from the first answer on, in seconds.
    """
    begun: list[float] = []
    ca = bank.runner.authorities.get("bank")
    before = bank.server.instead

    def noted(asked: Received) -> Reply | None:
        if asked.method == "POST" and not begun:
            begun.append(time.monotonic())
        return before(asked)

    bank.server.instead = noted
    with pytest.raises(EnrolmentWaits):
        bank.runner.enrolments.enrol(
            bank.storage(), ca, Asked(LOGIN, Secret(OTP)), patience=patience
        )
    return time.monotonic() - begun[0]


def orders(bank: Bank) -> int:
    return sum(asked.method == "POST" for asked in bank.server.asked)


def now_or_never(bank: Bank, told: str) -> None:
    reply = Reply(202, b"a person looks at it", {**TEXT, "Retry-After": told})
    bank.server.instead = lambda asked: reply if asked.method == "POST" else None


@pytest.mark.parametrize("told", ["0", "Thu, 01 Jan 1970 00:00:00 GMT", "-5", "soon"])
def test_a_ca_that_says_at_once_is_asked_with_pauses_and_not_for_ever(
    bank: Bank, told: str
) -> None:
    now_or_never(bank, told)
    took = waits(bank, Patience(SECONDS))
    assert 1 <= orders(bank) <= 3
    assert took < SECONDS + 10
    assert bank.runner.enrolments.unfinished() != []


def test_the_same_over_cmp(bank: Bank) -> None:
    ca = CmpCa(bank.server)
    bank.configured(kind="cmp", url=f"{bank.server.url}/pkix")
    bank.server.instead = lambda asked: ca.waiting(asked) if asked.method == "POST" else None
    waits(bank, Patience(SECONDS))
    assert orders(bank) <= 5


def test_a_confirmation_that_the_ca_keeps_waiting_is_waited_for_without_patience_too(
    bank: Bank,
) -> None:
    """OpenSSL 3.5 does so; the certificate is there, and only the CA's word on it is not."""
    ca = CmpCa(bank.server)
    bank.configured(kind="cmp", url=f"{bank.server.url}/pkix")
    polls: list[Received] = []

    def keeps_waiting(asked: Received) -> Reply | None:
        if asked.method != "POST" or kind_of(asked) not in ("certConf", "pollReq"):
            return ca.answer(asked) if asked.method == "POST" else None
        if kind_of(asked) == "certConf":
            return ca.read(asked).answered(HELD)
        polls.append(asked)
        return ca.waiting(asked) if len(polls) == 1 else ca.read(asked).answered(CONFIRMED)

    bank.server.instead = keeps_waiting
    its = bank.runner.authorities.get("bank")
    given = Asked(LOGIN, Secret(OTP))
    bank.runner.enrolments.enrol(bank.storage(), its, given, patience=Patience(0))
    assert len(polls) == 2


def test_without_patience_the_person_is_told_at_once(bank: Bank) -> None:
    now_or_never(bank, "0")
    waits(bank, Patience(0))
    assert orders(bank) == 1


class SetBack(datetime):
    """The computer's clock, an hour late."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) - timedelta(hours=1)


def test_a_clock_that_is_set_back_makes_no_wait_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lockwright.enrol.ca.pauses.SHORTEST", 0.1)
    waits, pending = waiting.Waits("bank", 30, Teller(nobody)), Pending(datetime.now(UTC))
    assert waits.left <= 30
    waits.asked(pending)
    monkeypatch.setattr(waiting, "datetime", SetBack)
    begun = time.monotonic()
    waits.wait(pending)
    assert time.monotonic() - begun < 30
    assert waits.left <= 30


PORTAL = """
from datetime import datetime
from lockwright.adapter import hookimpl
from lockwright.models import CaRequirements, Pending

@hookimpl
def lockwright_ca_requirements():
    return CaRequirements()

@hookimpl
def lockwright_ca_enrol():
    return Pending(datetime(2030, 1, 1))
"""


def test_a_client_of_ones_own_that_names_a_time_without_a_zone_is_told_and_costs_no_key(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "portal_without_zone.py").write_text(PORTAL)
    monkeypatch.syspath_prepend(str(tmp_path))
    installed = entry_points(group="lockwright")
    portal = EntryPoint("portal", "portal_without_zone", "lockwright")
    bank.registry = Registry(found=[*installed, portal])
    bank.configured(kind="portal")
    bank.fails(CaAnswerBroken)
    bank.key_waits(Step.SENDING)


def test_a_patience_beyond_any_calendar_is_one(bank: Bank) -> None:
    bank.server.script("simpleenroll", Reply(202, b"a moment", {**TEXT, "Retry-After": "0"}))
    ca = bank.runner.authorities.get("bank")
    asked = Asked(LOGIN, Secret(OTP))
    bank.runner.enrolments.enrol(bank.storage(), ca, asked, patience=Patience(10.0**30))


def test_pauses_grow_to_a_bound() -> None:
    assert list(islice(pauses(), 7)) == [1, 2, 4, 8, 16, LONGEST, LONGEST]
