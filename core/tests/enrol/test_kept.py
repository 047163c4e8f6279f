"""What was issued is kept: a no that is not the first answer, or a clock, costs no key."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.journal import Entry, Step
from lockwright.errors import (
    CaAnswerBroken,
    CaFailed,
    CaLoginRefused,
    CaRefused,
    CaUnreachable,
    CertificateError,
    CertificateExpired,
    CertificateForAnotherKey,
    CertificateUnfit,
    CertificateUntrusted,
    EnrolmentWaits,
    KeyLost,
    LockwrightError,
)
from lockwright.models import CaRequirements
from lockwright.operations.enrolment.orders import Asked
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD as OTP
from lockwright_testkit.bank import Bank
from lockwright_testkit.est_server import Asked as Came
from lockwright_testkit.est_server import Reply, certs_only
from lockwright_testkit.pki import TestCa, pem

Issue = Callable[[x509.CertificateSigningRequest], x509.Certificate]
TEXT, HTML = {"Content-Type": "text/plain"}, {"Content-Type": "text/html"}
WAITS = Reply(202, b"a person looks at it", {**TEXT, "Retry-After": "0"})
KEPT = "lockwright enroll --abandon"


def issuing(bank: Bank, issue: Issue) -> None:
    """Have the server answer every order with a certificate of the test's choice."""

    def answer(asked: Came) -> Reply | None:
        if asked.operation != "simpleenroll":
            return None
        return certs_only(issue(x509.load_der_x509_csr(base64.b64decode(asked.body))))

    bank.server.instead = answer


def resume(bank: Bank, otp: str = OTP) -> None:
    bank.runner.enrolments.resume(bank.storage(), password=Secret(otp))


def refused(bank: Bank, error: type[LockwrightError], otp: str = OTP) -> LockwrightError:
    with pytest.raises(error) as caught:
        resume(bank, otp)
    return caught.value


def entry(bank: Bank) -> Entry:
    (found,) = bank.runner.enrolments.unfinished()
    return found


# --- a no that is not the answer to the first sending --------------------------------------------


@pytest.mark.parametrize("first", [Reply(500), Reply(200, b"<html>", HTML), WAITS])
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(401), CaLoginRefused),
        (Reply(403, b"no", TEXT), CaRefused),
        (Reply(404), CaRefused),
        (Reply(409, b"it was issued", TEXT), CaRefused),
        (Reply(410, b"gone", TEXT), CaRefused),
        (Reply(403, b"<html>", HTML), CaAnswerBroken),
    ],
)
def test_a_later_no_keeps_the_key_and_the_cure_brings_the_certificate(
    bank: Bank, first: Reply, reply: Reply, error: type[LockwrightError]
) -> None:
    bank.server.script("simpleenroll", first, reply)
    with pytest.raises((CaFailed, CaAnswerBroken, EnrolmentWaits)):
        bank.enrol()
    told = refused(bank, error)
    assert "key pair is kept" in told.cost
    resume(bank)
    assert bank.runner.enrolments.unfinished() == []
    assert len(bank.server.issued) == 1


def test_a_mistyped_password_at_resume_costs_no_key(bank: Bank) -> None:
    bank.server.script("simpleenroll", Reply(503))
    bank.fails(CaFailed)
    assert KEPT in refused(bank, CaLoginRefused, "Mapel-Drum-77").cost
    resume(bank)
    assert len(bank.server.issued) == 1


def test_a_page_of_a_proxy_is_no_answer_of_the_ca(bank: Bank) -> None:
    bank.server.script("simpleenroll", Reply(403, b"<html>blocked</html>", HTML))
    bank.fails(CaAnswerBroken)
    bank.key_waits(Step.SENDING)


def test_another_keys_certificate_as_a_later_answer_costs_no_key(bank: Bank) -> None:
    other = bank.server.ca.issue(ec.generate_private_key(ec.SECP256R1()).public_key())
    bank.server.script("simpleenroll", Reply(500), certs_only(other))
    bank.fails(CaFailed)
    assert KEPT in refused(bank, CertificateForAnotherKey).cost
    resume(bank)


# --- a certificate that is not accepted yet ------------------------------------------------------


