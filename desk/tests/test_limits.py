"""One-time passwords can be neither guessed on line nor read from the database."""

from __future__ import annotations

import shutil
import ssl
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from desk_client import Client, Reply, new_key, request
from desk_home import Home, Server
from lockwright.secret import Secret
from lockwright_desk import codes
from lockwright_desk.configuration.settings import LimitSettings
from lockwright_desk.enrolment import otp
from lockwright_desk.enrolment.otp_key import OtpKey
from lockwright_desk.enrolment.otp_places import InFile
from lockwright_desk.enrolment.proving import Credentials, claimed
from lockwright_desk.enrolment.tries import Tries
from lockwright_desk.http.refusals import TooManyFailures
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.base import Row
from lockwright_desk.store.tables.enrolment import Password
from lockwright_desk.store.tables.tries import WrongTries
from postgres_cluster import Cluster
from sqlalchemy import select

LOGIN, ADDRESS = 3, 8


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk that counts strictly."""
    limits = f"[limits]\nlogin_failures = {LOGIN}\naddress_failures = {ADDRESS}\n"
    home = Home(tmp_path_factory.mktemp("strict"), extra=limits)
    home.init()
    with home.serving() as running:
        yield running


WRONG = "0000-0000-0000-0000-0000"


def guess(server: Server, login: str, password: str = WRONG, *, address: str = "127.0.0.1") -> int:
    return try_(server, login, password, address=address).status


def try_(
    server: Server, login: str, password: str, *, address: str = "127.0.0.1", via: str | None = None
) -> Reply:
    """Enrol from an address, or through a proxy that says so."""
    headers = {} if via is None else {"X-Forwarded-For": via}
    client = Client(server, address=address)
    return client.enroll(request(new_key(), ""), login=login, password=password, headers=headers)


def mistyped(password: str) -> str:
    """The password's number, and another secret part."""
    return password[:10] + "0000-0000-0000"


def test_after_a_few_mistakes_even_the_right_password_has_to_wait(strict: Server) -> None:
    password = strict.home.otp("mistaken")

    statuses = [guess(strict, "mistaken", mistyped(password)) for _each in range(LOGIN + 1)]
    reply = try_(strict, "mistaken", password)

    assert statuses == [401] * LOGIN + [429]
    assert reply.status == 429
    assert 0 < int(reply.headers["retry-after"]) <= 900
    assert reply.text.startswith("Too many wrong attempts; try again in ")


def test_a_right_password_is_not_locked_out_when_others_guess(strict: Server) -> None:
    """They guess from elsewhere, and from behind the same address, for that login and for all."""
    password = strict.home.otp("victim")
    elsewhere = [guess(strict, "victim", mistyped(password), address="127.0.0.7")]
    elsewhere += [guess(strict, "victim", address="127.0.0.7") for _each in range(LOGIN)]
    nearby = [guess(strict, "victim", address="127.0.0.8") for _each in range(LOGIN + 1)]
    nearby += [guess(strict, f"other-{each}", address="127.0.0.8") for each in range(ADDRESS)]

    reply = try_(strict, "victim", password, address="127.0.0.8")

    assert elsewhere == [401] * LOGIN + [429]
    assert nearby == [401] * LOGIN + [429] + [401] * (ADDRESS - LOGIN) + [429] * LOGIN
    assert reply.status == 200


def test_guesses_at_once_are_told_no_more_than_guesses_in_turn(strict: Server) -> None:
    password = strict.home.otp("stormed")

    with ThreadPoolExecutor(10) as threads:
        wrong = mistyped(password)
        statuses = list(threads.map(lambda _each: guess(strict, "stormed", wrong), range(20)))

    assert statuses.count(401) == LOGIN
    assert statuses.count(429) == 20 - LOGIN


