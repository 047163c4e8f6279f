"""Certificates as known EST servers and programs send them."""

from __future__ import annotations

import base64
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from lockwright.enrol.ca.certs import certificates_in, transfer_decoded, transfer_encoded
from lockwright_testkit.pki import TestCa, pem

WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "64 columns and LF (cisco/libest)": lambda der: wrapped(der, 64, b"\n"),
    "76 columns and LF (globalsign/est)": lambda der: wrapped(der, 76, b"\n"),
    "64 columns and CRLF": lambda der: wrapped(der, 64, b"\r\n"),
    "one line": base64.b64encode,
    "one line and LF": lambda der: base64.b64encode(der) + b"\n",
    "one line and NUL": lambda der: base64.b64encode(der) + b"\0",
    "64 columns, LF and NULs": lambda der: wrapped(der, 64, b"\n") + b"\0\n\0",
    "PEM": lambda der: b"-----BEGIN PKCS7-----\n%b-----END PKCS7-----\n" % wrapped(der, 64, b"\n"),
    "DER": bytes,
    "blanks": lambda der: b" \t" + wrapped(der, 10, b" ") + b"\n\n",
    "a byte order mark and a NUL": lambda der: b"\xef\xbb\xbf" + base64.b64encode(der) + b"\r\n\0",
}


def wrapped(der: bytes, columns: int, end: bytes) -> bytes:
    line = base64.b64encode(der)
    return b"".join(line[at : at + columns] + end for at in range(0, len(line), columns))


@pytest.fixture(scope="module")
def chain() -> list[x509.Certificate]:
    root = TestCa.root()
    return [root.certificate, root.intermediate().certificate]


@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
def test_certificates_are_read_however_they_are_wrapped(
    chain: list[x509.Certificate], wrapping: str
) -> None:
    der = pkcs7.serialize_certificates(chain, Encoding.DER)
    assert set(certificates_in(WRAPPINGS[wrapping](der))) == set(chain)


@pytest.mark.parametrize("order", [1, -1])
def test_a_set_that_is_not_sorted_is_read_without_a_warning(
    chain: list[x509.Certificate], tmp_path: Path, order: int
) -> None:
    """As OpenSSL writes it, which sorts nothing, and some servers with it."""
    (tmp_path / "chain.pem").write_bytes(pem(*chain[::order]))
    command = ("openssl", "crl2pkcs7", "-nocrl", "-certfile", "chain.pem", "-outform", "DER")
    der = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(certificates_in(base64.b64encode(der))) == set(chain)


def test_ber_of_indefinite_length_is_read(chain: list[x509.Certificate]) -> None:
    certificate = chain[0].public_bytes(Encoding.DER)
    data = b"\x06\x09*\x86H\x86\xf7\r\x01\x07\x01"
    signed = (
        b"\x30\x80\x02\x01\x01\x31\x00\x30\x80" + data + b"\x00\x00"
        b"\xa0\x80" + certificate + b"\x00\x00\x31\x00\x00\x00"
    )
    ber = b"\x30\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x80" + signed + b"\x00\x00\x00\x00"
    assert certificates_in(base64.b64encode(ber)) == [chain[0]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"AAAA====",
        b"\xff\xfe",
        base64.b64encode(b"no CMS"),
        base64.b64encode(pkcs7.serialize_certificates([TestCa.root().certificate], Encoding.DER))[
            :99
        ],
        pem(TestCa.root().certificate),
    ],
    ids=["nothing", "zeros", "no text", "no CMS", "cut short", "PEM"],
)
def test_what_holds_no_certificates_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it "):
        certificates_in(body)


def test_a_request_is_sent_in_the_form_that_every_known_server_takes() -> None:
    """cisco/libest wants a last line feed; globalsign/est wants no PEM."""
    sent = transfer_encoded(bytes(range(200)))
    assert sent.endswith(b"\n")
    assert max(map(len, sent.splitlines())) == 76
    assert transfer_decoded(sent) == bytes(range(200))
