"""Which certificates may be put on a token, and which are refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol import trust
from lockwright.errors import (
    CertificateExpired,
    CertificateUnreadable,
    CertificateUntrusted,
    FileNotRead,
    NoTrust,
)
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.real_names import SUBJECTS, renamed

NOW = datetime.now(UTC)


def leaf(ca: TestCa) -> x509.Certificate:
    return ca.issue(ec.generate_private_key(ec.SECP256R1()).public_key())


def refusal(
    certificate: x509.Certificate,
    anchors: Sequence[x509.Certificate],
    others: Sequence[x509.Certificate] = (),
) -> str:
    with pytest.raises(CertificateUntrusted) as caught:
        trust.check_chain(certificate, others, anchors, NOW)
    return str(caught.value.facts["reason"])


def test_certificate_is_accepted_when_a_trusted_ca_issued_it() -> None:
    ca = TestCa.root()
    trust.check_chain(leaf(ca), [], [ca.certificate], NOW)


def test_certificate_is_accepted_when_its_chain_came_with_it() -> None:
    root = TestCa.root()
    between = root.intermediate()
    trust.check_chain(leaf(between), [between.certificate], [root.certificate], NOW)


def test_certificate_is_accepted_when_its_own_intermediate_is_the_trust() -> None:
    between = TestCa.root().intermediate()
    trust.check_chain(leaf(between), [], [between.certificate], NOW)


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_a_certificate_is_found_and_accepted_whatever_names_it_has(subject: bytes) -> None:
    root = TestCa.root()
    own = renamed(root, leaf(root), subject)
    assert trust.leaf_of([root.certificate, own]) == own
    trust.check_chain(own, [], [root.certificate], NOW)
    stranger = TestCa.root("CN=Stranger").certificate
    assert "CN=Test CA is not known" in refusal(own, [stranger])


def test_certificate_is_refused_when_nothing_is_trusted() -> None:
    with pytest.raises(NoTrust):
        trust.check_chain(leaf(TestCa.root()), [], [], NOW)


def test_certificate_is_refused_when_its_issuer_is_unknown() -> None:
    reason = refusal(leaf(TestCa.root("CN=Elsewhere")), [TestCa.root().certificate])
    assert reason == "its issuer CN=Elsewhere is not known"


def test_certificate_is_refused_when_a_ca_of_the_same_name_did_not_sign_it() -> None:
    reason = refusal(leaf(TestCa.root()), [TestCa.root().certificate])
    assert reason == "its signature does not match the key of its issuer"


def test_certificate_is_refused_when_its_issuer_is_no_ca() -> None:
    root = TestCa.root()
    pretender = root.intermediate(ca=False)
    reason = refusal(leaf(pretender), [root.certificate], [pretender.certificate])
    assert reason == "its issuer is not a CA"


def test_certificate_is_refused_when_its_chain_is_longer_than_the_root_allows() -> None:
    root = TestCa.root(path_length=0)
    between = root.intermediate()
    reason = refusal(leaf(between), [root.certificate], [between.certificate])
    assert reason == "its chain is longer than a CA in it allows"


def test_certificate_is_refused_when_the_chain_it_brings_is_its_only_trust() -> None:
    stranger = TestCa.root("CN=Stranger")
    refusal(leaf(stranger), [TestCa.root().certificate], [stranger.certificate])


@pytest.mark.parametrize("starts", [timedelta(days=-400), timedelta(days=2)])
def test_certificate_is_refused_when_it_is_not_valid_now(starts: timedelta) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(CertificateExpired):
        trust.check_validity(TestCa.root().issue(key, starts=starts), NOW)


def test_leaf_is_found_when_the_chain_comes_first() -> None:
    root = TestCa.root()
    between = root.intermediate()
    own = leaf(between)
    for order in ([root.certificate, between.certificate, own], [own, between.certificate]):
        assert trust.leaf_of(order) == own


def test_certificates_are_read_whether_pem_or_der() -> None:
    ca = TestCa.root()
    assert trust.read_certificates(pem(ca.certificate), file="x") == [ca.certificate]
    der = ca.certificate.public_bytes(serialization.Encoding.DER)
    assert trust.read_certificates(der, file="x") == [ca.certificate]


@pytest.mark.parametrize("cut", [0, 1, 40, 200])
def test_certificate_is_unreadable_when_it_is_cut_short(cut: int) -> None:
    whole = pem(TestCa.root().certificate)
    with pytest.raises(CertificateUnreadable) as caught:
        trust.read_certificates(whole[:cut], file="answer.pem")
    assert "answer.pem" in str(caught.value)


def test_anchors_are_unreadable_when_the_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotRead, match="no such file"):
        trust.read_anchors([tmp_path / "ca.pem"])
