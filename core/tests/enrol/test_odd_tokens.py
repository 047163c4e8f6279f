"""Enrolments on tokens where an id says little: what is replaced is a key, not what has its id."""

from __future__ import annotations

import json

import pytest
from corpus_token import CorpusToken
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.entry import Old
from lockwright.enrol.signatures import verifies
from lockwright.errors import (
    AmbiguousSelection,
    CaError,
    CertificateForAnotherKey,
    KeyUnclear,
    SelectionError,
)
from lockwright.models import Container, SignatureScheme
from lockwright.operations.enrolment.orders import Asked
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, Bank
from lockwright_testkit.est_server import Reply
from lockwright_testkit.pki import pem
from lockwright_testkit.sim.simulator import USER_PIN
from odd_keys import issued, key, pair, private

PIN = Secret(USER_PIN)
SCHEME = SignatureScheme.ECDSA_SHA256


@pytest.fixture
def token(bank: Bank) -> CorpusToken:
    return CorpusToken(bank.device.module, "", USER_PIN)


def containers(bank: Bank) -> dict[str, Container]:
    """The containers by their labels."""
    return {each.label: each for each in bank.runner.list(bank.token, PIN).containers}


def two_of_one_id(token: CorpusToken) -> None:
    """Two key pairs with a certificate each, all of one id."""
    token.create(*pair(1, b"id", "old"), issued(1, b"id", "old", "Old"))
    token.create(*pair(2, b"id", "other"), issued(2, b"id", "other", "Other"))


def enrol(bank: Bank, replace: str) -> None:
    ca = bank.runner.authorities.get("bank")
    given = Asked(LOGIN, Secret(PASSWORD), label="new")
    bank.runner.enrolments.enrol(bank.storage(), ca, given, replace=replace)


def test_what_shares_the_id_of_the_old_container_stays_when_that_is_replaced(
    bank: Bank, token: CorpusToken
) -> None:
    two_of_one_id(token)
    other = containers(bank)["other"]

    enrol(bank, "old")

    assert set(containers(bank)) == {"other", "new"}
    assert containers(bank)["other"].objects == other.objects


def test_a_container_without_an_id_is_replaced(bank: Bank, token: CorpusToken) -> None:
    token.create(*pair(101, b"", "no id"))

    enrol(bank, "no id")

    assert set(containers(bank)) == {"new"}


def test_an_id_that_two_keys_have_names_none_to_be_replaced(bank: Bank, token: CorpusToken) -> None:
    two_of_one_id(token)
    before = bank.digest()

    with pytest.raises(AmbiguousSelection, match="old, other"):
        enrol(bank, b"id".hex())
    with pytest.raises(SelectionError):
        enrol(bank, "0x")
    assert bank.digest() == before


def test_a_journal_that_knows_the_old_container_by_its_id_alone_removes_neither_of_two(
    bank: Bank, token: CorpusToken
) -> None:
    """As version 2 of the journal did."""
    two_of_one_id(token)
    bank.server.script("simpleenroll", Reply(503))
    with pytest.raises(CaError):
        enrol(bank, "old")
    (file,) = (bank.folder / "journal").glob("*.json")
    entry = json.loads(file.read_text())
    del entry["old_ref"]
    file.write_text(json.dumps({**entry, "version": 2}))

    with pytest.raises(AmbiguousSelection):
        bank.runner.enrolments.resume(bank.storage(), password=Secret(PASSWORD))
    assert set(containers(bank)) == {"old", "other", "new"}


def test_the_old_container_itself_signs_though_another_key_has_its_id(
    bank: Bank, token: CorpusToken
) -> None:
    two_of_one_id(token)
    for label, number in (("old", 1), ("other", 2)):
        found = containers(bank)[label]
        signature = bank.storage().sign_as(Old(found.ref, found.id), SCHEME, b"an order")
        public = key(number).public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        assert fits(bank, public, signature)
    with pytest.raises(KeyUnclear):
        bank.storage().sign(b"id", SCHEME, b"an order")


def fits(bank: Bank, public: ec.EllipticCurvePublicKey, signature: bytes) -> bool:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

    certificate = bank.server.ca.issue(public, "CN=x")
    return verifies(certificate, hashes.SHA256(), signature, b"an order")


def install(bank: Bank, number: int) -> str:
    """Write a certificate by hand; the label of the key that it went to."""
    certificate = pem(bank.server.ca.issue(key(number).public_key(), "CN=Anna"))
    trust = [bank.folder / "ca.pem"]
    return bank.runner.install(bank.token, PIN, certificate, trust=trust).label


def test_a_certificate_goes_to_its_key_though_another_has_its_id_and_label(
    bank: Bank, token: CorpusToken
) -> None:
    token.create(*pair(1, b"id", "one"), *pair(2, b"id", "two"))

    assert [install(bank, number) for number in (2, 1)] == ["two", "one"]
    assert {len(each.certificates) for each in containers(bank).values()} == {1}


def test_a_certificate_goes_to_a_key_that_shows_no_public_half_once_it_signed(
    bank: Bank, token: CorpusToken
) -> None:
    token.create(private(1, b"id", "one"), private(2, b"id", "two"))

    assert install(bank, 2) == "two"
    with pytest.raises(CertificateForAnotherKey):
        install(bank, 3)
