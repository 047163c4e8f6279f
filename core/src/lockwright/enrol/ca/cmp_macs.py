"""MACs from a password: PasswordBasedMac and PBMAC1 (RFC 9481, 6.1; RFC 8018)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Protocol

from lockwright.certificates.asn1 import INTEGER, OCTET_STRING, SEQUENCE, Node
from lockwright.enrol.ca.cmp_der import algorithm, integer, octets
from lockwright.enrol.ca.cmp_reading import Algorithm, algorithm_in, inside, integer_in, octets_in
from lockwright.pkcs11.der import NULL, encode
from lockwright.records import dataclass
from lockwright.secret import Secret

USUAL_ITERATIONS = 10_000
"""What the field accepts: EJBCA refuses more."""
_MOST_ITERATIONS = 1_000_000
"""More than that of an answer would keep this computer busy for a stranger."""
_LONGEST_KEY = 256

_PBM, _PBMAC1 = "1.2.840.113533.7.66.13", "1.2.840.113549.1.5.14"
_PBKDF2 = "1.2.840.113549.1.5.12"
_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_HMACS = {
    "1.3.6.1.5.5.8.1.2": "sha1",
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
}
_SHA256, _HMAC_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.2.9"
_HMAC_SHA1 = "1.3.6.1.5.5.8.1.2"


class Unknown(ValueError):
    """A MAC that is not known here, or asks for too much."""


class Mac(Protocol):
    """A MAC with its parameters."""

    def identifier(self) -> bytes:
        """Its AlgorithmIdentifier, DER."""

    def over(self, data: bytes, password: Secret) -> bytes:
        """The MAC."""


@dataclass(frozen=True, slots=True)
class Pbm:
    """PasswordBasedMac (RFC 9481, 6.1.1): the password and salt, hashed again and again."""

    salt: bytes
    iterations: int = USUAL_ITERATIONS
    hash: str = "sha256"
    """Name of the one-way function; it is written as SHA-256."""
    mac: str = "sha256"
    """Hash of the HMAC; it is written as SHA-256 or SHA-1."""

    @classmethod
    def read(cls, parameters: Node | None) -> Pbm:
        """PBMParameter."""
        salt, owf, count, mac = inside(parameters)
        found = _HASHES[algorithm_in(owf).oid], _HMACS[algorithm_in(mac).oid]
        return cls(octets_in(salt), _bounded(count), *found)

    def identifier(self) -> bytes:
        """AlgorithmIdentifier with PBMParameter."""
        parameters = encode(
            SEQUENCE,
            octets(self.salt),
            algorithm(_SHA256),
            integer(self.iterations),
            algorithm(_HMAC_SHA1 if self.mac == "sha1" else _HMAC_SHA256, NULL),
        )
        return algorithm(_PBM, parameters)

    def over(self, data: bytes, password: Secret) -> bytes:
        """The MAC."""
        key = hashlib.new(self.hash, password.reveal() + self.salt).digest()
        for _round in range(self.iterations - 1):
            key = hashlib.new(self.hash, key).digest()
        return hmac.digest(key, data, self.mac)


@dataclass(frozen=True, slots=True)
class Pbmac1:
    """PBMAC1 (RFC 9481, 6.1.2; RFC 8018, 7.1): a key by PBKDF2, and an HMAC with it."""

    salt: bytes
    iterations: int = USUAL_ITERATIONS
    prf: str = "sha256"
    """Hash of PBKDF2's function; it is written as SHA-256."""
    mac: str = "sha256"
    """Hash of the HMAC; it is written as SHA-256."""
    length: int = 32
    """Bytes of the key."""

    @classmethod
    def read(cls, parameters: Node | None) -> Pbmac1:
        """PBMAC1-params (RFC 8018, A.5, A.2)."""
        derivation, scheme = map(algorithm_in, inside(parameters))
        if derivation.oid != _PBKDF2:
            raise Unknown
        mac = _HMACS[scheme.oid]
        salt, count, *others = inside(derivation.parameters)
        if salt.tag != OCTET_STRING:  # or another source, which none has ever been named for
            raise Unknown
        lengths = [integer_in(each) for each in others if each.tag == INTEGER]
        functions = [_HMACS[algorithm_in(each).oid] for each in others if each.tag == SEQUENCE]
        length = lengths[0] if lengths else hashlib.new(mac).digest_size
        if not 0 < length <= _LONGEST_KEY:
            raise Unknown
        prf = functions[0] if functions else "sha1"
        return cls(octets_in(salt), _bounded(count), prf, mac, length)

    def identifier(self) -> bytes:
        """AlgorithmIdentifier with PBMAC1-params."""
        hmac_sha256 = algorithm(_HMAC_SHA256, NULL)
        derivation = encode(
            SEQUENCE,
            octets(self.salt),
            integer(self.iterations),
            integer(self.length),
            hmac_sha256,
        )
        return algorithm(_PBMAC1, encode(SEQUENCE, algorithm(_PBKDF2, derivation), hmac_sha256))

    def over(self, data: bytes, password: Secret) -> bytes:
        """The MAC."""
        key = hashlib.pbkdf2_hmac(
            self.prf, password.reveal(), self.salt, self.iterations, self.length
        )
        return hmac.digest(key, data, self.mac)


MACS: Mapping[str, Callable[[bytes, int], Mac]] = {
    "pbm": Pbm,
    "pbm-sha1": lambda salt, iterations: Pbm(salt, iterations, mac="sha1"),
    "pbmac1": Pbmac1,
}
"""What a MAC is made with, by the name in the configuration: salt and iterations."""
_READ: Mapping[str, Callable[[Node | None], Mac]] = {_PBM: Pbm.read, _PBMAC1: Pbmac1.read}


def mac_in(found: Algorithm) -> Mac | None:
    """The MAC that an answer names; None where it names none that a password makes.

    Raises:
        Unknown: it is not known here.
    """
    reader = _READ.get(found.oid)
    try:
        return None if reader is None else reader(found.parameters)
    except (ValueError, KeyError):
        raise Unknown from None


def _bounded(count: Node) -> int:
    found = integer_in(count)
    if not 0 < found <= _MOST_ITERATIONS:
        raise Unknown
    return found
