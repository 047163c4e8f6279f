"""Renewals on a token, over EST with a password and over CMP signed by the old key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_der_public_key
from lockwright.enrol.ca.cmp_der import explicit, integer
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_protection import OldKeySignature
from lockwright.enrol.ca.cmp_reading import taken_apart
from lockwright.enrol.signatures import verifies
from lockwright.enrol.trust import der
from lockwright.errors import (
    GO_ON,
    OLD_STAYS,
    CaError,
    CaUnreachable,
    NothingSelected,
    PartlyDeleted,
    SeveralCertificates,
)
from lockwright.models import Container, ContainerState
from lockwright.operations.enrolment.orders import Asked
from lockwright.pkcs11.der import NULL, SEQUENCE, elements, encode
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, Bank
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.est_server import Asked as Received
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim.simulator import USER_PIN
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode as encoded
from pyasn1_alt_modules import rfc9810

PIN = Secret(USER_PIN)
PKIXCMP = {"Content-Type": "application/pkixcmp"}


def containers(bank: Bank) -> list[Container]:
    return list(bank.runner.list(bank.token, PIN).containers)


def renew(bank: Bank, *, otp: bool = True, **how: Any) -> None:
    asked = Asked(LOGIN, Secret(PASSWORD)) if otp else Asked()
    bank.server.logins[LOGIN] = PASSWORD
    bank.server.forget()
    ca = bank.runner.authorities.get("bank")
    bank.runner.enrolments.renew(bank.storage(), ca, asked, **how)


def test_a_renewal_has_a_new_key_and_the_same_subject(bank: Bank) -> None:
    bank.enrol()
    (old,) = containers(bank)
    renew(bank)
    assert bank.server.operations()[-1] == "simplereenroll"
    assert old in containers(bank)
    (new,) = [each for each in containers(bank) if each != old]
    assert (new.label, new.key_type) == (old.label, old.key_type)
    assert new.certificates[0].subject == old.certificates[0].subject
    assert new.id != old.id


def test_with_replace_the_old_container_goes_in_the_end(bank: Bank) -> None:
    bank.enrol()
    (old,) = containers(bank)
    bank.server.script("simplereenroll", Reply(503))
    with pytest.raises(CaError):
        renew(bank, replace=True)
    assert old in containers(bank)
    bank.runner.enrolments.resume(bank.storage(), password=Secret(PASSWORD))
    (new,) = containers(bank)
    assert new.id != old.id


def test_an_old_container_that_the_token_keeps_holds_nobody_up(bank: Bank) -> None:
    """Everything else is done; nothing new could be begun if the enrolment stayed open."""
    bank.enrol()
    bank.device.fault("C_DestroyObject@*=0x1b")
    with pytest.raises(PartlyDeleted) as caught:
        renew(bank, replace=True)
    bank.device.clear_faults()
    assert caught.value.cost == OLD_STAYS
    assert bank.runner.enrolments.unfinished() == []
    assert [each.state for each in containers(bank)] == [ContainerState.COMPLETE] * 2


def test_what_cannot_be_undone_now_is_said_to_be_in_the_journal(bank: Bank) -> None:
    bank.device.fault("C_DestroyObject@*=0x1b")
    bank.server.script("simpleenroll", Reply(403, b"no", {"Content-Type": "text/plain"}))
    error = bank.fails(PartlyDeleted)
    assert error.cost == GO_ON
    bank.device.clear_faults()
    bank.runner.enrolments.abandon(bank.storage())
    bank.nothing_changed()


def test_what_is_renewed_must_be_clear(bank: Bank) -> None:
    with pytest.raises(NothingSelected):
        renew(bank)
    bank.enrol()
    (old,) = containers(bank)
    renew(bank)
    with pytest.raises(SeveralCertificates, match=rf"{old.label} \({old.selector}\)"):
        renew(bank)
    with pytest.raises(NothingSelected):
        renew(bank, container="ghost")


# --- over CMP ------------------------------------------------------------------------------------


def test_a_key_of_the_token_is_enrolled_at_openssls_cmp_server(bank: Bank, tmp_path: Path) -> None:
    """The mock server's answer is made beforehand, so the first try finds no server."""
    bank.configured(kind="cmp", url=bank.server.url)
    bank.server.script("", Reply(503), Reply(503))  # to the question for its certificates, too
    with pytest.raises(CaError):
        bank.enrol()
    (entry,) = bank.runner.enrolments.unfinished()
    request = x509.load_der_x509_csr(entry.request)
    issued = bank.server.ca.issue(request.public_key(), entry.subject)
    folder = tmp_path / "cmp"
    folder.mkdir()
    with CmpServer(folder, bank.server.ca, pem(issued), login=LOGIN, password=PASSWORD) as server:
        bank.configured(kind="cmp", url=server.url)
        bank.runner.enrolments.resume(bank.storage(), password=Secret(PASSWORD))
    (container,) = containers(bank)
    assert container.certificates[0].object.value == der(issued)


