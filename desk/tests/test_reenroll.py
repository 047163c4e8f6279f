"""Re-enrolment: with the old certificate in TLS, through a proxy, or with a one-time password."""

from __future__ import annotations

import base64
import http.client
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from desk_client import (
    Client,
    PrivateKey,
    basic,
    new_key,
    new_login,
    request,
    write_identity,
)
from desk_home import Home, Server
from lockwright_testkit.pki import TestCa


def enrolled(server: Server, name: str = "Anna") -> tuple[x509.Certificate, PrivateKey]:
    """A certificate from a one-time password, and its key."""
    key, login = new_key(), new_login()
    password = server.home.otp(login, name=name)
    reply = Client(server).enroll(request(key, ""), login=login, password=password)
    return reply.certificate, key


def test_the_old_certificate_gives_a_new_one(server: Server, tmp_path: Path) -> None:
    old, key = enrolled(server)
    files, new = write_identity(tmp_path, old, key), new_key()

    reply = Client(server, files).enroll(
        request(new, "CN=Anna,O=Bank,C=RU"), operation="simplereenroll"
    )

    certificate = reply.certificate
    assert certificate.subject == old.subject
    assert certificate.public_key() == new.public_key()
    assert certificate.serial_number != old.serial_number


def test_a_certificate_is_renewed_once(server: Server, tmp_path: Path) -> None:
    old, key = enrolled(server)
    renewing, new = Client(server, write_identity(tmp_path, old, key)), new_key()
    first = renewing.enroll(request(new, ""), operation="simplereenroll").certificate

    again = renewing.enroll(request(new, ""), operation="simplereenroll").certificate
    other = renewing.enroll(request(new_key(), ""), operation="simplereenroll")

    assert again == first
    assert other.status == 403
    assert other.text.startswith("The client certificate was already renewed for another key")


def test_the_key_may_stay_the_same(server: Server, tmp_path: Path) -> None:
    old, key = enrolled(server)

    reply = Client(server, write_identity(tmp_path, old, key)).enroll(
        request(key, ""), operation="simplereenroll"
    )

    assert reply.certificate.public_key() == old.public_key()
    assert reply.certificate != old


def test_another_name_is_not_renewed(server: Server, tmp_path: Path) -> None:
    old, key = enrolled(server)

    reply = Client(server, write_identity(tmp_path, old, key)).enroll(
        request(new_key(), "CN=Boris,O=Bank,C=RU"), operation="simplereenroll"
    )

    assert (reply.status, reply.text[:42]) == (400, "The request asks for another subject than ")


def test_a_revoked_certificate_renews_nothing(server: Server, tmp_path: Path) -> None:
    old, key = enrolled(server)
    assert server.home.run("certificates", "revoke", f"{old.serial_number:x}").code == 0

    reply = Client(server, write_identity(tmp_path, old, key)).enroll(
        request(new_key(), ""), operation="simplereenroll"
    )

    assert reply.status == 403
    assert reply.text.startswith("The client certificate has expired or was revoked")


def test_a_certificate_of_another_profile_renews_nothing(server: Server, tmp_path: Path) -> None:
    old, key = enrolled(server)

    reply = Client(server, write_identity(tmp_path, old, key)).enroll(
        request(new_key(), ""), profile="checked", operation="simplereenroll"
    )

    assert reply.status == 403
    assert reply.text.startswith("The client certificate was not issued here for this profile")


def test_a_certificate_of_another_ca_is_refused_by_tls(server: Server, tmp_path: Path) -> None:
    key = new_key()
    foreign = TestCa.root().issue(key.public_key())

    with pytest.raises(OSError, match=r"(?i)alert|reset|closed|pipe|eof"):
        Client(server, write_identity(tmp_path, foreign, key)).enroll(
            request(key, ""), operation="simplereenroll"
        )


def test_with_a_password_there_must_be_something_to_renew(home: Home, client: Client) -> None:
    login = new_login()
    first, second = home.otp(login, name="Anna"), home.otp(login, name="Anna")

    early = client.enroll(
        request(new_key(), ""), login=login, password=second, operation="simplereenroll"
    )
    client.enroll(request(new_key(), ""), login=login, password=first)
    late = client.enroll(
        request(new_key(), ""), login=login, password=second, operation="simplereenroll"
    )

    assert early.status == 403
    assert early.text.startswith("There is no valid certificate to renew")
    assert late.status == 200


