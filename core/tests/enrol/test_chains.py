"""The answer to an order carries one certificate; what leads from it to the trust is /cacerts."""

from __future__ import annotations

import base64
import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.name import _ASN1Type
from lockwright.enrol import trust
from lockwright.enrol.ca.certs import certificates_in
from lockwright.errors import CertificateUnsupported, CertificateUntrusted, NoTrust
from lockwright_testkit.bank import Bank
from lockwright_testkit.cmp_ca import CmpCa
from lockwright_testkit.est_server import Reply, certs_only
from lockwright_testkit.pki import TestCa, pem
from pyasn1.codec.ber.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1_alt_modules import rfc5280, rfc5652

CORPUS = Path(__file__).parents[3] / "tests" / "corpus" / "certificates"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def below(bank: Bank, *names: str) -> list[TestCa]:
    """CAs one below the other under the server's root, of which the last issues from now on."""
    tiers = [bank.server.ca]
    for name in names:
        tiers.append(tiers[-1].intermediate(name))
    bank.server.ca = tiers[-1]
    return tiers


def gives(bank: Bank, *certificates: x509.Certificate) -> None:
    """Have ``/cacerts`` answer with certificates, and orders with the issued one alone."""
    reply = certs_only(*certificates)
    bank.server.instead = lambda asked: reply if asked.operation == "cacerts" else None


@pytest.mark.parametrize("names", [("CN=Two",), ("CN=Two", "CN=Three")])
def test_a_pki_of_tiers_is_enrolled_at_with_its_root_as_the_trust(
    bank: Bank, names: tuple[str, ...]
) -> None:
    tiers = below(bank, *names)
    found = [each.certificate for each in tiers]
    stranger = TestCa.root("CN=Stranger")
    found += [stranger.certificate, stranger.intermediate().certificate]
    Random(7).shuffle(found)  # noqa: S311  # any order will do
    gives(bank, *found)
    bank.enrol()
    operations = bank.server.operations()
    assert operations.index("cacerts") < operations.index("simpleenroll")


def test_the_one_of_a_hundred_that_is_needed_is_found(bank: Bank) -> None:
    (_root, two) = below(bank, "CN=Two")
    stranger = TestCa.root("CN=Stranger")
    crowd = [stranger.crossed(by=stranger) for _each in range(99)]
    gives(bank, *crowd, two.certificate)
    bank.enrol()


def test_what_was_missing_at_the_ca_is_asked_for_again(bank: Bank) -> None:
    tiers = below(bank, "CN=Two")
    bank.server.instead = lambda asked: Reply(404) if asked.operation == "cacerts" else None
    bank.fails(CertificateUntrusted)
    gives(bank, *(each.certificate for each in tiers))
    bank.runner.enrolments.resume(bank.storage())
    assert bank.runner.enrolments.unfinished() == []


@pytest.mark.parametrize("tier", [0, 1])
def test_a_confirmed_certificate_of_any_tier_is_trust(
    bank: Bank, tier: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(bank.folder / "state"))
    tiers = below(bank, "CN=Two", "CN=Three")
    gives(bank, *(each.certificate for each in tiers))
    runner = bank.configured(trust=(), server_trust=(bank.folder / "ca.pem",))
    ca = runner.authorities.get("bank")
    wanted = tiers[tier].certificate.fingerprint(SHA256())
    found = [c for c in runner.authorities.unconfirmed(ca) if c.fingerprint(SHA256()) == wanted]
    runner.authorities.confirm(ca, found)
    bank.enrol()


def test_over_cmp_the_ca_is_asked_for_its_own_certificates(bank: Bank) -> None:
    tiers = below(bank, "CN=Two", "CN=Three")
    ca = CmpCa(bank.server)
    ca.own = (TestCa.root("CN=Stranger").certificate, *(each.certificate for each in tiers))
    bank.server.instead = lambda asked: ca.answer(asked) if asked.method == "POST" else None
    bank.configured(kind="cmp", url=f"{bank.server.url}/pkix")
    bank.enrol()
    assert bank.runner.enrolments.unfinished() == []


