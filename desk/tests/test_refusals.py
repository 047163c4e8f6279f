"""What a client does wrong: one clear sentence each, the right status, and nothing issued."""

from __future__ import annotations

import base64
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from desk_client import Client, Reply, basic, new_key, new_login, request
from desk_home import Home
from lockwright_desk import clock
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate, Password
from sqlalchemy import func, select

REQUESTS = Path(__file__).parents[2] / "tests" / "corpus" / "requests"
PATH = "/.well-known/est/client/simpleenroll"
TYPE = {"Content-Type": "application/pkcs10"}


def issued(home: Home) -> int:
    """How many certificates there are."""
    with closing(Database(home.settings.database)) as database, database.reading() as session:
        return session.scalar(select(func.count()).select_from(Certificate)) or 0


def refused(reply: Reply, status: int, text: str) -> None:
    """The reply is one sentence in plain text that begins like this."""
    assert (reply.status, reply.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert reply.text.startswith(text), reply.text
    assert reply.text.count("\n") == 1
    assert reply.text.endswith(".\n")


# --- who asks -----------------------------------------------------------------------------------


def test_nobody_in_particular_is_asked_who_they_are(client: Client) -> None:
    reply = client.enroll(request(new_key(), ""))

    refused(reply, 401, "A login and a one-time password are needed")
    assert reply.headers["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize(
    "password", ["", "wrong", "0000-0000-0000-0000-0000", "пароль", "A" * 5000]
)
def test_a_wrong_password_is_refused(home: Home, client: Client, password: str) -> None:
    login = new_login()
    home.otp(login)
    before = issued(home)

    reply = client.enroll(request(new_key(), ""), login=login, password=password)

    refused(reply, 401, "The login or the one-time password is wrong")
    assert reply.headers["www-authenticate"].startswith("Basic realm=")
    assert issued(home) == before


def test_a_wrong_secret_part_is_refused_and_the_right_one_still_works(
    home: Home, client: Client
) -> None:
    password = home.otp("nearly")
    wrong = password[:-1] + ("0" if password[-1] != "0" else "1")

    refused(client.enroll(request(new_key(), ""), login="nearly", password=wrong), 401, "The login")
    reply = client.enroll(request(new_key(), ""), login="nearly", password=password)

    assert reply.status == 200


def test_a_password_under_another_login_is_refused_like_a_wrong_one(
    home: Home, client: Client
) -> None:
    password = home.otp("owner")
    home.otp("thief")

    for login in ("thief", "nobody-at-all"):
        reply = client.enroll(request(new_key(), ""), login=login, password=password)
        refused(reply, 401, "The login or the one-time password is wrong")


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer token", "Basic /////w=="]
)
def test_credentials_that_cannot_be_read_are_refused(client: Client, header: str) -> None:
    reply = client.enroll(request(new_key(), ""), headers={"Authorization": header})

    assert reply.status == 401


def test_an_expired_password_says_so(home: Home, client: Client) -> None:
    password = home.otp("late", lasts=timedelta(seconds=-1))

    reply = client.enroll(request(new_key(), ""), login="late", password=password)

    refused(reply, 403, "The one-time password has expired")


def test_a_password_that_was_used_in_time_can_be_repeated_after_its_end(
    home: Home, client: Client
) -> None:
    key, password = new_key(), home.otp("in-time")
    first = client.enroll(request(key, ""), login="in-time", password=password).certificate
    with closing(Database(home.settings.database)) as database, database.writing() as session:
        row = session.get_one(Password, password.replace("-", "")[:8])
        row.expires_at = clock.now() - timedelta(days=1)

    again = client.enroll(request(key, ""), login="in-time", password=password)

    assert again.certificate == first


def test_a_revoked_password_says_so(home: Home, client: Client) -> None:
    password = home.otp("revoked")
    assert home.run("otp", "revoke", password[:9]).code == 0

    reply = client.enroll(request(new_key(), ""), login="revoked", password=password)

    refused(reply, 403, "The one-time password was revoked")


