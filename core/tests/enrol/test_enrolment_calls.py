"""How many calls a token gets for an enrolment; the rest of what is on it does not matter."""

from __future__ import annotations

import os

import pytest
from lockwright.bindings import BINDINGS
from lockwright.operations.enrolment.orders import Asked
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, Bank
from lockwright_testkit.filling import PARTS, fill

SIZES = [3, 20, *map(int, os.environ.get("CONTAINERS", "").split())]
"""Containers on the token; ``make growth`` gives more."""
HANDLES = 256
"""A search is given at most that many at a time."""


@pytest.fixture(params=BINDINGS)
def bank(bank: Bank, request: pytest.FixtureRequest) -> Bank:
    """The bank, over each binding."""
    bank.runner.close()
    bank.adapters = {"softhsm": {"binding": request.param}}
    return bank


def counted(bank: Bank) -> dict[str, int]:
    """The calls from the start of a program to its end, of which the enrolment is the only work."""
    bank.configured()
    bank.device.zero_counts()
    bank.token = bank.runner.find()
    bank.enrol()
    bank.runner.close()
    return bank.device.counts()


@pytest.mark.parametrize("containers", SIZES)
def test_an_enrolment_takes_as_many_calls_on_an_empty_token_as_on_a_full_one(
    bank: Bank, containers: int
) -> None:
    fill(bank.device.module, containers)

    calls = counted(bank)

    assert sum(calls.values()) <= 130, calls
    assert calls["C_Login"] <= 3


@pytest.mark.parametrize("containers", SIZES)
def test_a_renewal_reads_the_token_to_choose_and_to_replace_and_else_takes_few_calls(
    bank: Bank, containers: int
) -> None:
    """What a name means depends on all that is there, and so does what may be deleted."""
    fill(bank.device.module, containers)
    bank.configured()
    bank.device.zero_counts()
    bank.token = bank.runner.find()
    ca = bank.runner.authorities.get("bank")
    asked = Asked(LOGIN, Secret(PASSWORD))
    bank.runner.enrolments.renew(bank.storage(), ca, asked, container="c1", replace=True)
    bank.runner.close()
    calls = bank.device.counts()
    read_twice = 2 * PARTS * (containers - 3)
    searches = 2 * (PARTS * containers // HANDLES)
    assert sum(calls.values()) <= 196 + read_twice + searches, calls
    assert calls["C_Login"] <= 5