def test_without_any_trust_nothing_is_ordered(bank: Bank) -> None:
    bank.configured(trust=(), server_trust=(bank.folder / "ca.pem",))
    bank.fails(NoTrust)
    bank.nothing_changed()
    assert "simpleenroll" not in bank.server.operations()


def test_a_new_key_of_the_ca_is_trusted_through_the_old_one() -> None:
    """RFC 4210, 4.4: NewWithOld, OldWithNew, and both roots, in any order."""
    old, new = TestCa.root("CN=Bank"), TestCa.root("CN=Bank")
    crossed = [new.crossed(by=old), old.crossed(by=new)]
    everything = [old.certificate, new.certificate, *crossed]
    leaf = new.issue(ec.generate_private_key(ec.SECP256R1()).public_key())
    for seed in range(6):
        Random(seed).shuffle(everything)  # noqa: S311  # as above
        for anchor in (old.certificate, new.certificate, crossed[0]):
            path = trust.check_chain(leaf, everything, [anchor], NOW)
            assert path[-1] == anchor


@pytest.mark.parametrize(
    ("own", "issuer", "kind"),
    [
        ("CN=Two,O=Bank", "CN=Two,O=Bank", _ASN1Type.BMPString),
        ("CN=Two CA,O=Bank", "CN=TWO  Ca,O=bank", None),
        ("CN=УЦ Банка", "CN=Уц банка", _ASN1Type.BMPString),
    ],
)
def test_an_issuer_is_known_by_its_name_in_whatever_bytes(
    bank: Bank, own: str, issuer: str, kind: _ASN1Type | None
) -> None:
    """RFC 5280, 7.1; the library compares bytes, and some CAs write a name anew for each place."""
    root, two = below(bank, own)
    written = x509.Name(
        x509.NameAttribute(each.oid, each.value, kind)
        for each in x509.Name.from_rfc4514_string(issuer)
    )
    assert written.public_bytes() != two.certificate.subject.public_bytes()
    bank.server.ca = TestCa(two.crossed(by=root, name=written), two.key)
    gives(bank, root.certificate, two.certificate)
    bank.enrol()


def test_a_name_is_no_proof_of_the_issuer(bank: Bank) -> None:
    root, two = below(bank, "CN=Two")
    gives(bank, root.certificate, two.certificate)
    bank.server.ca = TestCa.root("CN=TWO")
    error = bank.fails(CertificateUntrusted)
    assert "signature" in str(error.facts["reason"])


def test_strangers_in_the_set_are_passed_over() -> None:
    root = TestCa.root().certificate
    odd = [(CORPUS / f"{name}.der").read_bytes() for name in ("version-2", "sm2")]
    bundle = pkcs7.serialize_certificates([root], Encoding.DER)
    content = _with_more(bundle, odd)
    assert root in certificates_in(base64.b64encode(content))


# --- CAs that the library's web profile does not take --------------------------------------------

Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
KEYS: dict[str, Callable[[], Key]] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ed448": ed448.Ed448PrivateKey.generate,
    "brainpool": lambda: ec.generate_private_key(ec.BrainpoolP384R1()),
}


def odd_ca(key: Key, name: str = "CN=Odd") -> x509.Certificate:
    subject = x509.Name.from_rfc4514_string(name)
    return (
        _plain(subject, key.public_key(), subject)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, _digest(key))
    )


def _digest(key: Key) -> hashes.SHA384 | None:
    return hashes.SHA384() if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _plain(subject: x509.Name, public_key: object, issuer: x509.Name) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)  # type: ignore[arg-type]  # one of the kinds of ``Key``
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
    )


@pytest.mark.parametrize("make", KEYS.values(), ids=KEYS)
def test_a_ca_of_another_kind_of_key_is_checked_by_our_own_rule(
    make: Callable[[], Key], tmp_path: Path
) -> None:
    key = make()
    anchor = odd_ca(key)
    (tmp_path / "ca.pem").write_bytes(pem(anchor))
    assert trust.read_anchors([tmp_path / "ca.pem"]) == [anchor]
    mine = ec.generate_private_key(ec.SECP256R1()).public_key()
    leaf = _plain(x509.Name.from_rfc4514_string("CN=Anna"), mine, anchor.subject)
    good = leaf.sign(key, _digest(key))
    assert trust.check_chain(good, [], [anchor], NOW) == (anchor,)
    other = make()
    forged = leaf.sign(other, _digest(other))
    with pytest.raises(CertificateUntrusted):
        trust.check_chain(forged, [odd_ca(other)], [anchor], NOW)
    with pytest.raises(CertificateUntrusted):
        trust.check_chain(good, [], [anchor], NOW + 2 * DAY)


