"""The desk behind a real nginx, set up as the documentation says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from behind_nginx import HEADER, behind_nginx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from desk_client import Client, PrivateKey, new_key, new_login, request, write_identity
from desk_home import Server
from libest_like import LibestLike
from lockwright_testkit.nginx import Nginx

LIMIT = 3


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Nginx]]:
    """A desk and its proxy; tests share them."""
    with behind_nginx(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture
def behind(both: tuple[Server, Nginx]) -> Server:
    """The desk, which can be reached without its proxy, too."""
    return both[0]


@pytest.fixture
def nginx(both: tuple[Server, Nginx]) -> Nginx:
    """The proxy."""
    return both[1]


def enrolled(behind: Server, nginx: Nginx) -> tuple[x509.Certificate, PrivateKey]:
    """A certificate for a password, through the proxy, and its key."""
    key, login = new_key(), new_login()
    password = behind.home.otp(login, name="Anna")
    reply = Client(nginx).enroll(request(key, ""), login=login, password=password)
    return reply.certificate, key


def escaped(certificate: x509.Certificate) -> dict[str, str]:
    """The header as nginx writes it, from somebody who is no proxy."""
    return {HEADER: quote(certificate.public_bytes(Encoding.PEM).decode(), safe="")}


def renews(behind: Server, nginx: Nginx, folder: Path) -> bool:
    """Whether a certificate, shown to the proxy, gives one for a new key."""
    old, key = enrolled(behind, nginx)
    new = new_key()
    renewing = Client(nginx, write_identity(folder, old, key))
    issued = renewing.enroll(request(new, ""), operation="simplereenroll").certificate
    return issued.subject == old.subject and issued.public_key() == new.public_key()


def test_a_certificate_is_renewed_through_nginx(
    behind: Server, nginx: Nginx, tmp_path: Path
) -> None:
    assert renews(behind, nginx, tmp_path)


def test_a_certificate_is_renewed_where_the_proxy_alone_speaks_tls(tmp_path: Path) -> None:
    with behind_nginx(tmp_path, tls=False) as (desk, nginx):
        assert renews(desk, nginx, tmp_path)


def test_a_client_that_reads_as_libest_does_enrols_and_renews_through_nginx(
    behind: Server, nginx: Nginx, tmp_path: Path
) -> None:
    key, login = new_key(), new_login()
    password = behind.home.otp(login, name="Anna")

    answer = LibestLike(nginx).order("simpleenroll", request(key, ""), login, password)
    assert isinstance(answer, bytes)
    (issued,) = pkcs7.load_der_pkcs7_certificates(answer)
    showing = LibestLike(nginx, write_identity(tmp_path, issued, key))

    assert isinstance(showing.order("simplereenroll", request(new_key(), "")), bytes)


def test_a_header_of_ones_own_is_overwritten_by_nginx(
    behind: Server, nginx: Nginx, tmp_path: Path
) -> None:
    theirs, _key = enrolled(behind, nginx)
    mine, key = enrolled(behind, nginx)
    stolen = escaped(theirs)

    without = Client(nginx).enroll(
        request(new_key(), ""), operation="simplereenroll", headers=stolen
    )
    with_mine = Client(nginx, write_identity(tmp_path, mine, key)).enroll(
        request(new_key(), ""), operation="simplereenroll", headers=stolen
    )
    again = Client(nginx, write_identity(tmp_path, mine, key)).enroll(
        request(new_key(), ""), operation="simplereenroll"
    )

    assert without.status == 401
    assert with_mine.status == 200
    assert again.text.startswith("The client certificate was already renewed"), "it was mine"


def test_a_header_from_anywhere_else_is_ignored(behind: Server, nginx: Nginx) -> None:
    theirs, _key = enrolled(behind, nginx)

    reply = Client(behind).enroll(
        request(new_key(), ""), operation="simplereenroll", headers=escaped(theirs)
    )

    assert reply.status == 401


def test_guesses_through_nginx_are_counted_by_the_address_that_it_saw(tmp_path: Path) -> None:
    limits = f"[limits]\naddress_failures = {LIMIT}\n"
    with behind_nginx(tmp_path, limits) as (_desk, nginx):
        statuses = [guess(nginx, f"203.0.113.{each}") for each in range(LIMIT + 1)]

    assert statuses == [401] * LIMIT + [429]


def guess(nginx: Nginx, pretended: str) -> int:
    """Try a wrong password, as if from some other address."""
    wrong, headers = "0000-0000-0000-0000-0000", {"X-Forwarded-For": pretended}
    csr = request(new_key(), "")
    return Client(nginx).enroll(csr, login=new_login(), password=wrong, headers=headers).status