def test_a_renewal_keeps_the_bytes_of_the_name_though_the_profile_has_others_now(
    tmp_path: Path,
) -> None:
    printable, utf8 = "O=#130442616e6b", "O=Bank"
    home = Home(tmp_path, changes={utf8: printable})
    home.init()
    certificates = []
    for operation in ("simpleenroll", "simplereenroll"):
        with home.serving() as server:
            login, password = "anna", home.otp("anna", name="Anna")
            certificates.append(
                Client(server)
                .enroll(request(new_key(), ""), login=login, password=password, operation=operation)
                .certificate
            )
        home.file.write_text(home.file.read_text().replace(printable, utf8))

    first, second = (each.subject.public_bytes() for each in certificates)
    assert first == second
    assert b"\x13\x04Bank" in first


def test_nobody_in_particular_renews_nothing(client: Client) -> None:
    reply = client.enroll(request(new_key(), ""), operation="simplereenroll")

    assert reply.status == 401


# --- behind a proxy -----------------------------------------------------------------------------

TRUSTED = '[proxy]\ntrusted = ["127.0.0.1"]\ncertificate_header = "X-Client-Cert"\n'
UNTRUSTED = '[proxy]\ntrusted = ["192.0.2.7"]\ncertificate_header = "X-Client-Cert"\n'
PLAIN = {'certificate = "server.pem"\nkey = "server-key.pem"\n': ""}


def escaped(certificate: x509.Certificate) -> str:
    """As nginx writes ``$ssl_client_escaped_cert``."""
    return quote(certificate.public_bytes(Encoding.PEM).decode(), safe="")


def bytes_of_rfc_9440(certificate: x509.Certificate) -> str:
    return f":{base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()}:"


@pytest.mark.parametrize("form", [escaped, bytes_of_rfc_9440])
def test_a_trusted_proxy_hands_the_certificate_on(tmp_path: Path, form: object) -> None:
    assert callable(form)
    home = Home(tmp_path, extra=TRUSTED)
    home.init()
    with home.serving() as server:
        old, _key = enrolled(server)

        reply = Client(server).enroll(
            request(new_key(), ""), operation="simplereenroll", headers={"X-Client-Cert": form(old)}
        )
        desks_own = x509.load_pem_x509_certificate((tmp_path / "server.pem").read_bytes())
        no_persons = Client(server).enroll(
            request(new_key(), ""),
            operation="simplereenroll",
            headers={"X-Client-Cert": form(desks_own)},
        )
        nonsense = Client(server).enroll(
            request(new_key(), ""), operation="simplereenroll", headers={"X-Client-Cert": "x%0"}
        )

    assert reply.certificate.subject == old.subject
    assert no_persons.text.startswith("The client certificate was not issued here")
    assert nonsense.status == 403


def test_nobody_else_hands_a_certificate_on(tmp_path: Path) -> None:
    home = Home(tmp_path, extra=UNTRUSTED)
    home.init()
    with home.serving() as server:
        old, _key = enrolled(server)

        reply = Client(server).enroll(
            request(new_key(), ""),
            operation="simplereenroll",
            headers={"X-Client-Cert": escaped(old)},
        )

    assert reply.status == 401


def test_without_tls_of_its_own_the_desk_serves_its_proxy(tmp_path: Path) -> None:
    home = Home(tmp_path, changes=PLAIN, extra=TRUSTED + "[limits]\naddress_failures = 2\n")
    home.init()
    with home.serving() as server:
        certificates = _plain(server, "GET", "/.well-known/est/cacerts", {})
        statuses = [
            _plain(server, "POST", "/.well-known/est/client/simpleenroll", headers)
            for headers in map(_guess, ("203.0.113.1", "203.0.113.1", "203.0.113.1", "8.8.8.8"))
        ]

    assert certificates == 200
    # The counted address is what the proxy saw; what a client wrote before it counts for nothing.
    assert statuses == [401, 401, 429, 401]


def test_without_tls_of_its_own_the_desk_serves_nobody_else(tmp_path: Path) -> None:
    home = Home(tmp_path, changes=PLAIN, extra=UNTRUSTED)
    home.init()
    with home.serving() as server:
        assert _plain(server, "GET", "/.well-known/est/cacerts", {}) == 404


def _guess(address: str) -> Mapping[str, str]:
    return {
        "Content-Type": "application/pkcs10",
        "Authorization": basic(new_login(), "wrong"),
        "X-Forwarded-For": f"{new_login()}, 198.51.100.9, {address}",
    }


def _plain(server: Server, method: str, path: str, headers: Mapping[str, str]) -> int:
    body = base64.b64encode(request(new_key(), "")) if method == "POST" else None
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request(method, path, body, dict(headers))
        return connection.getresponse().status
