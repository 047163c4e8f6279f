"""One-time passwords can be neither guessed on line nor read from the database."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from desk_client import Client, new_key, request
from desk_home import Home, Server
from lockwright.secret import Secret
from lockwright_desk import otp
from lockwright_desk.limits import Guard
from lockwright_desk.refusals import CredentialsWrong, TooManyFailures
from lockwright_desk.settings import LimitSettings
from lockwright_desk.store.database import Database
from lockwright_desk.store.schema import Password
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


def guess(server: Server, login: str, password: str = WRONG) -> int:
    return Client(server).enroll(request(new_key(), ""), login=login, password=password).status


def test_after_a_few_guesses_even_the_right_password_has_to_wait(strict: Server) -> None:
    password = strict.home.otp("guessed")

    statuses = [guess(strict, "guessed") for _each in range(LOGIN + 1)]
    reply = Client(strict).enroll(request(new_key(), ""), login="guessed", password=password)

    assert statuses == [401] * LOGIN + [429]
    assert reply.status == 429
    assert 0 < int(reply.headers["retry-after"]) <= 900
    assert reply.text.startswith("Too many wrong attempts; try again in ")


def test_guesses_at_once_are_no_more_than_guesses_in_turn(tmp_path: Path) -> None:
    home = Home(tmp_path, extra=f"[limits]\nlogin_failures = {LOGIN}\n")
    home.init()
    home.otp("stormed")

    with home.serving() as server, ThreadPoolExecutor(20) as threads:
        statuses = list(threads.map(lambda _each: guess(server, "stormed"), range(40)))

    assert statuses.count(401) == LOGIN
    assert statuses.count(429) == 40 - LOGIN


def test_guesses_for_many_logins_are_counted_by_address(tmp_path: Path) -> None:
    home = Home(tmp_path, extra=f"[limits]\naddress_failures = {ADDRESS}\n")
    home.init()

    with home.serving() as server:
        statuses = [guess(server, f"login-{each}") for each in range(ADDRESS + 2)]

    assert statuses == [401] * ADDRESS + [429] * 2


# --- the counting itself ------------------------------------------------------------------------


@pytest.fixture
def seconds() -> list[float]:
    """A clock that a test sets."""
    return [0.0]


@pytest.fixture
def guard(seconds: list[float]) -> Guard:
    return Guard(LimitSettings(2, 4, timedelta(seconds=60)), lambda: seconds[0])


def wrong(guard: Guard, login: str, address: str = "192.0.2.1") -> type[Exception]:
    try:
        with guard.attempt(login, address):
            raise CredentialsWrong  # noqa: TRY301  # as whoever judges the attempt does
    except (CredentialsWrong, TooManyFailures) as error:
        return type(error)


def test_the_window_ends(guard: Guard, seconds: list[float]) -> None:
    assert [wrong(guard, "a") for _each in range(3)] == [CredentialsWrong] * 2 + [TooManyFailures]
    seconds[0] = 59.9
    assert wrong(guard, "a") is TooManyFailures
    seconds[0] = 60.0
    assert wrong(guard, "a") is CredentialsWrong


def test_a_right_attempt_takes_only_itself_back(guard: Guard) -> None:
    """Else a guesser with one password of his own could guess at others for ever."""
    wrong(guard, "a")
    with guard.attempt("b", "192.0.2.1"):
        pass
    wrong(guard, "c")
    wrong(guard, "d")
    wrong(guard, "e")

    assert wrong(guard, "f") is TooManyFailures


def test_another_refusal_is_no_guess(guard: Guard) -> None:
    for _each in range(10):
        with pytest.raises(RuntimeError), guard.attempt("a", "192.0.2.1"):
            raise RuntimeError

    assert wrong(guard, "a") is CredentialsWrong


def test_addresses_of_one_ipv6_network_are_one(guard: Guard) -> None:
    told = [wrong(guard, f"login-{each}", f"2001:db8::{each}") for each in range(5)]

    assert told[-1] is TooManyFailures
    assert wrong(guard, "login", "2001:db8:1::1") is CredentialsWrong


# --- nothing to be read, nothing to be timed ------------------------------------------------------


def test_a_password_cannot_be_read_from_the_files(home: Home, client: Client) -> None:
    password = home.otp("kept")
    client.enroll(request(new_key(), ""), login="kept", password=password)
    plain = password.replace("-", "")

    with closing(Database(home.settings.database)) as database, database.reading() as session:
        row = session.scalars(select(Password).where(Password.login == "kept")).one()

    assert row.hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
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
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in dumped
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
    assert set("".join(drawn)) == set(otp.ALPHABET)


def test_an_unknown_login_takes_as_long_as_a_wrong_password() -> None:
    """The same hash is computed either way; the two medians differ by less than a quarter."""
    number, secret = otp.draw()
    del number
    kept = otp.hashed(secret)

    def median(work: Callable[[], bool]) -> float:
        taken = []
        for _each in range(15):
            begun = time.process_time()
            assert not work()
            taken.append(time.process_time() - begun)
        return statistics.median(taken)

    known = median(lambda: otp.proves(kept, Secret("000000000000")))
    unknown = median(lambda: otp.proves(None, Secret("000000000000")))

    assert known > 0.002
    assert abs(known - unknown) < 0.25 * max(known, unknown)