def test_another_key_with_the_same_password_is_refused(home: Home, client: Client) -> None:
    password = home.otp("twice")
    assert client.enroll(request(new_key(), ""), login="twice", password=password).status == 200
    before = issued(home)

    reply = client.enroll(request(new_key(), ""), login="twice", password=password)

    refused(reply, 403, "The one-time password was already used for another key")
    assert issued(home) == before


def test_a_password_for_another_profile_is_refused(home: Home, client: Client) -> None:
    password = home.otp("elsewhere", "rsa")

    reply = client.enroll(request(new_key(), ""), login="elsewhere", password=password)

    refused(reply, 403, "The one-time password is for another profile")


# --- what is asked for --------------------------------------------------------------------------


def weak_rsa() -> bytes:
    return request(rsa.generate_private_key(65537, 1024), "")  # noqa: S505  # weak on purpose


def small_exponent() -> bytes:
    return request(rsa.generate_private_key(3, 2048), "")


def unknown_curve() -> bytes:
    return request(ec.generate_private_key(ec.SECP256K1()), "")


def curve_of_another_profile() -> bytes:
    return request(ec.generate_private_key(ec.SECP521R1()), "")


def kept(name: str) -> bytes:
    """A request that another program made."""
    return (REQUESTS / f"{name}.der").read_bytes()


def edwards() -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    made = builder.sign(ed25519.Ed25519PrivateKey.generate(), None)
    return made.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (weak_rsa, "rsa:1024"),
        (small_exponent, "rsa:2048, e<65537"),
        (unknown_curve, "ec:secp256k1"),
        (curve_of_another_profile, "ec:p521"),
        (edwards, "ed25519"),
        (partial(kept, "gost2012-256"), "GOST R 34.10-2012 256 TC26-256-A"),
        (partial(kept, "sm2"), "SM2"),
    ],
)
def test_a_key_that_the_profile_does_not_take_is_refused_and_costs_nothing(
    home: Home, client: Client, made: object, found: str
) -> None:
    assert callable(made)
    login = new_login()
    password = home.otp(login)

    refused(
        client.enroll(made(), login=login, password=password),
        400,
        f"A key of the type {found} is not accepted; accepted are: ec:p256, rsa:2048",
    )
    assert client.enroll(request(new_key(), ""), login=login, password=password).status == 200


@pytest.mark.parametrize(
    "subject",
    [
        "CN=Somebody Else,O=Bank,C=RU",
        "CN=Subject,O=Another Bank,C=RU",
        "CN=Subject,O=Bank,C=RU,OU=Directors",
        "CN=Subject+OU=Directors,O=Bank,C=RU",
    ],
)
def test_a_subject_that_breaks_the_profile_is_refused_and_costs_nothing(
    home: Home, client: Client, subject: str
) -> None:
    login = new_login()
    password = home.otp(login, name="Subject")

    refused(
        client.enroll(request(new_key(), subject), login=login, password=password),
        400,
        "The request asks for another subject than CN=Subject,O=Bank,C=RU.",
    )
    assert client.enroll(request(new_key(), ""), login=login, password=password).status == 200


@pytest.mark.parametrize("subject", ["", "CN=Part", "C=RU,O=Bank,CN=Part", "CN=Part,O=Bank,C=RU"])
def test_a_subject_that_leaves_out_or_reorders_is_taken(
    home: Home, client: Client, subject: str
) -> None:
    login = new_login()
    password = home.otp(login, name="Part")

    reply = client.enroll(request(new_key(), subject), login=login, password=password)

    assert reply.certificate.subject.rfc4514_string() == "CN=Part,O=Bank,C=RU"


def test_the_right_subject_is_only_told_to_whoever_has_the_password(
    home: Home, client: Client
) -> None:
    home.otp("secretive", name="Secret Name")

    reply = client.enroll(request(new_key(), "CN=x"), login="secretive", password="wrong")

    assert "Secret Name" not in reply.text


