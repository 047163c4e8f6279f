"""What a CA says of renewals, over EST: what it is asked, and every answer that is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from lasting import holding, issued
from lockwright.config import CaSettings, Config
from lockwright.enrol.issuer import identifier
from lockwright.operations.enrolment.due import Prospect, Why, moment
from lockwright.runner import Runner
from lockwright_testkit.est_server import EstServer, Reply, certs_only
from lockwright_testkit.pki import TestCa, pem

Look = Callable[..., Prospect]
DAY = timedelta(days=1)
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def ca() -> TestCa:
    return TestCa.root()


@pytest.fixture(scope="module")
def serving(ca: TestCa) -> Iterator[EstServer]:
    with EstServer(ca, {}) as running:
        yield running


@pytest.fixture
def server(serving: EstServer) -> EstServer:
    serving.asked.clear()
    return serving


@pytest.fixture
def runner(server: EstServer, tmp_path: Path) -> Iterator[Callable[..., Runner]]:
    """Makes a runner whose CA is the server."""
    (tmp_path / "ca.pem").write_bytes(pem(server.ca.certificate))
    made: list[Runner] = []

    def work(place: str | None = "renewal-info", *, label: str = "") -> Runner:
        further = {} if place is None else {"renewal_info": place}
        trust = (tmp_path / "ca.pem",)
        bank = CaSettings(url=server.url, trust=trust, further=further, label=label)
        config = Config(authorities={"bank": bank}, audit=None, journal=tmp_path / "journal")
        made.append(Runner(config))
        return made[-1]

    yield work
    for each in made:
        each.close()


@pytest.fixture
def look(server: EstServer, runner: Callable[..., Runner]) -> Look:
    """Looks at one certificate, of which the server says something."""

    def work(reply: Reply, *, lasts: float = 10) -> Prospect:
        server.instead = lambda asked: reply if "renewal-info" in asked.path else None
        (found,) = runner().renewals.asked(holding(issued(server.ca, lasts=lasts)))
        return found

    return work


def window(start: object, end: object, **headers: str) -> Reply:
    def told(moment: object) -> object:
        if not isinstance(moment, int | float):
            return moment
        return (datetime.now(UTC) + moment * DAY).isoformat()

    body = {"suggestedWindow": {"start": told(start), "end": told(end)}}
    return Reply(200, json.dumps(body).encode(), headers)


# --- what is asked --------------------------------------------------------------------------------


def test_a_certificate_is_asked_about_as_the_example_of_the_rfc_is(ca: TestCa) -> None:
    """RFC 9773, 4.1: the issuer's key identifier and the serial number, a zero before it."""
    issuer = bytes.fromhex("69885B6B87464041E1B37B847BA0AE2CDE01C8D4")
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(ca.certificate.subject, ca.certificate.subject)
        .public_key(ca.key.public_key())
        .serial_number(0x87654321)
        .not_valid_before(now)
        .not_valid_after(now + DAY)
        .add_extension(x509.AuthorityKeyIdentifier(issuer, None, None), critical=False)
        .sign(ca.key, hashes.SHA256())
    )

    assert identifier(made.public_bytes(Encoding.DER)) == "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"


@pytest.mark.parametrize(
    ("place", "label", "path"),
    [
        ("renewal-info", "", "/.well-known/est/renewal-info/"),
        ("renewal-info", "client", "/.well-known/est/client/renewal-info/"),
        ("/acme/renewal-info", "client", "/acme/renewal-info/"),
    ],
)
def test_it_is_asked_where_the_bank_says_that_it_is(
    server: EstServer, runner: Callable[..., Runner], place: str, label: str, path: str
) -> None:
    der = issued(server.ca)
    runner(place, label=label).renewals.asked(holding(der))

    (asked,) = server.asked
    assert asked.path == f"{path}{identifier(der)}"
    assert asked.headers["accept"] == "application/json"


def test_nobody_is_asked_where_the_bank_does_not_say_so(
    server: EstServer, runner: Callable[..., Runner]
) -> None:
    (found,) = runner(None).renewals.asked(holding(issued(server.ca)))

    assert (found.why, found.cas, server.asked) == (Why.DAYS, ("bank",), [])


