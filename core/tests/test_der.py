"""DER as it is written by hand, checked against what others make of it."""

from __future__ import annotations

import re
import subprocess

import pytest
from cryptography.x509 import Name, NameAttribute, ObjectIdentifier
from hypothesis import example, given
from hypothesis import strategies as st
from lockwright.pkcs11.der import SEQUENCE, elements, encode, oid

ARC = st.integers(min_value=0, max_value=2**64)
FIRST_TWO = st.one_of(st.tuples(st.integers(0, 1), st.integers(0, 39)), st.tuples(st.just(2), ARC))
EDGES = (
    "0.0",
    "0.39",
    "1.0",
    "1.39.127",
    "2.0.128",
    "2.39.16383.16384",
    "2.40",
    "2.47",
    "2.48",
    "2.999.3",
    "2.100000.0.4294967296",
    "2.25.329800735698586629295641978511506172918",
)
"""Each side of a further octet, second arcs from 40 on, and a UUID, which no machine word holds."""


def in_cryptography(dotted: str) -> bytes:
    """The object identifier as ``cryptography`` writes it, as the type in a name."""
    name = Name([NameAttribute(ObjectIdentifier(dotted), "x")]).public_bytes()
    for _level in ("Name", "RelativeDistinguishedName", "AttributeTypeAndValue"):
        name = next(elements(name)).content
    return next(elements(name)).whole


def in_openssl(der: bytes) -> str:
    """The object identifier that OpenSSL reads."""
    command = ["openssl", "asn1parse", "-inform", "DER"]
    told = subprocess.run(command, input=der, capture_output=True, check=True).stdout.decode()
    found = re.search(r"OBJECT +:(.+)", told)
    assert found is not None, told
    return found[1]


@given(first_two=FIRST_TWO, rest=st.lists(ARC, max_size=4))
@example(first_two=(2, 40), rest=[])
@example(first_two=(2, 47), rest=[127, 128])
@example(first_two=(2, 48), rest=[2**14 - 1, 2**14])
def test_an_object_identifier_is_encoded_as_cryptography_does(
    first_two: tuple[int, int], rest: list[int]
) -> None:
    dotted = ".".join(map(str, (*first_two, *rest)))

    assert oid(dotted) == in_cryptography(dotted)


@pytest.mark.parametrize("dotted", EDGES)
def test_openssl_reads_an_object_identifier_back(dotted: str) -> None:
    assert in_openssl(oid(dotted)) == dotted


@pytest.mark.parametrize(
    "dotted", ["", "1", "1.40", "0.40", "3.1", "1.-2", "1.2.-3", "1..2", "x.y"]
)
def test_what_is_no_object_identifier_is_refused(dotted: str) -> None:
    with pytest.raises(ValueError):
        oid(dotted)


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65536])
def test_an_element_is_read_back_whatever_its_length(size: int) -> None:
    content = bytes(size)

    (read,) = elements(encode(SEQUENCE, content))

    assert (read.tag, read.content) == (SEQUENCE, content)