@pytest.mark.parametrize(
    ("extension", "name"),
    [
        (x509.SubjectAlternativeName([x509.DNSName("bank.example")]), "subjectAltName"),
        (x509.BasicConstraints(ca=True, path_length=None), "basicConstraints"),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), "extendedKeyUsage"),
    ],
)
def test_an_extension_that_the_profile_does_not_give_is_refused(
    client: Client, extension: x509.ExtensionType, name: str
) -> None:
    reply = client.enroll(request(new_key(), "", extension), login="any", password="any")

    refused(reply, 400, f"The request asks for the extension {name}, which")


def test_an_extension_that_the_certificate_has_anyway_is_taken(home: Home, client: Client) -> None:
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    password = home.otp("extended")

    reply = client.enroll(request(new_key(), "", purpose), login="extended", password=password)

    assert reply.status == 200, reply.text


def test_a_broken_signature_is_refused_and_costs_nothing(home: Home, client: Client) -> None:
    password = home.otp("forged")
    broken = bytearray(request(new_key(), ""))
    broken[-1] ^= 1

    reply = client.enroll(bytes(broken), login="forged", password=password)

    refused(reply, 400, "The signature of the request is wrong")
    assert client.enroll(request(new_key(), ""), login="forged", password=password).status == 200


def test_a_key_that_was_swapped_in_is_refused(client: Client) -> None:
    """Somebody else's public key under one's own signature proves nothing."""
    mine, theirs = new_key(), new_key()
    point = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    swapped = request(mine, "").replace(
        mine.public_key().public_bytes(*point), theirs.public_key().public_bytes(*point)
    )

    reply = client.enroll(swapped, login="any", password="any")

    refused(reply, 400, "The signature of the request is wrong")


def test_a_signature_with_a_broken_digest_is_refused(client: Client) -> None:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    key = rsa.generate_private_key(65537, 2048)
    made = builder.sign(key, hashes.SHA224()).public_bytes(serialization.Encoding.DER)

    refused(client.enroll(made, login="any", password="any"), 400, "The signature of the request")


# --- how it is asked ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"not base64 at all!",
        base64.b64encode(b"no request"),
        b"\x30\x82\xff\xff" + b"\x00" * 50,
        b"-----BEGIN CERTIFICATE REQUEST-----\n",
        b"-----BEGIN",
        b" ",
        "запрос".encode(),
        base64.b64encode(request(new_key(), "")[:-20]),
        base64.b64encode(request(new_key(), "") + b"behind"),
    ],
)
def test_a_body_that_is_no_request_is_refused(client: Client, body: bytes) -> None:
    headers = {**TYPE, "Authorization": basic("any", "any")}

    refused(client.send("POST", PATH, body, headers), 400, "The request holds no PKCS #10 request")


def test_a_body_of_another_type_is_refused(client: Client) -> None:
    body = base64.b64encode(request(new_key(), ""))
    for media_type in ("application/x-www-form-urlencoded", "text/plain", ""):
        reply = client.send("POST", PATH, body, {"Content-Type": media_type})
        refused(reply, 415, "The request must be of the type application/pkcs10")


def test_an_oversized_body_is_refused(client: Client) -> None:
    reply = client.send("POST", PATH, b"A" * 70_000, TYPE)

    refused(reply, 413, "The request is larger than 65536 bytes")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/.well-known/est/nowhere/cacerts", 404),
        ("POST", "/.well-known/est/nowhere/simpleenroll", 404),
        ("GET", "/.well-known/est/client/serverkeygen", 404),
        ("GET", "/.well-known/est/client/../../../etc/passwd", 404),
        ("GET", PATH, 405),
        ("DELETE", "/crl", 405),
    ],
)
def test_a_place_that_is_not_there_is_refused(
    client: Client, method: str, path: str, status: int
) -> None:
    refused(client.send(method, path, b"", TYPE), status, "Th")
