"""Who signs at OpenSSL's mock server, with what keys, and which certificates lead to them."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from lockwright.enrol.ca import cmp
from lockwright.enrol.request import build_request
from lockwright.enrol.soft_key import public_info
from lockwright.enrol.trust import der
from lockwright.errors import CaAnswerBroken
from lockwright.models import CaAnswer, CaOrder, Issued, Refused
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.memory_keys import Key, Keys
from lockwright_testkit.odd_signatures import issued_by
from lockwright_testkit.pki import TestCa, key_pem, pem

Serve = Callable[..., CmpServer]
ORDERS = ("p10cr", "ir", "cr", "kur")
CORPUS = Path(__file__).parents[3] / "tests/corpus/certificates"
KEYS: dict[str, Callable[[], Key]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}


def ordered(key: Key, old: x509.Certificate | None = None) -> tuple[CaOrder, Keys]:
    """An order, and the key that it is signed with, old and new."""
    keys = Keys(key, key)
    subject = x509.Name.from_rfc4514_string("CN=Anna Petrova,O=Bank").public_bytes()
    request = build_request(subject, public_info(key.public_key()), keys.sign_with_new)
    return CaOrder(request, LOGIN, renews=None if old is None else der(old)), keys


def asks(server: CmpServer, ca: TestCa, how: str, key: Key, old: x509.Certificate) -> CaAnswer:
    """What comes of an order of a kind."""
    if how == "kur":
        order, keys = ordered(key, old)
        return cmp.lockwright_ca_renew(server.profile(ca), order, keys)
    order, keys = ordered(key)
    its = server.profile(ca, request=how)
    return cmp.lockwright_ca_enrol(its, order, Secret(PASSWORD), keys)


@pytest.mark.parametrize("how", ORDERS)
@pytest.mark.parametrize("make", KEYS.values(), ids=KEYS)
def test_a_key_of_any_kind_orders_and_renews(
    serve: Serve, ca: TestCa, make: Callable[[], Key], how: str
) -> None:
    key = make()
    old = ca.issue(key.public_key())
    with serve(issued=old) as server:
        assert isinstance(asks(server, ca, how, key, old), Issued)


@pytest.mark.parametrize("how", ORDERS)
def test_the_key_of_the_server_may_have_a_password(
    serve: Serve, ca: TestCa, key: ec.EllipticCurvePrivateKey, tmp_path: Path, how: str
) -> None:
    sealed = BestAvailableEncryption(b"sesame")
    file = tmp_path / "sealed.pem"
    file.write_bytes(ca.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
    options = ("-srv_key", f"{file}", "-srv_keypass", "pass:sesame")
    old = ca.issue(key.public_key())
    with serve(*options, issued=old, password=None) as server:
        assert isinstance(asks(server, ca, how, key, old), Issued)


class Speaker:
    """Options for a server whose signer is two tiers below the root."""

    def __init__(self, folder: Path, root: TestCa) -> None:
        between = root.intermediate()
        speaker = between.speaker()
        self.between = folder / "between.pem"
        self.between.write_bytes(pem(between.certificate))
        (folder / "ra.pem").write_bytes(pem(speaker.certificate))
        (folder / "ra.key").write_bytes(key_pem(speaker.key))
        self.options = ("-srv_cert", f"{folder}/ra.pem", "-srv_key", f"{folder}/ra.key")


@pytest.fixture
def speaker(tmp_path: Path, ca: TestCa) -> Speaker:
    return Speaker(tmp_path, ca)


@pytest.mark.parametrize("how", ORDERS)
@pytest.mark.parametrize("option", ["-srv_untrusted", "-rsp_extracerts"])
def test_who_speaks_for_the_ca_is_led_to_the_root_by_what_comes_along(
    serve: Serve,
    ca: TestCa,
    key: ec.EllipticCurvePrivateKey,
    speaker: Speaker,
    option: str,
    how: str,
) -> None:
    """With the second option the way is in the first answer alone, not in the confirmation."""
    old = ca.issue(key.public_key())
    further = (*speaker.options, option, f"{speaker.between}")
    with serve(*further, issued=old, password=None) as server:
        assert isinstance(asks(server, ca, how, key, old), Issued)


@pytest.mark.parametrize("how", ORDERS)
def test_who_speaks_for_the_ca_is_not_believed_without_the_way_to_it(
    serve: Serve, ca: TestCa, key: ec.EllipticCurvePrivateKey, speaker: Speaker, how: str
) -> None:
    old = ca.issue(key.public_key())
    with (
        serve(*speaker.options, issued=old, password=None) as server,
        pytest.raises(CaAnswerBroken) as caught,
    ):
        asks(server, ca, how, key, old)
    assert caught.value.facts["reason"] == "the CA that signed it is not trusted"


@pytest.mark.parametrize("how", ["ir", "kur"])
def test_certificates_of_any_kind_come_along(
    serve: Serve, ca: TestCa, key: ec.EllipticCurvePrivateKey, tmp_path: Path, how: str
) -> None:
    """GOST, SM2, brainpool, Ed448, version 2 and whatever else is in the corpus, all at once."""
    others = [file.read_bytes() for file in sorted(CORPUS.glob("*.der"))]
    (tmp_path / "others.pem").write_text("".join(map(ssl.DER_cert_to_PEM_cert, others)))
    options = ("-rsp_extracerts", f"{tmp_path}/others.pem", "-rsp_capubs", f"{tmp_path}/others.pem")
    old = ca.issue(key.public_key())
    with serve(*options, issued=old) as server:
        answer = asks(server, ca, how, key, old)
    assert isinstance(answer, Issued)
    assert answer.certificate == der(old)
    assert len(answer.chain) > 10


@pytest.mark.parametrize("pss", [False, True], ids=["PKCS 1", "PSS"])
def test_a_certificate_signed_by_rsa_is_confirmed_as_the_server_reckons(
    serve: Serve, ca: TestCa, key: ec.EllipticCurvePrivateKey, *, pss: bool
) -> None:
    """It compares the hash."""
    way = padding.PSS(padding.MGF1(hashes.SHA384()), padding.PSS.DIGEST_LENGTH)
    signer = rsa.generate_private_key(65537, 2048)
    issued = issued_by(signer, key, **({"rsa_padding": way} if pss else {}))
    old = x509.load_der_x509_certificate(issued)
    with serve(issued=old) as server:
        assert isinstance(asks(server, ca, "p10cr", key, old), Issued)


@pytest.mark.parametrize("how", ORDERS)
def test_a_certificate_for_another_key_is_declined(
    serve: Serve, ca: TestCa, key: ec.EllipticCurvePrivateKey, how: str
) -> None:
    """The core keeps it from the token; the server takes the no for what it is."""
    other = ca.issue(ec.generate_private_key(ec.SECP256R1()).public_key())
    old = ca.issue(key.public_key())
    with serve("-verbosity", "7", issued=other) as server:
        answer = asks(server, ca, how, key, old)
    if isinstance(answer, Refused):  # OpenSSL 3.0 renews no other than the one that it gives
        assert how == "kur"
    else:
        assert isinstance(answer, Issued)
        assert answer.certificate == der(other)
        assert server.said("CERTCONF")


# --- renewals: what the server makes of the old certificate ---------------------------------------


@pytest.mark.parametrize(("checked", "kind"), [((), Refused), (("-no_check_time",), Issued)])
def test_a_certificate_that_is_over_is_renewed_where_the_ca_does_not_look_at_the_time(
    serve: Serve,
    ca: TestCa,
    key: ec.EllipticCurvePrivateKey,
    checked: tuple[str, ...],
    kind: type[CaAnswer],
) -> None:
    over = ca.issue(key.public_key(), lasts=timedelta(hours=1))
    with serve(*checked, issued=over) as server:
        assert isinstance(asks(server, ca, "kur", key, over), kind)


@pytest.mark.parametrize("trusted", ["-srv_trusted", "-srv_untrusted"])
def test_a_certificate_below_an_intermediate_is_renewed_where_the_ca_knows_that(
    serve: Serve, ca: TestCa, key: ec.EllipticCurvePrivateKey, tmp_path: Path, trusted: str
) -> None:
    between = ca.intermediate()
    (tmp_path / "between.pem").write_bytes(pem(between.certificate, ca.certificate))
    old = between.issue(key.public_key())
    with serve(trusted, f"{tmp_path}/between.pem", issued=old) as server:
        assert isinstance(asks(server, ca, "kur", key, old), Issued)


def test_a_certificate_of_another_ca_is_not_renewed(
    serve: Serve, ca: TestCa, key: ec.EllipticCurvePrivateKey
) -> None:
    old = TestCa.root("CN=Stranger").issue(key.public_key())
    with serve(issued=old) as server:
        assert isinstance(asks(server, ca, "kur", key, old), Refused)
