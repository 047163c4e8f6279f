"""A token that lost its power while it made a key pair: half of the pair is there."""

from __future__ import annotations

import pytest
from lockwright.contract import hooks
from lockwright.enrol.journal import Step
from lockwright.errors import TokenRemoved
from lockwright.models import KeyRequest, ObjectKind
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD, Bank
from lockwright_testkit.sim.simulator import USER_PIN

PIN = Secret(USER_PIN)
DEVICE_REMOVED = "0x32"


@pytest.fixture(params=[ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY])
def half(request: pytest.FixtureRequest, bank: Bank) -> ObjectKind:
    """What is there of the pair of an enrolment that was broken off."""
    kind: ObjectKind = request.param
    bank.device.fault(f"C_GenerateKeyPair@1={DEVICE_REMOVED}")
    bank.fails(TokenRemoved)
    entry, calls = bank.runner.enrolments.entry(bank.token.serial), bank.runner._calls
    assert entry.step is Step.MAKING
    calls(
        hooks.lockwright_generate,
        bank.token,
        PIN,
        KeyRequest(entry.key_type, entry.key_id, entry.label),
    )
    objects = calls(hooks.lockwright_list, bank.token, PIN, None)
    gone = [each.ref for each in objects if each.id == entry.key_id and each.kind is not kind]
    assert not calls(hooks.lockwright_delete, bank.token, PIN, gone)
    (left,) = calls(hooks.lockwright_list, bank.token, PIN, None)
    assert left.kind is kind
    return kind


def test_gone_on_with_the_half_is_removed_and_a_whole_pair_made(
    bank: Bank, half: ObjectKind
) -> None:
    bank.runner.enrolments.resume(bank.storage(), password=Secret(PASSWORD))
    found = sorted(
        each.kind for each in bank.runner._calls(hooks.lockwright_list, bank.token, PIN, None)
    )
    assert found == [ObjectKind.CERTIFICATE, ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY]


def test_undone_the_half_is_removed(bank: Bank, half: ObjectKind) -> None:
    bank.runner.enrolments.abandon(bank.storage())
    bank.nothing_changed()
