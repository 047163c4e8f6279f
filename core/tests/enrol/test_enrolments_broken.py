"""Enrolments that break: on the way to the CA, or because the token does not take it."""

from __future__ import annotations

import pytest
from lockwright.enrol.journal import Step
from lockwright.errors import (
    CaAnswerBroken,
    CaBroke,
    CaFailed,
    CaSilent,
    EnrolmentBusy,
    EnrolmentOpen,
    LockwrightError,
    NotWritten,
    TokenFull,
)
from lockwright.explain import explain
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD as OTP
from lockwright_testkit.bank import Bank
from lockwright_testkit.est_server import PKCS7, Reply
from lockwright_testkit.sim.simulator import USER_PIN

# --- what the CA did is not known: the key is kept -----------------------------------------------


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, b"no CMS", {"Content-Type": PKCS7}), CaAnswerBroken),
        (Reply(200, b"A" * 1_100_000, {"Content-Type": PKCS7}), CaAnswerBroken),
        (Reply(200, b"A" * 1000, {"Content-Type": PKCS7}, cut=10), CaBroke),
        (Reply(307, headers={"Location": "https://elsewhere.example/"}), CaAnswerBroken),
        (Reply(503, b"busy", {"Content-Type": "text/plain"}), CaFailed),
    ],
)
def test_an_answer_that_is_none_keeps_the_key_for_another_try(
    bank: Bank, reply: Reply, error: type[LockwrightError]
) -> None:
    bank.server.script("simpleenroll", reply)
    assert "The new key pair is kept" in bank.fails(error).cost
    bank.key_waits(Step.SENDING)


def test_an_answer_that_takes_too_long_keeps_the_key_for_another_try(bank: Bank) -> None:
    bank.patience = 5
    bank.configured()
    bank.server.script("simpleenroll", Reply(200, b"A" * 1000, {"Content-Type": PKCS7}, pause=0.1))
    assert "The new key pair is kept" in bank.fails(CaSilent).cost
    bank.key_waits(Step.SENDING)


def test_the_same_request_is_sent_again_and_the_certificate_is_the_same(bank: Bank) -> None:
    bank.server.script("simpleenroll", Reply(500))
    bank.fails(CaFailed)
    with pytest.raises(EnrolmentOpen):
        bank.enrol()
    bank.runner.enrolments.resume(bank.storage(), password=Secret(OTP))
    orders = [asked.body for asked in bank.server.asked if asked.method == "POST"]
    assert orders == [orders[0]] * 2


def test_two_processes_do_not_work_on_one_token(bank: Bank) -> None:
    with bank.runner.enrolments._journal.held(bank.token.serial, bank.token.identity):
        bank.fails(EnrolmentBusy)
    bank.nothing_changed()


# --- the token does not take it ------------------------------------------------------------------

REFUSED = "0x00000030"


def test_a_write_that_fails_is_tried_again(bank: Bank) -> None:
    bank.device.fault(f"C_CreateObject@1={REFUSED}", f"C_CreateObject@2={REFUSED}")
    bank.enrol()
    assert bank.device.counts()["C_CreateObject"] == 3
    (container,) = bank.runner.list(bank.token, Secret(USER_PIN)).containers
    assert len(container.certificates) == 1


def test_a_write_that_is_done_but_not_told_is_not_done_twice(bank: Bank) -> None:
    bank.device.fault(f"C_CreateObject@*=after:{REFUSED}")
    bank.enrol()
    assert bank.device.counts()["C_CreateObject"] == 1


def test_after_three_writes_the_person_is_told_whom_to_call(bank: Bank) -> None:
    bank.device.fault(f"C_CreateObject@*={REFUSED}")
    error = bank.fails(NotWritten)
    assert bank.device.counts()["C_CreateObject"] == 3
    told = explain(error)
    for said in ("Olga, 123", bank.token.serial, "bank", "token-refused", "3 attempts"):
        assert said in f"{told.message} {told.advice}"
    bank.device.clear_faults()
    bank.runner.enrolments.resume(bank.storage())
    (container,) = bank.runner.list(bank.token, Secret(USER_PIN)).containers
    assert f"{error.facts['certificate']}" == container.certificates[0].serial


def test_a_full_token_says_what_could_go_and_nothing_is_lost(bank: Bank) -> None:
    bank.device.fault("C_GenerateKeyPair@1=0x31")
    bank.fails(TokenFull)
    bank.nothing_changed()
    bank.device.fault("C_CreateObject@1=0x31")
    bank.fails(TokenFull)
    bank.runner.enrolments.resume(bank.storage())
    assert bank.runner.enrolments.unfinished() == []


def test_a_key_that_cannot_sign_is_removed_again(bank: Bank) -> None:
    bank.device.fault("C_Sign@1=0x30")
    with pytest.raises(LockwrightError):
        bank.enrol()
    bank.nothing_changed()
