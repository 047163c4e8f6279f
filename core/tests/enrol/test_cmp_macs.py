"""MACs from a password, held against OpenSSL's own hashes and against other readers."""

from __future__ import annotations

import subprocess

import pytest
from lockwright.certificates.asn1 import node
from lockwright.config.authorities import CMP_ITERATIONS, CMP_MACS, CMP_REQUESTS
from lockwright.enrol.ca.cmp_der import algorithm, integer, octets
from lockwright.enrol.ca.cmp_macs import MACS, Pbm, Pbmac1, Unknown, mac_in
from lockwright.enrol.ca.cmp_orders import TEMPLATES
from lockwright.enrol.ca.cmp_reading import algorithm_in
from lockwright.pkcs11.der import NULL, SEQUENCE, encode
from lockwright.secret import Secret
from pyasn1.codec.der.decoder import decode
from pyasn1_alt_modules import rfc5280, rfc8018, rfc9810

PASSWORD = "Maple-Drum-77"
SALT, DATA = bytes(range(16)), b"what is protected"
PBMAC1, PBKDF2, OTHER_KDF = "1.2.840.113549.1.5.14", "1.2.840.113549.1.5.12", "1.3.6.1.4.1.11591"
SHA1_MAC, SHA256_MAC, SHA512_MAC = (f"1.2.840.113549.2.{arc}" for arc in (7, 9, 11))


def openssl(*command: str, data: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *command], input=data, capture_output=True, check=True)
    return bytes.fromhex(done.stdout.decode().replace(":", "").strip())


def openssls_hmac(key: bytes, digest: str) -> bytes:
    options = ("-digest", digest, "-macopt", f"hexkey:{key.hex()}", "-in", "-", "HMAC")
    return openssl("mac", *options, data=DATA)


def openssls_pbkdf2(digest: str, iterations: int, length: int) -> bytes:
    options = (
        f"digest:{digest}",
        f"pass:{PASSWORD}",
        f"hexsalt:{SALT.hex()}",
        f"iter:{iterations}",
    )
    given = [word for option in options for word in ("-kdfopt", option)]
    return openssl("kdf", "-keylen", str(length), *given, "PBKDF2")


@pytest.mark.parametrize(
    ("prf", "mac", "length"),
    [("sha256", "sha256", 32), ("sha1", "sha512", 64), ("sha512", "sha1", 20)],
)
def test_pbmac1_is_what_openssl_makes_of_the_same_parameters(
    prf: str, mac: str, length: int
) -> None:
    made = Pbmac1(SALT, 1000, prf, mac, length).over(DATA, Secret(PASSWORD))
    assert made == openssls_hmac(openssls_pbkdf2(prf, 1000, length), mac)


def test_pbmac1_is_written_as_other_readers_have_it() -> None:
    read, _rest = decode(Pbmac1(SALT).identifier(), asn1Spec=rfc5280.AlgorithmIdentifier())
    assert str(read["algorithm"]) == PBMAC1
    parameters, _rest = decode(bytes(read["parameters"]), asn1Spec=rfc8018.PBMAC1_params())
    derivation, mac = parameters["keyDerivationFunc"], parameters["messageAuthScheme"]
    assert (str(derivation["algorithm"]), str(mac["algorithm"])) == (PBKDF2, SHA256_MAC)
    wanted, _rest = decode(bytes(derivation["parameters"]), asn1Spec=rfc8018.PBKDF2_params())
    assert wanted["salt"]["specified"].asOctets() == SALT
    assert (int(wanted["iterationCount"]), int(wanted["keyLength"])) == (10_000, 32)
    assert str(wanted["prf"]["algorithm"]) == SHA256_MAC


def test_pbm_is_written_as_other_readers_have_it() -> None:
    read, _rest = decode(Pbm(SALT).identifier(), asn1Spec=rfc5280.AlgorithmIdentifier())
    wanted, _rest = decode(bytes(read["parameters"]), asn1Spec=rfc9810.PBMParameter())
    assert (wanted["salt"].asOctets(), int(wanted["iterationCount"])) == (SALT, 10_000)


@pytest.mark.parametrize("name", MACS)
def test_what_is_written_is_read_again(name: str) -> None:
    made = MACS[name](SALT, 1234)
    assert mac_in(algorithm_in(node(made.identifier()))) == made


def pbmac1(
    *, kdf: str = PBKDF2, count: int = 2048, more: bytes = b"", mac: str = SHA512_MAC
) -> bytes:
    derivation = encode(SEQUENCE, octets(SALT), integer(count), more)
    parameters = encode(SEQUENCE, algorithm(kdf, derivation), algorithm(mac, NULL))
    return algorithm(PBMAC1, parameters)


def test_pbmac1_without_what_may_be_left_out_has_its_defaults() -> None:
    """RFC 8018, A.2: HMAC with SHA-1 derives; the key is as long as the MAC's hash."""
    assert mac_in(algorithm_in(node(pbmac1()))) == Pbmac1(SALT, 2048, "sha1", "sha512", 64)


@pytest.mark.parametrize(
    "identifier",
    [
        pbmac1(kdf=OTHER_KDF),
        pbmac1(mac=OTHER_KDF),
        pbmac1(count=1_000_001),
        pbmac1(count=0),
        pbmac1(count=-1),
        pbmac1(more=integer(100_000)),
        pbmac1(more=integer(0)),
        algorithm(PBMAC1),
        algorithm(PBMAC1, NULL),
    ],
)
def test_what_is_not_known_or_asks_for_too_much_is_refused(identifier: bytes) -> None:
    with pytest.raises(Unknown):
        mac_in(algorithm_in(node(identifier)))


def test_what_the_configuration_lets_through_is_what_the_client_knows() -> None:
    assert set(CMP_MACS) == set(MACS)
    assert set(CMP_REQUESTS) == {"p10cr", *TEMPLATES}
    for iterations in (CMP_ITERATIONS[0], CMP_ITERATIONS[-1]):
        written = algorithm_in(node(MACS["pbm"](SALT, iterations).identifier()))
        assert mac_in(written) == Pbm(SALT, iterations)