def test_a_ca_that_is_away_is_asked_once(server: EstServer, runner: Callable[..., Runner]) -> None:
    server.instead = lambda asked: Reply(503) if "renewal-info" in asked.path else None
    found = runner().renewals.asked(holding(*(issued(server.ca, f"CN={n}") for n in range(3))))

    assert len(server.asked) == 1
    assert [each.why for each in found] == [Why.DAYS] * 3
    assert all(each.problem is not None for each in found)


def test_of_an_expired_certificate_nobody_is_asked(
    server: EstServer, runner: Callable[..., Runner]
) -> None:
    (found,) = runner().renewals.asked(holding(issued(server.ca, starts=-10, lasts=-1)))

    assert (found.why, server.asked) == (Why.EXPIRED, [])


def test_a_certificate_of_a_ca_below_the_trusted_one_is_known_by_what_the_server_gives(
    server: EstServer, runner: Callable[..., Runner]
) -> None:
    below = server.ca.intermediate()
    server.instead = lambda asked: (
        certs_only(below.certificate) if asked.operation == "cacerts" else None
    )
    content = holding(issued(below), issued(TestCa.root("CN=Stranger")))
    own, stranger = runner().renewals.asked(content)

    assert (own.cas, stranger.cas) == (("bank",), ())
    assert [asked.operation for asked in server.asked].count("cacerts") == 1


@pytest.mark.parametrize("earlier", [8, 0], ids=["days before", "in the same second"])
def test_a_cas_own_certificate_and_a_replaced_one_are_not_renewed(
    server: EstServer, runner: Callable[..., Runner], earlier: int
) -> None:
    old, new = issued(server.ca, starts=-1 - earlier), issued(server.ca, starts=-1, lasts=300)
    root = server.ca.certificate.public_bytes(Encoding.DER)
    (found,) = runner(None).renewals.asked(holding(root, old, new))

    assert found.certificate.object.value == new


# --- what is answered -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [204, 401, 403, 404, 405, 410, 501])
def test_a_server_that_tells_nothing_leaves_the_banks_days(look: Look, status: int) -> None:
    found = look(Reply(status, b"<html>", {"Content-Type": "text/html"}))

    assert (found.why, found.problem, found.moment) == (Why.DAYS, None, None)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b""),
        Reply(200, b"<html>Sign in</html>", {"Content-Type": "text/html"}),
        Reply(200, b"[" * 60_000, {"Content-Type": "application/json"}),
        Reply(200, b"\xff\xfe{}"),
        Reply(200, b"null"),
        Reply(200, b'{"suggestedWindow": []}'),
        Reply(200, b'{"suggestedWindow": {"start": 1e999, "end": 99}}'),
        Reply(200, b" " * 100_000),
        Reply(200, b" " * 2_000_000),
        Reply(200, b'{"suggestedWindow"', cut=4),
        Reply(302, headers={"Location": "https://elsewhere.example"}),
        Reply(400),
        Reply(429),
        Reply(500),
        window("2030-01-01", "2031-01-01"),
        window("2030-01-01T00:00:00", "2031-01-01T00:00:00"),
        window("20300101T000000Z", "20310101T000000Z"),
        window("2030-W01-1T00:00:00Z", "2031-01-01T00:00:00Z"),
        window("2030-13-01T00:00:00Z", "2031-01-01T00:00:00Z"),
        window("0000-01-01T00:00:00Z", "2031-01-01T00:00:00Z"),
        window("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
        window("2030-01-02T00:00:00Z", "2030-01-02T00:00:00Z"),
        window("2030-01-02T00:00:00Z", "2030-01-01T00:00:00Z"),
    ],
    ids=lambda reply: f"{reply.status} {reply.body[:60]!r}",
)
def test_an_answer_that_cannot_be_meant_leaves_the_banks_days_and_says_why(
    look: Look, reply: Reply
) -> None:
    found = look(reply)

    assert (found.why, found.heard) == (Why.DAYS, None)
    assert found.problem is not None
    assert look(reply, lasts=300).why is None


@pytest.mark.parametrize(
    ("start", "end"),
    [(10.1, 500), (400, 500), (-9000, -8000), (-3, -1.1)],
)
def test_a_window_outside_of_the_certificates_own_time_leaves_the_banks_days(
    look: Look, start: float, end: float
) -> None:
    assert look(window(start, end)).why is Why.DAYS


