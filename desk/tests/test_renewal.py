"""When to renew: what anybody may ask of a certificate, as RFC 9773 has it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from desk_client import Client, new_key, new_login, request
from desk_home import Server
from lockwright.enrol.issuer import identifier
from lockwright.errors import BrokenConfiguration
from lockwright_desk.configuration import file as configuration
from lockwright_desk.configuration.settings import RenewalSettings, Settings
from lockwright_desk.enrolment import renewal, revocation
from lockwright_desk.enrolment.issuing import row_of
from lockwright_desk.enrolment.refusals import CertificateUnknown
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate
from lockwright_desk.store.url import absolute_url
from lockwright_testkit.pki import TestCa
from postgres_cluster import Cluster

EST = "/.well-known/est"
DAY = timedelta(days=1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LEAST = """
[server]
certificate = "server.pem"
key = "server-key.pem"
[ca]
key_file = "ca-key.pem"
[profiles.client]
"""


def named(certificate: x509.Certificate) -> str:
    found = identifier(certificate.public_bytes(Encoding.DER))
    assert found is not None
    return found


def settings(folder: Path, text: str = "") -> Settings:
    file = folder / "desk.toml"
    file.write_text(LEAST + text)
    return configuration.load(file)


# --- over HTTP ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issued(server: Server) -> x509.Certificate:
    login = new_login()
    password = server.home.otp(login, name="Anna")
    reply = Client(server).enroll(request(new_key(), ""), login=login, password=password)
    return reply.certificate


def test_whoever_has_a_certificate_is_told_its_window(
    client: Client, issued: x509.Certificate
) -> None:
    found = client.get(f"{EST}/renewal-info/{named(issued)}")
    of_profile = client.get(f"{EST}/client/renewal-info/{named(issued)}")

    ends = issued.not_valid_after_utc
    assert found.status == 200
    assert found.headers["content-type"] == "application/json"
    assert found.headers["retry-after"] == "21600"
    assert json.loads(found.body) == {
        "suggestedWindow": {
            "start": f"{ends - 30 * DAY:%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{ends - 15 * DAY:%Y-%m-%dT%H:%M:%SZ}",
        }
    }
    assert of_profile.body == found.body


def test_of_what_the_desk_did_not_issue_nothing_is_told(
    client: Client, issued: x509.Certificate
) -> None:
    stranger = TestCa.root().issue(ec.generate_private_key(ec.SECP256R1()).public_key())
    issuer, serial = named(issued).split(".")
    names = (
        *(named(stranger), f"{named(stranger).split('.')[0]}.{serial}", f"{issuer}.AA"),
        *("x", ".", "a.b.c", f"{issuer}.{'A' * 4000}", f"{issuer}.{serial}=", f"{issuer}.a"),
        *("%00.%00", f"{issuer}.{serial}%0a", "%D0%90.%D0%90"),
    )
    found = [client.get(f"{EST}/renewal-info/{name}") for name in names]
    elsewhere = client.get(f"{EST}/nobody/renewal-info/{named(issued)}")
    posted = client.send("POST", f"{EST}/renewal-info/{named(issued)}", b"", {})

    assert {each.status for each in found} == {404}
    assert (elsewhere.status, posted.status) == (404, 405)


# --- what is answered -----------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = "sqlite:///desk.db"
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        url = postgres.database(f"renewal_{uuid.uuid4().hex}")
    with closing(Database(absolute_url(url, tmp_path))) as made:
        made.make()
        yield made


def test_a_revoked_certificate_is_to_be_renewed_now(database: Database, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    certificate = TestCa.root().issue(key, "CN=Anna")
    begun, own = certificate.not_valid_before_utc, settings(tmp_path)
    with database.writing() as session:
        session.add(Certificate(**row_of(certificate, begun, login="anna", profile="client")))
    before = renewal.asked(database, own, named(certificate), begun)
    revocation.revoke(database, f"{certificate.serial_number:x}", "superseded", begun + DAY)
    after = renewal.asked(database, own, named(certificate), begun + DAY)

    assert before.start == certificate.not_valid_after_utc - 30 * DAY
    assert (after.end, after.start < after.end) == (begun + DAY, True)
    without = replace(own, profiles={})
    with pytest.raises(CertificateUnknown):
        renewal.asked(database, without, named(certificate), begun)


def test_what_was_issued_before_a_day_is_to_be_renewed_once_that_day_has_come(
    tmp_path: Path,
) -> None:
    own = settings(
        tmp_path, "days = 100\nrenew_days = 10\n[renewal]\nissued_before = '2026-06-01'\n"
    )
    profile, ahead = own.profile("client"), own.renewal
    certificate = TestCa.root().issue(ec.generate_private_key(ec.SECP256R1()).public_key())

    def window(issued: datetime, now: datetime) -> renewal.Window:
        row = Certificate(**row_of(certificate, issued, login="anna", profile="client"))
        return renewal.window(row, profile, ahead, now)

    usual = certificate.not_valid_after_utc - 10 * DAY
    assert window(NOW - DAY, NOW + DAY).end == NOW
    assert window(NOW - DAY, NOW - DAY / 2).start == usual
    assert window(NOW + DAY, NOW + DAY).start == usual
    assert window(NOW - DAY, NOW + DAY).start < NOW


@pytest.mark.parametrize(("days", "before"), [(365, 30 * DAY), (30, 10 * DAY), (1, DAY / 3)])
def test_unless_it_is_said_a_third_of_its_time_is_left(
    tmp_path: Path, days: int, before: timedelta
) -> None:
    assert settings(tmp_path, f"days = {days}").profile("client").renewed_before == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("days = 30\nrenew_days = 30", "renew_days must be less than days"),
        ("renew_days = 0", "a whole number, 1 or more"),
        ("[renewal]\nminutes = 0", "a whole number, 1 or more"),
        ("[renewal]\nminutes = 1441", "minutes is more than 1440"),
        ("[renewal]\nissued_before = 'soon'", "soon is no day such as 2026-12-01"),
        ("[renewal]\nurl = 'mailto:it@bank.example'", "is no address of a page"),
        ("[renewal]\nhours = 6", "[renewal] hours is unknown"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BrokenConfiguration) as caught:
        settings(tmp_path, text)
    assert reason in str(caught.value)


def test_the_configuration_is_read(tmp_path: Path) -> None:
    text = """
[renewal]
minutes = 60
issued_before = "2026-12-01T12:00:00+03:00"
url = "https://bank.example/renew"
"""
    assert settings(tmp_path, text).renewal == RenewalSettings(
        timedelta(hours=1), datetime(2026, 12, 1, 9, tzinfo=UTC), "https://bank.example/renew"
    )