def update_server(server: EstServer, seen: list[str]) -> Callable[[Received], Reply]:
    """A CMP server that takes key updates, and checks what OpenSSL's mock server cannot.

    It closes the connection after each answer, without a word.
    """
    ca = server.ca

    def answer(asked: Received) -> Reply:
        message, _rest = decode(asked.body, asn1Spec=rfc9810.PKIMessage())
        seen.append(message["body"].getName())
        header = message["header"]
        protection = OldKeySignature(der(ca.certificate), ca.key, [ca.certificate])
        name = ca.certificate.subject.public_bytes()
        transaction = Transaction(name, name, protection)
        transaction.id, transaction.theirs = (
            bytes(header["transactionID"]),
            bytes(header["senderNonce"]),
        )
        old = x509.load_der_x509_certificate(taken_apart(asked.body).extra[0])
        check_protection(asked.body, message, old)
        if seen[-1] == "certConf":
            return Reply(200, transaction.message(explicit(19, NULL)), PKIXCMP)
        issued = ca.issue(updated_key(message), old.subject.rfc4514_string())
        granted = encode(SEQUENCE, explicit(0, der(issued)))
        response = encode(SEQUENCE, integer(0), encode(SEQUENCE, integer(0)), granted)
        body = explicit(8, encode(SEQUENCE, encode(SEQUENCE, response)))
        return Reply(200, transaction.message(body), PKIXCMP)

    return answer


def check_protection(body: bytes, message: Any, old: x509.Certificate) -> None:
    """The message is signed by the old certificate's key."""
    (whole,) = elements(body)
    header, inside, *_others = elements(whole.content)
    signature = message["protection"].asOctets()
    assert verifies(old, hashes.SHA256(), signature, encode(SEQUENCE, header.whole, inside.whole))


def updated_key(message: Any) -> Any:
    """The new public key, which has signed the request for its certificate (RFC 4211, 4.1)."""
    (wanted,) = message["body"]["kur"]
    info = encoded(wanted["certReq"]["certTemplate"]["publicKey"])
    key: Any = load_der_public_key(b"\x30" + info[1:])
    holder = TestCa.root().issue(key)
    proof = wanted["popo"]["signature"]["signature"].asOctets()
    assert verifies(holder, hashes.SHA256(), proof, encoded(wanted["certReq"]))
    return key


def test_a_renewal_over_cmp_is_signed_by_the_old_key_of_the_token(bank: Bank) -> None:
    bank.enrol()
    (old,) = containers(bank)
    seen: list[str] = []
    bank.server.instead = update_server(bank.server, seen)
    bank.configured(kind="cmp", url=f"{bank.server.url}/pkix", subject=None)
    renew(bank, otp=False, replace=True)
    (new,) = containers(bank)
    assert seen == ["genm", "kur", "certConf"]
    assert new.certificates[0].subject == old.certificates[0].subject
    assert new.id != old.id


def test_a_cmp_server_that_is_gone_is_told_before_a_key_is_made(bank: Bank) -> None:
    bank.configured(kind="cmp", url="https://localhost:1")
    bank.fails(CaUnreachable)
    bank.nothing_changed()
