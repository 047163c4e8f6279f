"""Certificates in order are read as cryptography reads them; all others without an error."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import example, given
from hypothesis import strategies as st
from lockwright.certificates import subjects
from lockwright.certificates.reading import read
from lockwright.models import Certificate, ObjectKind, Oddity, TokenObject
from lockwright.operations.listing import contents
from lockwright_testkit.pki import TestCa

KEY = ec.generate_private_key(ec.SECP256R1())
FILES = sorted((Path(__file__).parents[3] / "tests" / "corpus" / "certificates").glob("*.der"))
PLAIN = TestCa.root().issue(KEY.public_key(), "CN=Anna Petrova,O=Bank").public_bytes(Encoding.DER)
SECOND = 1.0
VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64)
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(9998, 12, 31))  # noqa: DTZ001  # UTC


def listed(der: bytes, kind: int | None = 0) -> Certificate:
    """A certificate as a listing shows it."""
    obj = TokenObject(ObjectKind.CERTIFICATE, b"\1", "", "aa", value=der, certificate_type=kind)
    (container,) = contents("S1", [obj], logged_in=True).containers
    (found,) = container.certificates
    return found


@given(
    names=st.lists(st.tuples(st.sampled_from(["CN", "O", "OU", "SN", "T"]), VALUES), max_size=5),
    serial=st.integers(1, (1 << 159) - 1),
    ends=MOMENTS,
)
def test_what_is_in_order_is_read_as_a_strict_reader_reads_it(
    names: list[tuple[str, str]], serial: int, ends: datetime
) -> None:
    ends = ends.replace(microsecond=0)
    subject = subjects.parse(
        ",".join(f"{n}={subjects.escaped(v)}" for n, v in names), complete=False
    )
    made = (
        x509.CertificateBuilder(subject, subject, KEY.public_key(), serial)
        .not_valid_before(datetime(1950, 1, 1, tzinfo=UTC))
        .not_valid_after(ends)
        .sign(KEY, hashes.SHA256())
    )

    found = listed(made.public_bytes(Encoding.DER))

    assert found.oddities == ()
    assert found.serial == f"{made.serial_number:x}"
    assert (found.not_before, found.not_after) == (
        made.not_valid_before_utc,
        made.not_valid_after_utc,
    )
    assert found.key_type == "ec:p256"
    assert found.subject is not None
    assert subjects.parse(found.subject, complete=False) == subjects.subject_of(made)


@given(st.data())
def test_what_is_damaged_in_any_place_is_listed_all_the_same(data: st.DataObject) -> None:
    der = bytearray(data.draw(st.sampled_from([PLAIN, *(file.read_bytes() for file in FILES)])))
    for _time in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(der) - 1))
        der[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    found = listed(bytes(der))

    assert found.fingerprint
    assert found.subject is not None or found.oddities


@given(st.binary(max_size=200))
@example(b"")
def test_what_is_no_certificate_is_told_so(noise: bytes) -> None:
    found = listed(noise)
    assert (found.subject, found.not_after) == (None, None)
    assert {Oddity.NO_VALUE, Oddity.NO_CERTIFICATE} & set(found.oddities)


@pytest.mark.parametrize(
    "der",
    [
        b"\x30\x80" * 1_000_000,
        b"\x30\x84\x00\x40\x00\x00" + b"\x30\x80" * 1_000_000,
        b"\x30\x82\xff\xff" * 500_000,
        b"\x30\x80" + b"\x02\x01\x01" * 1_000_000,
        PLAIN[:4] + b"\x30\x83\x1f\xff\xff" + b"\x31\x00" * 1_000_000,
        b"\x30\x83\x0f\xff\xff\x30\x83\x0f\xff\xfa\x02\x83\x0f\xff\xf5" + b"\x7f" * 1_048_000,
    ],
    ids=["deep", "deep inside", "long lengths", "many", "a name of many parts", "a long serial"],
)
def test_what_is_made_to_be_slow_is_read_in_time(der: bytes) -> None:
    start = time.perf_counter()
    read(der)
    assert time.perf_counter() - start < SECOND


@pytest.mark.parametrize(
    ("kind", "oddity"), [(1, True), (2, True), (0x80000001, True), (None, False)]
)
def test_a_certificate_of_another_kind_is_not_read_as_one_of_x509(
    kind: int | None, *, oddity: bool
) -> None:
    found = listed(PLAIN, kind)
    assert (Oddity.OTHER_KIND in found.oddities) is oddity
    assert (found.subject is None) is oddity