def test_a_certificate_of_the_future_waits_for_its_time(bank: Bank) -> None:
    soon = timedelta(seconds=3)
    issuing(bank, lambda request: bank.server.ca.issue(request.public_key(), starts=soon))
    error = bank.fails(CertificateExpired)
    assert "--resume" in error.cost
    begins = x509.load_der_x509_certificate(entry(bank).certificate).not_valid_before_utc
    assert f"from {begins.astimezone():%Y-%m-%d %H:%M:%S}" in str(error)
    assert (entry(bank).step, entry(bank).asks_ca) == (Step.CHECKING, False)
    orders = len(bank.server.asked)
    assert refused(bank, CertificateExpired).cost == error.cost
    wait_until(begins.timestamp())
    bank.runner.enrolments.resume(bank.storage())
    assert "simpleenroll" not in bank.server.operations()[orders:], "it was asked once"
    assert bank.runner.enrolments.unfinished() == []


def test_a_certificate_of_a_ca_that_is_trusted_later_is_kept_until_then(bank: Bank) -> None:
    stranger = TestCa.root("CN=Stranger")
    issuing(bank, lambda request: stranger.issue(request.public_key()))
    bank.fails(CertificateUntrusted)
    both = pem(bank.server.ca.certificate, stranger.certificate)
    (bank.folder / "ca.pem").write_bytes(both)
    bank.runner.enrolments.resume(bank.storage())
    assert bank.runner.enrolments.unfinished() == []


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"starts": timedelta(days=-2), "lasts": timedelta(days=1)}, CertificateExpired),
        ({"signs": False}, CertificateUnfit),
    ],
)
def test_a_certificate_that_is_of_no_use_is_kept_until_the_person_gives_it_up(
    bank: Bank, how: dict[str, Any], error: type[CertificateError]
) -> None:
    issuing(bank, lambda request: bank.server.ca.issue(request.public_key(), **how))
    assert KEPT in bank.fails(error).cost
    bank.key_waits(Step.CHECKING)


def key_is_deleted(bank: Bank) -> None:
    (entry,) = bank.runner.enrolments.unfinished()
    bank.storage().discard(entry.key_id, b"")


def test_nothing_is_ordered_for_a_key_that_is_gone(bank: Bank) -> None:
    """Somebody deleted it meanwhile; the password would be spent for nothing."""
    bank.server.script("simpleenroll", Reply(500, b"trouble", TEXT))
    bank.fails(CaFailed)
    key_is_deleted(bank)
    refused(bank, KeyLost)
    assert bank.server.operations().count("simpleenroll") == 1
    bank.runner.enrolments.abandon(bank.storage())
    bank.nothing_changed()
    bank.enrol()


def test_a_key_that_is_gone_before_anything_was_sent_is_made_anew(bank: Bank) -> None:
    bank.configured(url="https://127.0.0.1:1")
    asked = Asked("anna", Secret(OTP))
    ca = bank.runner.authorities.get("bank")
    with pytest.raises(CaUnreachable):
        bank.runner.enrolments.enrol(bank.storage(), ca, asked, wishes=CaRequirements())
    key_is_deleted(bank)
    bank.configured()
    resume(bank)
    assert bank.server.operations().count("simpleenroll") == 1


@pytest.mark.parametrize("own", ["the root", "one below it"])
def test_an_answer_of_nothing_but_the_cas_own_certificates_costs_no_key(
    bank: Bank, own: str
) -> None:
    root = bank.server.ca
    sent = root if own == "the root" else root.intermediate()
    issuing(bank, lambda _request: sent.certificate)
    bank.fails(CaAnswerBroken)
    bank.server.instead = lambda _asked: None
    resume(bank)
    assert bank.runner.enrolments.unfinished() == []


def test_a_certificate_for_another_key_is_hopeless(bank: Bank) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    issuing(bank, lambda _request: bank.server.ca.issue(other))
    bank.fails(CertificateForAnotherKey)
    bank.nothing_changed()


def test_nothing_changed_is_not_said_where_a_key_waits(bank: Bank) -> None:
    bank.device.fault("C_CreateObject@*=0x30")
    with pytest.raises(LockwrightError) as caught:
        bank.enrol()
    assert "nothing" not in caught.value.cost.lower()


def wait_until(moment: float) -> None:
    while time.time() < moment + 1:
        time.sleep(0.1)