@pytest.mark.parametrize(
    ("start", "end", "lasts", "why"),
    [
        (-0.9, -0.1, 300, Why.CA),
        (-9000, -0.1, 300, Why.CA),
        (-9000, 9000, 300, None),
        (1, 2, 10, None),
        (5, 9000, 10, None),
        ("2020-01-01T00:00:00.123456789Z", "2099-01-01T00:00:00-05:30", 10, None),
    ],
)
def test_the_window_of_the_ca_counts_and_its_moment_lies_in_it(
    look: Look, start: object, end: object, lasts: float, why: Why | None
) -> None:
    found = look(window(start, end), lasts=lasts)

    assert found.moment is not None
    assert found.heard is not None
    assert found.heard.info is not None
    assert found.heard.info.start <= found.moment <= min(found.heard.info.end, found.ends)
    if why is not None:
        assert found.why is why
    else:
        assert (found.why is Why.CA) is (found.moment <= datetime.now(UTC))


def test_the_moments_of_many_are_spread_over_the_window(look: Look) -> None:
    found = look(window(20, 120), lasts=300)
    many = [replace(found.certificate, fingerprint=f"{n:064x}") for n in range(200)]
    days = [(moment(each, found.heard) - datetime.now(UTC)).days for each in many]  # type: ignore[operator]  # none is None

    assert [sum(20 + 25 * n <= day < 45 + 25 * n for day in days) > 30 for n in range(4)] == [
        True
    ] * 4


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("0", 60, 60),
        ("-5", 21600, 21600),
        ("7200", 7200, 7200),
        ("9" * 40, 86400, 86400),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 60, 60),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400, 86400),
        ("soon", 21600, 21600),
        (None, 21600, 21600),
    ],
)
def test_when_to_ask_again_has_bounds(look: Look, said: str | None, least: int, most: int) -> None:
    headers = {} if said is None else {"Retry-After": said}
    found = look(replace(window(20, 120), headers=headers), lasts=300)

    assert found.heard is not None
    waits = (found.heard.again - found.heard.asked).total_seconds()
    assert least - 5 <= waits <= most + 5


def test_a_word_that_is_old_only_adds_to_the_banks_days(
    server: EstServer, runner: Callable[..., Runner]
) -> None:
    """A CA that cannot be asked any more may have changed its mind; so nothing is put off by it."""
    content = holding(issued(server.ca))
    server.instead = lambda _asked: window(5, 6, **{"Retry-After": "60"})
    bank = runner()
    (fresh,) = bank.renewals.asked(content)
    (kept,) = bank.renewals.known(content)

    assert (fresh.why, kept.why) == (None, Why.DAYS)
    assert fresh.moment == kept.moment


def test_a_clock_that_was_ahead_keeps_nobody_from_asking(
    server: EstServer, runner: Callable[..., Runner], tmp_path: Path
) -> None:
    der = issued(server.ca)
    server.instead = lambda _asked: window(5, 6)
    bank = runner()
    bank.renewals.asked(holding(der))
    (note,) = (tmp_path / "journal" / "renewal-info").iterdir()
    ahead = {
        name: f"{datetime.now(UTC) + 900 * DAY:%Y-%m-%dT%H:%M:%SZ}" for name in ("asked", "again")
    }
    note.write_text(json.dumps({**json.loads(note.read_text()), **ahead}))
    server.instead = lambda _asked: window(-0.5, -0.1)
    (found,) = bank.renewals.asked(holding(der))

    assert found.why is Why.CA


def test_notes_of_expired_certificates_go(
    server: EstServer, runner: Callable[..., Runner], tmp_path: Path
) -> None:
    old = issued(server.ca)
    runner().renewals.asked(holding(old))
    (note,) = (tmp_path / "journal" / "renewal-info").iterdir()
    note.write_text(json.dumps({**json.loads(note.read_text()), "ends": "2020-01-01T00:00:00Z"}))
    runner().renewals.asked(holding(issued(server.ca)))

    assert not note.exists()
    assert len(list((tmp_path / "journal" / "renewal-info").iterdir())) == 1


def test_a_folder_that_takes_no_note_stops_nothing(
    server: EstServer, runner: Callable[..., Runner], tmp_path: Path
) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "renewal-info").write_text("in the way")
    server.instead = lambda _asked: window(-0.5, -0.1)
    (found,) = runner().renewals.asked(holding(issued(server.ca)))

    assert found.why is Why.CA
