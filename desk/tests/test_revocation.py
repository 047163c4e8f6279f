"""The revocation list: right at once, signed only when it has to be, each numbered higher."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import revoked
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from desk_client import Client, new_key, new_login, request
from desk_home import Home
from lockwright_desk import clock
from lockwright_desk.enrolment import revocation
from lockwright_desk.enrolment.authority.authority import Authority
from lockwright_desk.enrolment.crl.encoding import signed_list
from lockwright_desk.enrolment.crl.entries import entry
from lockwright_desk.enrolment.crl.lists import RevocationLists
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import RevocationList
from postgres_cluster import Cluster
from sqlalchemy import event, select

MANY = 3000


@pytest.fixture
def made(fresh: Home) -> Home:
    fresh.init()
    return fresh


@pytest.fixture
def database(made: Home) -> Iterator[Database]:
    with closing(Database(made.settings.database)) as opened:
        yield opened


@pytest.fixture
def lists(database: Database, authority: Authority) -> RevocationLists:
    return RevocationLists(database, authority)


@pytest.fixture
def authority(made: Home) -> Iterator[Authority]:
    with closing(Authority.open(made.settings.ca)) as opened:
        yield opened


def number(der: bytes) -> int:
    found = x509.load_der_x509_crl(der).extensions.get_extension_for_class(x509.CRLNumber)
    return found.value.crl_number


def test_the_same_list_is_served_until_something_changes(
    database: Database, authority: Authority, lists: RevocationLists
) -> None:
    now = clock.now()
    first = lists.current(now)
    second = lists.current(now + timedelta(days=3))
    renewed = lists.current(now + timedelta(days=4))
    (server,) = revocation.every(database)
    revocation.revoke(database, server.serial, "superseded", now)
    changed = lists.current(now + timedelta(days=4))

    assert first == second
    assert number(first) < number(renewed) < number(changed)
    assert len(x509.load_der_x509_crl(changed)) == 1
    assert x509.load_der_x509_crl(changed).is_signature_valid(
        authority.certificate.public_key()  # type: ignore[arg-type]  # a CA's key signs
    )


def test_a_list_is_made_anew_when_the_clock_was_ahead_and_is_put_back(
    database: Database, lists: RevocationLists
) -> None:
    (server,) = revocation.every(database)
    now = clock.now()
    revocation.revoke(database, server.serial, "superseded", now)
    ahead = lists.current(server.not_after + timedelta(days=8))

    made = lists.current(now)
    back = x509.load_der_x509_crl(made)
    again = lists.current(now - timedelta(minutes=4))

    assert len(x509.load_der_x509_crl(ahead)) == 0
    assert back.next_update_utc is not None
    assert back.last_update_utc <= now < back.next_update_utc
    assert len(back) == 1
    assert number(again) == number(made) > number(ahead)


def test_lists_that_are_signed_at_once_have_numbers_of_their_own(lists: RevocationLists) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _each: lists.new(clock.now()), range(8)))

    assert len(set(map(number, made))) == 8


def test_a_list_has_a_higher_number_though_the_clock_was_set_back(lists: RevocationLists) -> None:
    now = clock.now()
    first = number(lists.new(now))
    assert number(lists.new(now - timedelta(days=400))) == first + 1


def test_an_entry_stays_for_one_list_after_the_certificate_has_ended(
    database: Database, lists: RevocationLists
) -> None:
    (server,) = revocation.every(database)
    now = clock.now()
    revocation.revoke(database, server.serial, "unspecified", now)

    def entries(after: timedelta) -> int:
        signed = lists.new(server.not_after + after)
        return len(x509.load_der_x509_crl(signed))

    assert entries(timedelta(days=1)) == 1
    assert entries(timedelta(days=8)) == 0


def test_one_list_is_made_for_a_change_however_many_ask(
    database: Database, lists: RevocationLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = number(lists.current(clock.now()))
    (server,) = revocation.every(database)
    revocation.revoke(database, server.serial, "superseded", clock.now())
    made: list[int] = []
    sign = Authority.revocation_list

    def counted(self: Authority, number: int, *others: Any) -> tuple[bytes, datetime]:
        made.append(number)
        return sign(self, number, *others)

    monkeypatch.setattr(Authority, "revocation_list", counted)
    with ThreadPoolExecutor(16) as threads:
        got = set(threads.map(lambda _each: lists.current(clock.now()), range(64)))

    [second] = made
    assert second > first
    assert {number(der) for der in got} == {second}


def test_only_the_last_list_is_kept(database: Database, lists: RevocationLists) -> None:
    made = [number(lists.new(clock.now())) for _each in range(3)]

    with database.reading() as session:
        assert session.scalars(select(RevocationList.number)).all() == [max(made)]


@pytest.fixture(params=["sqlite", "postgresql"])
def many(request: pytest.FixtureRequest, fresh: Home) -> Iterator[Database]:
    """A desk with a few thousand revoked certificates, in each of the databases."""
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        fresh.database = postgres.database(f"many_{uuid.uuid4().hex}")
    assert fresh.init().code == 0
    with closing(Database(fresh.settings.database)) as opened:
        revoked.add(opened, MANY, clock.now())
        yield opened


def test_a_list_is_made_from_the_last_when_it_can_be(many: Database, fresh: Home) -> None:
    """It is what a list that is made anew would be, and what another reader says it is."""
    now = clock.now()
    with closing(Authority.open(fresh.settings.ca)) as authority:
        lists = RevocationLists(many, authority)
        first = x509.load_der_x509_crl(lists.current(now))
        (server,) = [each for each in revocation.every(many) if each.revoked_at is None]
        revocation.revoke(many, server.serial, "key-compromise", now)
        changed = x509.load_der_x509_crl(RevocationLists(many, authority).current(now))
        later = now + timedelta(days=revoked.DAYS + 8)
        emptied = x509.load_der_x509_crl(lists.new(later))

    numbers = [number(each.public_bytes(Encoding.DER)) for each in (first, changed, emptied)]
    assert numbers == sorted(set(numbers))
    assert [len(each) for each in (first, changed, emptied)] == [MANY, MANY + 1, 1]
    assert [each.serial_number for each in first] == [each.serial_number for each in changed][:MANY]
    found = changed.get_revoked_certificate_by_serial_number(int(server.serial, 16))
    assert found is not None
    assert found.extensions.get_extension_for_class(x509.CRLReason).value.reason is (
        x509.ReasonFlags.key_compromise
    )
    key = authority.certificate.public_key()
    for each in (first, changed, emptied):
        assert each.is_signature_valid(key)  # type: ignore[arg-type]  # a CA's key signs
        assert each.issuer == authority.certificate.subject


def test_no_certificate_is_looked_through_when_a_list_is_asked_for(
    database: Database, lists: RevocationLists
) -> None:
    lists.current(clock.now())
    said: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _seen(*call: Any) -> None:
        connection, statement, parameters = call[0], call[2], call[3]
        if statement.startswith("SELECT"):
            plan = connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            said.extend(row[3] for row in plan)

    lists.current(clock.now())

    steps = [step for step in said if "certificates" in step]
    assert steps
    assert [step for step in steps if "USING" not in step] == []


@pytest.mark.parametrize("year", [2049, 2050])
def test_a_time_is_written_as_the_standard_wants_it(year: int) -> None:
    """RFC 5280, 5.1.2.6: with two digits of the year until 2049, then with four."""
    moment = datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC)
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name.from_rfc4514_string("CN=Bank CA")
    entries = entry(f"{0xFF:040x}", moment, None)

    der = signed_list(key, name, moment, moment, entries, (x509.CRLNumber(1),))

    (found,) = x509.load_der_x509_crl(der)
    assert (found.serial_number, found.revocation_date_utc) == (0xFF, moment)
    assert list(found.extensions) == []
    assert (b"490102030405Z" in der, b"20500102030405Z" in der) == (year == 2049, year == 2050)
    assert x509.load_der_x509_crl(der).is_signature_valid(key.public_key())


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