def test_six_wrong_tries_are_refused_as_one_when_two_replicas_share_them(
    tmp_path: Path, postgres: Cluster
) -> None:
    first = Home(tmp_path / "first", postgres.database(f"shared_{uuid.uuid4().hex}"))
    first.folder.mkdir()
    assert first.init().code == 0
    shutil.copytree(first.folder, tmp_path / "second")
    second = Home(tmp_path / "second")
    password = first.otp("anna")

    with first.serving() as one, second.serving() as other:
        turns = [one, other] * 3
        statuses = [guess(each, "anna", address="127.0.0.9") for each in turns]
        right = try_(other, "anna", password)

    assert statuses == [401] * 5 + [429]
    assert right.status == 200


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk that trusts 127.0.0.1 as its proxy."""
    trust = '[proxy]\ntrusted = ["127.0.0.1"]\ncertificate_header = "X-Client-Certificate"\n'
    home = Home(
        tmp_path_factory.mktemp("proxied"), extra=f"{trust}[limits]\naddress_failures = 3\n"
    )
    home.init()
    with home.serving() as running:
        yield running


@pytest.mark.parametrize(
    "written",
    [
        ("203.0.113.7", "203.0.113.7:50123", "::ffff:203.0.113.7", "[::ffff:203.0.113.7]:443"),
        ("2001:db8::1", "[2001:db8::2]:443", "2001:db8::3%eth0", '"[2001:db8::4]"'),
        (
            "1.2.3.4, 198.51.100.1",
            "198.51.100.1:1, 127.0.0.1",
            "9.9.9.9,198.51.100.1",
            "198.51.100.1",
        ),
    ],
    ids=["IPv4", "IPv6", "behind others"],
)
def test_an_address_is_the_same_when_a_proxy_writes_it_otherwise(
    proxied: Server, written: tuple[str, ...]
) -> None:
    told = [
        try_(proxied, f"login-{each}", WRONG, via=each_way) for each, each_way in enumerate(written)
    ]

    assert [reply.status for reply in told] == [401, 401, 401, 429]


@pytest.mark.parametrize("written", ["2001:db8:1:{each}::1", "64:ff9b::198.18.0.{each}"])
def test_addresses_are_told_apart_when_only_their_networks_differ(
    proxied: Server, written: str
) -> None:
    told = [
        try_(proxied, f"login-{each}", WRONG, via=written.format(each=each)) for each in range(4)
    ]

    assert {reply.status for reply in told} == {401}


def test_a_certificate_that_comes_twice_is_refused(proxied: Server) -> None:
    pem = quote(proxied.home.ca.read_text(), safe="")
    body = request(new_key(), "")

    def renewed(*headers: tuple[str, str]) -> Reply:
        return Client(proxied).enroll(body, operation="simplereenroll", repeated=headers)

    twice = renewed(("X-Client-Certificate", pem), ("x-client-certificate", pem))
    joined = renewed(("X-Client-Certificate", f"{pem}, {pem}"))
    once = renewed(("X-Client-Certificate", pem))

    assert (twice.status, joined.status, once.status) == (400, 400, 403)
    assert twice.text == "The request came with more than one client certificate.\n"


def test_a_certificate_of_a_version_that_there_is_not_is_refused(proxied: Server) -> None:
    ca = x509.load_pem_x509_certificate(proxied.home.ca.read_bytes()).public_bytes(Encoding.DER)
    newer = ca.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07", 1)
    pem = ssl.DER_cert_to_PEM_cert(newer)
    passed = [("X-Client-Certificate", quote(pem, safe=""))]

    reply = Client(proxied).enroll(
        request(new_key(), ""), operation="simplereenroll", repeated=passed
    )

    assert reply.status == 403, reply.text


# --- the counting itself ------------------------------------------------------------------------


@dataclass
class Counting:
    """Wrong tries in a database of the test's own."""

    database: Database
    key: OtpKey
    tries: Tries
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def wrong(self, login: str = "a", address: str = "192.0.2.1") -> bool:
        """Whether a wrong try is still told so."""
        said = Credentials(login, Secret("wrong"))
        try:
            with claimed(self.database, self.key, self.tries, said, address, self.now) as claim:
                self.tries.count(claim.tried, self.now)
        except TooManyFailures:
            return False
        return True

    def rows(self) -> int:
        """How many are remembered."""
        with self.database.reading() as session:
            return len(session.scalars(select(WrongTries)).all())


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Counting]:
    with closing(Database(f"sqlite:///{tmp_path}/desk.db")) as database:
        Row.metadata.create_all(database.engine)
        place = InFile(tmp_path / "otp-key")
        assert OtpKey.begin(place, database)
        key = OtpKey.open(place, database)
        limits = LimitSettings(2, 4, timedelta(seconds=60), 1, 1)
        yield Counting(database, key, Tries(limits, database))


