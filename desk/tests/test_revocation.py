"""The revocation list: right at once, signed only when it has to be, numbered without a gap."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from desk_client import Client, new_key, new_login, request
from desk_home import Home
from lockwright_desk import clock, revocation
from lockwright_desk.authority.authority import Authority
from lockwright_desk.store.database import Database


@pytest.fixture
def made(fresh: Home) -> Home:
    fresh.init()
    return fresh


@pytest.fixture
def database(made: Home) -> Iterator[Database]:
    with closing(Database(made.settings.database)) as opened:
        yield opened


@pytest.fixture
def authority(made: Home) -> Iterator[Authority]:
    with closing(Authority.open(made.settings.ca)) as opened:
        yield opened


def number(der: bytes) -> int:
    found = x509.load_der_x509_crl(der).extensions.get_extension_for_class(x509.CRLNumber)
    return found.value.crl_number


def test_the_same_list_is_served_until_something_changes(
    database: Database, authority: Authority
) -> None:
    now = clock.now()
    first = revocation.current_list(database, authority, now)
    second = revocation.current_list(database, authority, now + timedelta(days=3))
    renewed = revocation.current_list(database, authority, now + timedelta(days=4))
    (server,) = revocation.every(database)
    revocation.revoke(database, server.serial, "superseded", now)
    changed = revocation.current_list(database, authority, now + timedelta(days=4))

    assert first == second
    assert [number(each) for each in (first, renewed, changed)] == [1, 2, 3]
    assert len(x509.load_der_x509_crl(changed)) == 1
    assert x509.load_der_x509_crl(changed).is_signature_valid(
        authority.certificate.public_key()  # type: ignore[arg-type]  # a CA's key signs
    )


def test_lists_that_are_signed_at_once_have_numbers_of_their_own(
    database: Database, authority: Authority
) -> None:
    with ThreadPoolExecutor(8) as threads:
        lists = list(
            threads.map(
                lambda _each: revocation.new_list(database, authority, clock.now()), range(8)
            )
        )

    assert sorted(map(number, lists)) == list(range(1, 9))


def test_an_entry_stays_for_one_list_after_the_certificate_has_ended(
    made: Home, database: Database, authority: Authority
) -> None:
    (server,) = revocation.every(database)
    now = clock.now()
    revocation.revoke(database, server.serial, "unspecified", now)

    def entries(after: timedelta) -> int:
        signed = revocation.new_list(database, authority, server.not_after + after)
        return len(x509.load_der_x509_crl(signed))

    assert entries(timedelta(days=1)) == 1
    assert entries(timedelta(days=8)) == 0


def test_a_first_reason_and_date_stay(database: Database) -> None:
    (server,) = revocation.every(database)
    first = revocation.revoke(database, server.serial, "key-compromise", clock.now())

    again = revocation.revoke(database, server.serial, "superseded", clock.now())

    assert (again.reason, again.revoked_at) == ("key-compromise", first.revoked_at)


def test_the_place_of_the_list_stands_in_the_certificates(tmp_path: Path) -> None:
    url = "http://desk.bank.example/crl"
    home = Home(
        tmp_path, changes={'key_type = "ec:p256"': f'key_type = "ec:p256"\ncrl_url = "{url}"'}
    )
    home.init()
    login = new_login()
    password = home.otp(login)
    with home.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login=login, password=password)

    found = reply.certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    (place,) = found.value
    assert place.full_name == [x509.UniformResourceIdentifier(url)]


def test_a_certificate_that_was_revoked_is_not_handed_out_again(home: Home, client: Client) -> None:
    key, login = new_key(), new_login()
    password = home.otp(login)
    first = client.enroll(request(key, ""), login=login, password=password).certificate
    home.run("certificates", "revoke", f"{first.serial_number:x}")

    again = client.enroll(request(key, ""), login=login, password=password)

    assert again.status == 403
    assert again.text.startswith("The certificate that was issued for this request was revoked")