@pytest.mark.parametrize(
    "extension",
    [
        x509.BasicConstraints(ca=False, path_length=None),
        x509.NameConstraints([x509.DNSName("bank.example")], None),
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0"),
    ],
)
def test_our_own_rule_keeps_to_what_a_ca_may(extension: x509.ExtensionType) -> None:
    """An odd root, and below it what pretends to be a CA, or says what is not handled here."""
    key = ed25519.Ed25519PrivateKey.generate()
    anchor, between = odd_ca(key), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("CN=Between")
    builder = _plain(name, between.public_key(), anchor.subject)
    if not isinstance(extension, x509.BasicConstraints):
        ca = x509.BasicConstraints(ca=True, path_length=None)
        builder = builder.add_extension(ca, critical=True)
    sub = builder.add_extension(extension, critical=True).sign(key, None)
    mine = ec.generate_private_key(ec.SECP256R1()).public_key()
    leaf = _plain(x509.Name.from_rfc4514_string("CN=Anna"), mine, name)
    with pytest.raises(CertificateUntrusted):
        trust.check_chain(leaf.sign(between, hashes.SHA256()), [sub], [anchor], NOW)


def test_a_root_of_version_1_is_trust(tmp_path: Path, openssl_v1: tuple[bytes, bytes]) -> None:
    root, leaf = openssl_v1
    (tmp_path / "ca.pem").write_bytes(root)
    anchors = trust.read_anchors([tmp_path / "ca.pem"])
    assert anchors[0].version is x509.Version.v1
    trust.check_chain(x509.load_pem_x509_certificate(leaf), [], anchors, datetime.now(UTC))


@pytest.mark.parametrize("file", ["gost2012-512-a", "sm2"])
def test_a_ca_that_cannot_be_checked_is_refused_before_an_order(bank: Bank, file: str) -> None:
    der = (CORPUS / f"{file}.der").read_bytes()
    (bank.folder / "odd.pem").write_text(ssl.DER_cert_to_PEM_cert(der))
    runner = bank.configured(trust=(bank.folder / "odd.pem",))
    with pytest.raises(CertificateUnsupported):
        runner.authorities.get("bank")
    assert bank.server.asked == []


@pytest.fixture
def openssl_v1(tmp_path: Path) -> tuple[bytes, bytes]:
    """A root of version 1 and a certificate below it, as OpenSSL makes them."""

    def run(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for name in ("root", "leaf"):
        files = ("-keyout", f"{name}.key", "-out", f"{name}.csr")
        run("req", "-new", *new, "-subj", f"/CN={name}", *files)
    run("x509", "-req", "-in", "root.csr", "-signkey", "root.key", "-out", "root.pem")
    issuer = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
    (tmp_path / "v3").write_text("keyUsage=digitalSignature\n")
    run("x509", "-req", "-in", "leaf.csr", *issuer, "-extfile", "v3", "-out", "leaf.pem")
    return (tmp_path / "root.pem").read_bytes(), (tmp_path / "leaf.pem").read_bytes()


def _with_more(bundle: bytes, odd: list[bytes]) -> bytes:
    """A certs-only CMS with further certificates, of kinds that cannot be read."""
    outer, _rest = decode(bundle, asn1Spec=rfc5652.ContentInfo())
    inner, _rest = decode(outer["content"], asn1Spec=rfc5652.SignedData())
    for each in odd:
        certificate, _rest = decode(each, asn1Spec=rfc5280.Certificate())
        choice = rfc5652.CertificateChoices()
        choice["certificate"] = certificate
        inner["certificates"].append(choice)
    outer["content"] = encode(inner)
    return bytes(encode(outer))
