"""A client that reads as libest's does gets what it asks for.

libest itself is not packaged; ``support/libest_like.py`` says what of it was built again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7
from desk_client import Client, new_key, new_login, request, write_identity
from desk_home import Server
from libest_like import LibestLike, Unread


def the_one_in(answer: bytes | int) -> x509.Certificate:
    """The one certificate in an answer."""
    assert isinstance(answer, bytes)
    (found,) = pkcs7.load_der_pkcs7_certificates(answer)
    return found


def test_it_enrols_by_its_password_and_renews_by_its_certificate(
    server: Server, tmp_path: Path
) -> None:
    login, key, newer = new_login(), new_key(), new_key()
    password = server.home.otp(login, name="Anna")

    first = the_one_in(LibestLike(server).order("simpleenroll", request(key, ""), login, password))
    showing = LibestLike(server, write_identity(tmp_path, first, key))
    second = the_one_in(showing.order("simplereenroll", request(newer, "")))

    assert (first.public_key(), second.public_key()) == (key.public_key(), newer.public_key())
    assert second.subject == first.subject


def test_it_asks_by_label_and_is_told_when_to_come_again(server: Server) -> None:
    login = new_login()
    password = server.home.otp(login, "checked", name="Anna")
    labelled = LibestLike(server, label="checked")

    assert labelled.order("simpleenroll", request(new_key(), ""), login, password) == 7


def test_it_reads_the_ca_and_the_wishes(server: Server) -> None:
    (ca,) = x509.load_pem_x509_certificates(server.ca.read_bytes())
    bare = LibestLike(server)

    assert the_one_in(bare.get("cacerts")) == ca
    assert bare.get("csrattrs").startswith(b"\x30")


@pytest.mark.parametrize("password", ["", "0000-0000-0000-0000-0000"])
def test_it_is_told_that_its_password_is_wrong(server: Server, password: str) -> None:
    client = LibestLike(server)

    with pytest.raises(Unread, match="401 The login or the one-time password is wrong"):
        client.order("simpleenroll", request(new_key(), ""), new_login(), password)


@pytest.mark.parametrize(
    ("says", "lines"), [({}, 0), ({"User-Agent": "libest 3.2.0p"}, 64), ({"Accept": "*/*"}, 64)]
)
def test_lines_are_for_those_who_say_what_they_are(
    client: Client, says: dict[str, str], lines: int
) -> None:
    body = client.get("/.well-known/est/cacerts", says).body

    assert body.find(b"\n") == (lines or -1)
    assert body.endswith(b"\n") is bool(lines)
