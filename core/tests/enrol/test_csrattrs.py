"""Wishes of EST servers, read from bytes that were put together without the library under test."""

from __future__ import annotations

import pytest
from lockwright.certificates.subjects import parse
from lockwright.enrol.ca.csrattrs import Wishes, name_of, wishes_in
from lockwright.pkcs11.der import NULL, encode, oid
from lockwright_testkit.csrattrs_answers import (
    BRAINPOOL,
    CHALLENGE_PASSWORD,
    EC,
    P256,
    P384,
    RFC_7030_EXAMPLE,
    RSA,
    TEMPLATE,
    attribute,
    ec_key,
    integer,
    rsa_key,
    sequence,
    template,
    template_of,
)
from lockwright_testkit.real_names import PRINTABLE, name
from lockwright_testkit.real_names import attribute as attribute_of

CN, O, INN = "2.5.4.3", "2.5.4.10", "1.2.643.3.131.1.1"  # noqa: E741  # as X.500 names it


def utf8(text: str) -> bytes:
    return encode(0x0C, text.encode())


def test_the_example_of_the_rfc_is_read() -> None:
    assert wishes_in(RFC_7030_EXAMPLE) == Wishes(("ec:p384",), channel_binding=True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", Wishes()),
        (sequence(), Wishes()),
        (sequence(oid("1.2.3.4"), attribute("1.2.3.5", NULL)), Wishes()),
        (sequence(oid(CHALLENGE_PASSWORD)), Wishes(channel_binding=True)),
        (sequence(attribute(EC, oid(P256))), Wishes(("ec:p256",))),
        (sequence(attribute(EC, oid(BRAINPOOL))), Wishes((f"ec:{BRAINPOOL}",))),
        (sequence(attribute(RSA, integer(3072))), Wishes(("rsa:3072",))),
        (sequence(attribute(RSA, NULL)), Wishes()),
        (
            sequence(attribute(EC, oid(P384), oid(P256)), attribute(RSA, integer(2048))),
            Wishes(("ec:p384", "ec:p256", "rsa:2048")),
        ),
        (sequence(oid(EC), oid(RSA)), Wishes()),
        (template(), Wishes()),
        (template(key=ec_key(P256)), Wishes(("ec:p256",))),
        (template(key=rsa_key(4096)), Wishes(("rsa:4096",))),
        (template(key=sequence(oid(RSA), NULL)), Wishes()),
        (
            sequence(template_of(key=ec_key(P256)), template_of(key=ec_key(P384))),
            Wishes(("ec:p256", "ec:p384")),
        ),
        (
            # RFC 9908, 4: beside a template nothing counts, but the size that it leaves open.
            sequence(
                oid(CHALLENGE_PASSWORD),
                attribute(EC, oid(P256)),
                attribute(RSA, integer(3072)),
                template_of(key=sequence(oid(RSA), NULL)),
            ),
            Wishes(("rsa:3072",)),
        ),
        (
            sequence(template_of(asks=(attribute(CHALLENGE_PASSWORD),))),
            Wishes(channel_binding=True),
        ),
        (
            template("CN=Anna,O=Bank"),
            Wishes(subject=(((O, utf8("Bank")),), ((CN, utf8("Anna")),))),
        ),
        (template("CN=,O=Bank"), Wishes(subject=(((O, utf8("Bank")),), ((CN, None),)))),
    ],
)
def test_what_is_wished_is_read(body: bytes, expected: Wishes) -> None:
    assert wishes_in(body) == expected


@pytest.mark.parametrize(
    "body", [b"\x00", b"\x30\x10short", sequence(b"\x06\x05\x2a"), RFC_7030_EXAMPLE[:-1]]
)
def test_what_is_broken_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match="csrattrs"):
        wishes_in(body)


@pytest.mark.parametrize(
    "broken",
    [
        sequence(oid(EC)),
        attribute(TEMPLATE, NULL),
        attribute(EC, b"\x06"),
    ],
)
def test_what_can_be_read_beside_something_broken_is_wished(broken: bytes) -> None:
    body = sequence(attribute(EC, oid(P256)), broken)
    assert wishes_in(body) == Wishes(("ec:p256",), whole=False)
    assert wishes_in(sequence(attribute(EC, oid(P256))) + broken).key_types == ("ec:p256",)


def test_a_subject_is_written_with_its_own_characters_escaped() -> None:
    subject = (((O, utf8("Bank, and Co")),), ((CN, utf8("Анна")),))
    assert name_of(subject) == "CN=Анна,O=Bank\\, and Co"


def test_a_subject_keeps_its_string_types_and_what_stands_together() -> None:
    printable = encode(PRINTABLE, b"Bank")
    subject = (((O, printable), (CN, utf8("Анна"))), ((CN, utf8("А")), (INN, utf8("7" * 12))))
    made = parse(name_of(subject), complete=False).public_bytes()
    assert made == name(
        (attribute_of(O, "Bank", PRINTABLE), attribute_of(CN, "Анна")),
        (
            attribute_of(CN, "А"),
            attribute_of(INN, "7" * 12),
        ),
    )
