"""Requests that no program makes by itself: each is refused in a sentence, and none is a fault."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import timedelta

import pytest
from cryptography import x509
from desk_client import Client, Reply, basic, new_key, request
from desk_home import Server
from lockwright.pkcs11.der import SEQUENCE, encode, oid
from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.enrolment.request import decode, judged
from lockwright_desk.http.refusals import Refusal

PATH = "/.well-known/est/client/simpleenroll"
PROFILE = Profile(
    name="client",
    subject="CN={name}",
    key_types=("ec:p256",),
    key_usage=("digital-signature",),
    extended_key_usage=("client-auth",),
    validity=timedelta(days=1),
    password_validity=timedelta(days=1),
    approval=False,
    retry_after=timedelta(seconds=1),
)
X400, EDI_PARTY = 0xA3, 0xA5
STRANGE = (0x00, 0x01, 0x02, 0x7F, 0x80, X400, EDI_PARTY, 0xFF)


def with_extension(kind: str, value: bytes) -> bytes:
    """A request for an extension of any kind."""
    return request(new_key(), "", x509.UnrecognizedExtension(x509.ObjectIdentifier(kind), value))


def newer() -> bytes:
    """A request of version 2, which there is not."""
    return request(new_key(), "").replace(b"\x02\x01\x00", b"\x02\x01\x01", 1)


def name_of_kind(tag: int) -> bytes:
    return with_extension("2.5.29.17", encode(SEQUENCE, encode(tag, b"")))


def unknown_tls_feature() -> bytes:
    return with_extension("1.3.6.1.5.5.7.1.24", encode(SEQUENCE, encode(0x02, b"\x63")))


def issuer_of_kind(tag: int) -> bytes:
    access = encode(SEQUENCE, oid("1.3.6.1.5.5.7.48.2"), encode(tag, b""))
    return with_extension("1.3.6.1.5.5.7.1.1", encode(SEQUENCE, access))


def send(client: Client, body: bytes, media_type: str = "application/pkcs10") -> Reply:
    headers = {"Content-Type": media_type, "Authorization": basic("any", "any")}
    return client.send("POST", PATH, body, headers)


@pytest.mark.parametrize(
    "body",
    [
        base64.b64encode(newer()),
        base64.b64encode(name_of_kind(X400)),
        base64.b64encode(name_of_kind(EDI_PARTY)),
        base64.b64encode(issuer_of_kind(X400)),
        base64.b64encode(unknown_tls_feature()),
        b"-----\nBEGIN",
        b"-- ---BEGIN CERTIFICATE REQUEST-----",
    ],
)
def test_a_request_that_cannot_be_read_is_refused(
    client: Client, server: Server, body: bytes
) -> None:
    reply = send(client, body)

    assert (reply.status, reply.text) == (400, "The request holds no PKCS #10 request in base64.\n")
    assert not [line for line in server.log if "Traceback" in line]


def test_an_extension_without_a_name_is_told_by_its_numbers(client: Client) -> None:
    reply = send(client, base64.b64encode(with_extension("1.3.6.1.4.1.311.20.2", b"\x1e\x02\0a")))

    assert reply.text.startswith("The request asks for the extension 1.3.6.1.4.1.311.20.2, which")


def test_a_media_type_is_read_whatever_its_case(client: Client) -> None:
    reply = send(client, base64.b64encode(request(new_key(), "")), "Application/PKCS10; x=y")

    assert reply.status == 401, reply.text


def test_a_request_is_judged_or_refused_whatever_byte_of_it_is_changed() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName("a.example")])
    feature = x509.TLSFeature([x509.TLSFeatureType.status_request])
    usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.2")])
    plain = request(new_key(), "CN=Anna,C=RU", names, feature, usage)

    for at in range(len(plain)):
        for value in STRANGE:
            with suppress(Refusal):
                judged(plain[:at] + bytes([value]) + plain[at + 1 :], PROFILE)


def test_a_body_is_read_or_refused_whatever_byte_of_it_is_changed() -> None:
    text = base64.encodebytes(request(new_key(), ""))
    plain = b"-----BEGIN CERTIFICATE REQUEST-----\n" + text + b"-----END CERTIFICATE REQUEST-----\n"

    for at in range(len(plain)):
        for value in (*STRANGE, *b"\n\r -"):
            with suppress(Refusal):
                decode(plain[:at] + bytes([value]) + plain[at + 1 :])
