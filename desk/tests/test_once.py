"""A certificate is issued exactly once, whatever comes at the same time, with either database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import enrol_load
import pytest
from desk_client import Client, new_key, request
from desk_home import Home, Server
from postgres_cluster import Cluster

MANY = 20
"""Sent twice, they are more than the desk has connections to its database."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A desk over one of the databases."""
    database = None
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        database = postgres.database(f"desk_{uuid.uuid4().hex}")
    made = Home(tmp_path_factory.mktemp("either"), database)
    ended = made.init()
    assert ended.code == 0, ended.err
    return made


@pytest.fixture(scope="module")
def serving(either: Home) -> Iterator[Server]:
    with either.serving() as running:
        yield running


def test_enrolments_at_once_are_all_answered_and_none_is_issued_twice(serving: Server) -> None:
    wanted = enrol_load.orders(serving.home, MANY)

    measured = enrol_load.run(serving, wanted, times=2)

    assert measured.statuses == {200: 2 * MANY}
    assert len(measured.serials) == MANY
    assert measured.serials == measured.stored


def test_one_password_and_many_keys_at_once_end_with_one_certificate(serving: Server) -> None:
    client, password = Client(serving), serving.home.otp("raced")
    requests = [request(new_key(), "") for _each in range(12)]

    with ThreadPoolExecutor(len(requests)) as threads:
        replies = list(
            threads.map(lambda csr: client.enroll(csr, login="raced", password=password), requests)
        )

    assert sorted(reply.status for reply in replies) == [200] + [403] * 11


def test_two_servers_over_one_database_issue_once(either: Home) -> None:
    wanted = [request(new_key(), "") for _each in range(8)]
    password = either.otp("raced-by-two")

    with either.serving() as one, either.serving() as other, ThreadPoolExecutor(16) as threads:
        clients = [Client(one), Client(other)]
        replies = list(
            threads.map(
                lambda at: clients[at % 2].enroll(
                    wanted[at // 2], login="raced-by-two", password=password
                ),
                range(16),
            )
        )

    issued = {reply.body for reply in replies if reply.status == 200}
    assert {reply.status for reply in replies} == {200, 403}
    assert len(issued) == 1


def test_a_server_that_is_killed_forgets_nothing(either: Home) -> None:
    key, password = new_key(), either.otp("survivor")
    with either.serving() as server:
        first = Client(server).enroll(request(key, ""), login="survivor", password=password)
        server.process.kill()

    with either.serving() as server:
        again = Client(server).enroll(request(key, ""), login="survivor", password=password)
        other = Client(server).enroll(request(new_key(), ""), login="survivor", password=password)

    assert again.certificate == first.certificate
    assert other.status == 403
