"""The old container goes only after the new certificate was proved by a signature of its key."""

from __future__ import annotations

import pytest
from lockwright.contract import hooks
from lockwright.enrol.journal import Entry, Step
from lockwright.errors import NotProved, TokenRefused
from lockwright.explain import explain
from lockwright.models import Container, KeyRequest, Sought
from lockwright.operations.enrolment.orders import Asked
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD, Bank
from lockwright_testkit.sim.simulator import USER_PIN

PIN = Secret(USER_PIN)
PROOF = "C_SignInit@2"
"""The first signature is the request's."""


def containers(bank: Bank) -> list[Container]:
    return list(bank.runner.list(bank.token, PIN).containers)


@pytest.fixture
def old(bank: Bank) -> Container:
    """The container that is to be replaced."""
    bank.enrol()
    (made,) = containers(bank)
    bank.before = bank.digest()
    return made


@pytest.fixture
def unproved(bank: Bank, old: Container) -> Entry:
    """An enrolment in its place, whose new key did not sign for the proof."""
    bank.server.logins["boris"] = PASSWORD
    asked = Asked("boris", Secret(PASSWORD))
    bank.device.fault(f"{PROOF}=0x30")
    with pytest.raises(TokenRefused):
        bank.runner.enrolments.enrol(
            bank.storage(), bank.runner.authorities.get("bank"), asked, replace=old.id.hex()
        )
    bank.device.clear_faults()
    return bank.runner.enrolments.entry(bank.token.serial)


def test_the_old_container_stays_when_the_new_key_does_not_sign(
    bank: Bank, old: Container, unproved: Entry
) -> None:
    assert unproved.step is Step.PROVING
    assert old in containers(bank)
    assert len(containers(bank)) == 2


def test_once_it_signs_the_old_container_goes(bank: Bank, old: Container, unproved: Entry) -> None:
    bank.runner.enrolments.resume(bank.storage())
    (new,) = containers(bank)
    assert (new.id, new.label) == (unproved.key_id, "boris")
    assert new.id != old.id


def test_undone_before_the_proof_only_the_old_container_is_left(
    bank: Bank, old: Container, unproved: Entry
) -> None:
    bank.runner.enrolments.abandon(bank.storage())
    bank.nothing_changed()
    assert containers(bank) == [old]


def test_a_key_that_signs_but_does_not_fit_the_certificate_proves_nothing(
    bank: Bank, old: Container, unproved: Entry
) -> None:
    """Another program put another key in the place of the one that was enrolled."""
    calls, key_id, label = bank.runner._calls, unproved.key_id, unproved.label
    refs = [each.ref for each in calls(hooks.lockwright_list, bank.token, PIN, Sought(key_id))]
    assert not calls(hooks.lockwright_delete, bank.token, PIN, refs)
    calls(hooks.lockwright_generate, bank.token, PIN, KeyRequest(unproved.key_type, key_id, label))
    calls(hooks.lockwright_store, bank.token, PIN, key_id, label, unproved.certificate)

    with pytest.raises(NotProved) as caught:
        bank.runner.enrolments.resume(bank.storage())

    told = explain(caught.value)
    assert "Olga, 123" in told.advice
    assert told.cost == "The old certificate is as it was."
    assert old in containers(bank)
    bank.runner.enrolments.abandon(bank.storage())
    bank.nothing_changed()