def test_the_window_ends(counting: Counting) -> None:
    begun = counting.now
    assert [counting.wrong() for _each in range(3)] == [True, True, False]
    counting.now = begun + timedelta(seconds=59.9)
    assert not counting.wrong()
    counting.now = begun + timedelta(seconds=60)
    assert counting.wrong()


def test_tries_are_over_when_the_clock_was_wrong_and_is_put_back(counting: Counting) -> None:
    """What was counted while it was a year ahead must not lock anybody out for a year."""
    counting.now += timedelta(days=365)
    assert [counting.wrong() for _each in range(3)] == [True, True, False]

    counting.now -= timedelta(days=365)

    assert [counting.wrong() for _each in range(3)] == [True, True, False]
    assert counting.rows() == 2


def test_what_is_over_is_forgotten_when_somebody_else_is_wrong(counting: Counting) -> None:
    counting.wrong("a")
    counting.wrong("b", "2001:db8::1")
    counting.now += timedelta(seconds=60)
    counting.wrong("c", "192.0.2.3")

    assert counting.rows() == 2


def test_a_guesser_who_goes_on_fills_no_disk(counting: Counting) -> None:
    told = [counting.wrong(f"login-{each}") for each in range(20)]

    assert told == [True] * 4 + [False] * 16
    assert counting.rows() == 5


# --- nothing to be read ---------------------------------------------------------------------------


def test_a_password_cannot_be_read_from_the_files(home: Home, client: Client) -> None:
    password = home.otp("kept")
    client.enroll(request(new_key(), ""), login="kept", password=password)
    plain = password.replace("-", "")

    with closing(Database(home.settings.database)) as database, database.reading() as session:
        row = session.scalars(select(Password).where(Password.login == "kept")).one()

    assert row.hash.startswith("hmac-sha256:")
    written = b"".join(f.read_bytes() for f in home.folder.rglob("*") if f.is_file())
    assert row.id.encode() in written
    assert plain[8:].encode() not in written
    assert password[10:].encode() not in written


def test_a_password_cannot_be_read_from_a_backup(fresh: Home, postgres: Cluster) -> None:
    database = f"desk_{uuid.uuid4().hex}"
    fresh.database = postgres.database(database)
    assert fresh.init().code == 0
    password = fresh.otp("kept")
    number, secret = password.replace("-", "")[:8], password.replace("-", "")[8:]

    dumped = postgres.dump(database)

    assert number in dumped
    assert "hmac-sha256:" in dumped
    assert fresh.settings.otp_key.read_text() not in dumped
    assert secret.upper() not in dumped.replace("-", "").upper()


def test_a_password_is_in_no_log(home: Home) -> None:
    password = home.otp("logged")
    with home.serving("--verbose") as server:
        for entered in (password, password[:-4] + "0000", "wrong words"):
            guess(server, "logged", entered)
        log = server.log

    assert any("refused" in line for line in log)
    assert not [line for line in log if password[10:14] in line or "wrong words" in line]


def test_two_passwords_are_never_alike() -> None:
    drawn = {number + secret.reveal_text() for number, secret in (otp.draw() for _e in range(2000))}

    assert len(drawn) == 2000
    assert {len(each) for each in drawn} == {20}
    assert set("".join(drawn)) == set(codes.ALPHABET)
