"""Enrolment over TLS with a real server and a CA key in SoftHSM, as RFC 7030 has it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID
from desk_client import Client, basic, new_key, request
from desk_home import Home

ANNA = "CN=Anna Petrova,O=Bank,C=RU"


def test_a_login_and_a_password_end_with_a_certificate(home: Home, client: Client) -> None:
    key = new_key()
    password = home.otp("anna", name="Anna Petrova")

    reply = client.enroll(request(key, ANNA), login="anna", password=password)

    certificate = reply.certificate
    ca = x509.load_pem_x509_certificate(home.ca.read_bytes())
    certificate.verify_directly_issued_by(ca)
    assert certificate.subject.rfc4514_string() == ANNA
    assert certificate.public_key() == key.public_key()
    assert 128 < certificate.serial_number.bit_length() <= 159
    assert reply.headers["content-type"] == "application/pkcs7-mime; smime-type=certs-only"
    assert reply.headers["content-transfer-encoding"] == "base64"
    assert b"\n" not in reply.body


def test_the_certificate_says_what_the_profile_says(home: Home, client: Client) -> None:
    key = rsa.generate_private_key(65537, 2048)
    password = home.otp("boris", "rsa", name="Boris")

    certificate = client.enroll(
        request(key, ""), login="boris", password=password, profile="rsa"
    ).certificate

    found = certificate.extensions
    usage = found.get_extension_for_class(x509.KeyUsage)
    assert certificate.subject.rfc4514_string() == "CN=Boris,OU=boris,O=Bank"
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.key_encipherment
    assert not usage.value.key_cert_sign
    assert list(found.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ]
    assert not found.get_extension_for_class(x509.BasicConstraints).value.ca
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=29) < left <= timedelta(days=30)


@pytest.mark.parametrize(
    "form", ["wrapped", "crlf", "one line", "one line and its end", "pem", "der"]
)
def test_a_request_is_read_in_every_form_that_clients_send(
    home: Home, client: Client, form: str
) -> None:
    der = request(new_key(), "CN=Forms,O=Bank,C=RU")
    pem = x509.load_der_x509_csr(der).public_bytes(Encoding.PEM)
    wrapped = base64.encodebytes(der)
    bodies = {
        "wrapped": wrapped,
        "crlf": wrapped.replace(b"\n", b"\r\n"),
        "one line": base64.b64encode(der),
        "one line and its end": base64.b64encode(der) + b"\n",
        "pem": pem,
        "der": der,
    }
    login = f"form-{form.replace(' ', '-')}"
    headers = {
        "Content-Type": "application/pkcs10",
        "Authorization": basic(login, home.otp(login, name="Forms")),
    }

    reply = client.send("POST", "/.well-known/est/client/simpleenroll", bodies[form], headers)

    assert reply.status == 200, reply.text


def test_a_password_may_be_entered_carelessly(home: Home, client: Client) -> None:
    password = home.otp("careless")
    careless = f" {password.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}"

    reply = client.enroll(request(new_key(), ""), login="careless", password=careless)

    assert reply.status == 200, reply.text


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_login_is_the_same_however_its_letters_are_composed(
    home: Home, client: Client, forms: tuple[Literal["NFC", "NFD"], Literal["NFC", "NFD"]]
) -> None:
    """Keyboards of different systems write й and é in one piece or in two."""
    told, entered = (normalize(form, f"андрей-rené-{forms[0]}") for form in forms)
    password = home.otp(told)

    reply = client.enroll(request(new_key(), ""), login=entered, password=password)

    assert reply.status == 200, reply.text


def test_the_same_request_again_gets_the_same_certificate(home: Home, client: Client) -> None:
    key, password = new_key(), home.otp("again")
    first = client.enroll(request(key, ""), login="again", password=password).certificate

    # ECDSA signs anew each time, so this is another request for the same key.
    second = client.enroll(request(key, ""), login="again", password=password).certificate

    assert second == first


def test_the_ca_certificates_come_without_a_password(home: Home, client: Client) -> None:
    for path in ("/.well-known/est/cacerts", "/.well-known/est/rsa/cacerts"):
        reply = client.get(path)

        found = pkcs7.load_der_pkcs7_certificates(base64.b64decode(reply.body, validate=True))
        assert found == [x509.load_pem_x509_certificate(home.ca.read_bytes())]
        assert reply.headers["content-type"] == "application/pkcs7-mime"
        assert b"\n" not in reply.body


def test_without_a_label_the_first_profile_is_meant(home: Home, client: Client) -> None:
    password = home.otp("unlabelled", name="No Label")
    headers = {
        "Content-Type": "application/pkcs10",
        "Authorization": basic("unlabelled", password),
    }
    body = base64.b64encode(request(new_key(), ""))

    reply = client.send("POST", "/.well-known/est/simpleenroll", body, headers)

    assert reply.certificate.subject.rfc4514_string() == "CN=No Label,O=Bank,C=RU"


def test_the_key_of_the_ca_never_leaves_its_token(home: Home) -> None:
    """Neither the key nor a way to have it is anywhere among the desk's files."""
    settings = home.settings.ca
    public = x509.load_pem_x509_certificate(home.ca.read_bytes()).public_key()
    point = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert settings.key_file is None
    assert point
    assert not [
        f for f in _files(home.folder) if b"PRIVATE KEY" in f.read_bytes() and f != _server(home)
    ]


def test_every_file_of_the_desk_is_its_owners_alone(home: Home) -> None:
    written = [file for file in _files(home.folder) if file.name != "desk.toml"]

    assert len(written) > 5
    assert [file for file in written if file.stat().st_mode & 0o077] == []


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def _server(home: Home) -> Path | None:
    return home.settings.server.key
