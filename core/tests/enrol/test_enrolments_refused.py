"""Enrolments that the CA, or we, refuse: one clear error, and the token is as it was."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.errors import (
    CaConflict,
    CaLoginRefused,
    CaNameMismatch,
    CaNotSecure,
    CaRefused,
    CaServerUntrusted,
    CaUnknown,
    CaUnreachable,
    CertificateForAnotherKey,
    NotSupported,
    PinIncorrect,
)
from lockwright_testkit.bank import LOGIN, Bank
from lockwright_testkit.bank import PASSWORD as OTP
from lockwright_testkit.csrattrs_answers import P384, ec_key, template
from lockwright_testkit.est_server import Asked as Received
from lockwright_testkit.est_server import EstServer, Reply, certs_only
from lockwright_testkit.pki import TestCa, pem

Issue = Callable[[x509.CertificateSigningRequest], x509.Certificate]


# --- no, for good: the key is removed again ------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "otp"), [(LOGIN, "wrong"), ("stranger", OTP), ("", OTP), (LOGIN, "")]
)
def test_a_wrong_login_or_password_changes_nothing(bank: Bank, login: str, otp: str) -> None:
    error = bank.fails(CaLoginRefused, login=login or "x", otp=otp or "x")
    assert "nothing on the token was changed" in error.cost
    bank.nothing_changed()


@pytest.mark.parametrize("said", [b"the password has expired", b"the password was used"])
def test_an_expired_or_used_password_changes_nothing(bank: Bank, said: bytes) -> None:
    bank.server.script("simpleenroll", Reply(401, said))
    assert bank.fails(CaLoginRefused).facts["reason"] == said.decode()
    bank.nothing_changed()


@pytest.mark.parametrize("said", ["the subject is not allowed", "the key is too weak"])
def test_a_request_that_breaks_the_profile_changes_nothing(bank: Bank, said: str) -> None:
    bank.server.script("simpleenroll", Reply(400, said.encode(), {"Content-Type": "text/plain"}))
    error = bank.fails(CaRefused)
    assert error.facts == {"ca": "bank", "reason": said, "contact": "Olga, 123"}
    bank.nothing_changed()


def issuing(bank: Bank, issue: Issue) -> None:
    """Have the server answer with a certificate of the test's choice."""

    def answer(asked: Received) -> Reply | None:
        if asked.operation != "simpleenroll":
            return None
        return certs_only(issue(x509.load_der_x509_csr(base64.b64decode(asked.body))))

    bank.server.instead = answer


def test_a_certificate_for_another_key_is_not_written(bank: Bank) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    issuing(bank, lambda _request: bank.server.ca.issue(other))
    bank.fails(CertificateForAnotherKey)
    bank.nothing_changed()


# --- told before a key is made -------------------------------------------------------------------


def test_a_server_that_is_not_trusted_is_told_before_a_key_is_made(bank: Bank) -> None:
    (bank.folder / "other.pem").write_bytes(pem(TestCa.root("CN=Stranger").certificate))
    bank.configured(trust=(bank.folder / "other.pem",))
    bank.fails(CaServerUntrusted)
    bank.nothing_changed()


def test_a_server_of_another_name_is_told_before_a_key_is_made(bank: Bank) -> None:
    with EstServer(bank.server.ca, {}, names=("elsewhere.example",)) as elsewhere:
        bank.configured(url=elsewhere.url)
        bank.fails(CaNameMismatch)
    bank.nothing_changed()


def test_plain_http_is_told_before_a_key_is_made(bank: Bank) -> None:
    bank.configured(url=f"http://localhost:{bank.server.port}")
    bank.fails(CaNotSecure)
    bank.nothing_changed()


def test_a_server_that_is_gone_is_told_before_a_key_is_made(bank: Bank) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    bank.configured(url=f"https://localhost:{port}")
    bank.fails(CaUnreachable)
    bank.nothing_changed()


def test_a_ca_that_is_not_configured_is_told_with_those_that_are(bank: Bank) -> None:
    with pytest.raises(CaUnknown, match="known are bank"):
        bank.runner.authorities.get("bnak")


@pytest.mark.parametrize(
    ("changes", "asked", "wishes", "what"),
    [
        ({}, {"subject": "CN=Boss"}, b"", "subject"),
        ({}, {"key_type": "rsa:2048"}, b"", "key type"),
        ({}, {}, template(key=ec_key(P384)), "key type"),
        ({}, {}, template("CN=anna,O=Other"), "subject"),
        ({}, {}, template("CN=,O=Other"), "subject"),
    ],
)
def test_what_does_not_go_together_is_told_before_a_key_is_made(
    bank: Bank,
    changes: dict[str, object],
    asked: dict[str, str],
    wishes: bytes,
    what: str,
) -> None:
    bank.server.script("csrattrs", Reply(200, base64.b64encode(wishes)))
    bank.configured(**changes)
    assert bank.fails(CaConflict, **asked).facts["what"] == what
    bank.nothing_changed()


def test_what_the_ca_wants_is_told_apart_from_what_was_set(bank: Bank) -> None:
    wishes = base64.b64encode(template(key=ec_key(P384)))
    bank.server.script("csrattrs", Reply(200, wishes))
    facts = bank.fails(CaConflict).facts
    assert (facts["wanted"], facts["asked"]) == ("ec:p384", "ec:p256")


def test_a_key_type_that_the_token_lacks_is_told(bank: Bank) -> None:
    bank.configured(key_type="rsa:512")
    bank.fails(NotSupported)
    bank.nothing_changed()


def test_a_wrong_pin_is_tried_once_and_nothing_is_begun(bank: Bank) -> None:
    tries = bank.device.tries()
    bank.fails(PinIncorrect, pin="Wrong-Pin-1")
    assert bank.device.tries() == tries - 1
    bank.nothing_changed()
    assert all(asked.method == "GET" for asked in bank.server.asked)
