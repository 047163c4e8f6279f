"""Ten tokens as they are met, each with the facts that a listing of it has to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import odd_der as der
from corpus_token import CorpusToken
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from entries_keys import POINT, STREEBOG, XCH_A, gost
from entries_tools import by_java, by_p11tool, tool
from lockwright.certificates.asn1 import nodes
from lockwright.pkcs11.constants import CKA, CKC, CKO
from lockwright.pkcs11.der import encode
from lockwright_testkit.raw import Value
from odd_keys import key, pair, private
from peer_facts import (
    Fact,
    certificates,
    expiry,
    holder,
    key_type,
    keys,
    named,
    no_certificate,
    not_with_the_key,
    own_certificate,
    told_apart,
)

ANNA, CYRILLIC = "Anna Petrova", "Петрова Анна"
OVER, ENDS = date(2024, 1, 1), date(2040, 1, 1)
RSA, EC = 101, 1
"""Numbers of keys."""
_ID = b"\x41\x01"
_INTEGER, _VERSION = 0x02, 0xA0
_TODAY = datetime.now(UTC).date()


@dataclass(frozen=True)
class PeerToken:
    """A token, what is on it, and what is true of it."""

    name: str
    """What is odd, for a reader of the table."""
    fill: Callable[[CorpusToken], object]
    """Puts everything on it."""
    facts: Sequence[Fact]


def certificate(what: bytes, label: str = "card", key_id: bytes = _ID) -> Mapping[int, Value]:
    """A certificate object as a careful program writes it, with its subject, issuer and number."""
    tbs = list(nodes(next(nodes(next(nodes(what)).content)).content))
    serial, _algorithm, issuer, _validity, subject = tbs[tbs[0].tag == _VERSION :][:5]
    return {
        CKA.CLASS: CKO.CERTIFICATE,
        CKA.CERTIFICATE_TYPE: CKC.X_509,
        CKA.PRIVATE: False,
        CKA.ID: key_id,
        CKA.LABEL: label,
        CKA.SUBJECT: subject.whole,
        CKA.ISSUER: issuer.whole,
        CKA.SERIAL_NUMBER: serial.whole,
        CKA.VALUE: what,
    }


def of_key(
    number: int,
    name: str | bytes = ANNA,
    ends: date = ENDS,
    *,
    tag: int = der.UTF8,
    version: int = 3,
    serial: int = 1,
) -> bytes:
    """A certificate of a key.

    Args:
        number: which key.
        name: the holder's common name.
        ends: the day when it expires.
        tag: the type of the name's text.
        version: of X.509.
        serial: its number, at most 127.
    """
    public = key(number).public_key()
    return der.made(
        version=encode(_VERSION, encode(_INTEGER, bytes([version - 1]))),
        serial=encode(_INTEGER, bytes([serial])),
        info=public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        subject=der.name(der.attribute(der.CN, name, tag)),
        validity=(der.utc("200101000000Z"), der.utc(f"{ends:%y%m%d}000000Z")),
    )


def with_certificate(what: Callable[[], bytes]) -> Callable[[CorpusToken], None]:
    """Fills a token with an RSA key and a certificate."""
    return lambda token: token.create(*pair(RSA, _ID, "card"), certificate(what()))


def of_odd_certificate(name: str) -> Sequence[Fact]:
    return (keys(1), certificates(1), _RSA, holder(name), expiry(ENDS))


def with_ca(token: CorpusToken) -> None:
    ca = certificate(of_key(EC + 1, "A CA"), "root")
    token.create(*pair(EC, _ID, "card"), certificate(of_key(EC, "Owner", OVER)), ca)


def renewed(token: CorpusToken) -> None:
    old, new = of_key(EC, ends=OVER), of_key(EC, serial=2)
    both = certificate(old, "card 2023"), certificate(new, "card 2024")
    token.create(*pair(EC, _ID, "card"), *both)


def of_gost(token: CorpusToken) -> None:
    info = der.gost_info("1.2.643.7.1.1.1.1", XCH_A, POINT, STREEBOG)
    subject = der.name(der.attribute(der.CN, CYRILLIC))
    own = certificate(der.made(info=info, subject=subject), key_id=b"gost")
    token.create(*gost("gost", XCH_A, STREEBOG, POINT), own)


_TWINS = ("--keypairgen", "--key-type", "rsa:2048", "--id", "4141", "--label", "same")
_RSA = key_type("RSA of 2048 bits", "rsa", "2048")
_P256 = key_type("EC on P-256", r"ec", r"p-?256|secp256r1|prime256v1")
_GOST = key_type("GOST R 34.10-2012 of 256 bits", r"34\.?10-2012", "256")
_IN_3000_DAYS = expiry(*(_TODAY + timedelta(days=days) for days in (3000, 3001)))
TOKENS: Sequence[PeerToken] = (
    PeerToken(
        "two key pairs of one id and label",
        tool("twins", _TWINS, _TWINS, english=()).fill,
        (keys(2), told_apart(), _RSA),
    ),
    PeerToken(
        "a CA certificate with the id of the key, whose own has expired",
        with_ca,
        (
            *(keys(1), own_certificate("Owner", "card"), not_with_the_key("A CA", "root")),
            *(holder("Owner"), expiry(OVER)),
        ),
    ),
    PeerToken(
        "a certificate of X.509 version 2",
        with_certificate(lambda: of_key(RSA, version=2)),
        of_odd_certificate(ANNA),
    ),
    PeerToken(
        "cp1251 in a T61String",
        with_certificate(lambda: of_key(RSA, CYRILLIC.encode("cp1251"), tag=der.T61)),
        of_odd_certificate(CYRILLIC),
    ),
    PeerToken(
        "a key of GOST R 34.10-2012 and its certificate",
        of_gost,
        (keys(1), certificates(1), _GOST, holder(CYRILLIC), expiry(ENDS)),
    ),
    PeerToken(
        "certificate and key by p11tool, without --id",
        by_p11tool,
        (keys(1), certificates(1), _RSA, holder("GnuTLS"), _IN_3000_DAYS),
    ),
    PeerToken(
        "key and certificate by Java, under an alias",
        by_java,
        (keys(1), named("java alias"), certificates(1), _P256, holder("Java"), _IN_3000_DAYS),
    ),
    PeerToken(
        "an old certificate and its renewal, one key",
        renewed,
        (
            *(keys(1), certificates(2), holder(ANNA)),
            expiry(ENDS, whose="the new one"),
            expiry(OVER, whose="the old one"),
        ),
    ),
    PeerToken(
        "a private key, nothing else",
        lambda token: token.create(private(EC, _ID, "card")),
        (keys(1), named("card"), no_certificate(), _P256),
    ),
    PeerToken(
        "zeros behind the certificate",
        with_certificate(lambda: of_key(RSA) + bytes(64)),
        of_odd_certificate(ANNA),
    ),
)
