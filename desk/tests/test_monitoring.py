"""Health, readiness and numbers, on a listener of their own."""

from __future__ import annotations

import asyncio
import http.client
import re
import threading
import uuid
from typing import Any

import pytest
from desk_client import Client, new_key, new_login, request
from desk_home import Home, Server
from lockwright_desk.enrolment.desk import Desk
from lockwright_desk.http.refusals import Refusal
from lockwright_desk.serving.metrics import STATUSES, Metrics
from lockwright_desk.serving.monitoring import monitoring
from postgres_cluster import Cluster

ELSEWHERE = ("other", "operator", "line", "page")
MONITORING = '[monitoring]\nhost = "127.0.0.1"\nport = 0\n'


def asked(server: Server, path: str) -> tuple[int, str]:
    """What the listener answers, in plain HTTP."""
    [line] = [line for line in server.lines(0, 1) if "Health and metrics at" in line]
    connection = http.client.HTTPConnection("127.0.0.1", int(re.findall(r":(\d+)/", line)[0]))
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


@pytest.mark.parametrize("workers", [1, 2])
def test_numbers_are_those_of_all_processes_and_name_nobody(fresh: Home, workers: int) -> None:
    fresh.extra = MONITORING
    assert fresh.init().code == 0
    login = new_login()
    password = fresh.otp(login)
    with fresh.serving("--workers", str(workers)) as server:
        client = Client(server)
        for _each in range(4):
            assert client.get("/.well-known/est/cacerts").status == 200
        client.enroll(request(new_key(), ""), login=login, password=password)
        client.enroll(request(new_key(), ""), login=login, password="0000")
        for path in ("/wp-login.php", "/operator/v1/cases/1", "/line/v1/requests", "/desk"):
            client.get(path)
        status, told = asked(server, "/metrics")

    assert status == 200
    lines = told.splitlines()
    answers = "lockwright_desk_answers_total"
    for line in (
        f'{answers}{{operation="cacerts",status="200"}} 4',
        f'{answers}{{operation="simpleenroll",status="200"}} 1',
        f'{answers}{{operation="simpleenroll",status="401"}} 1',
        *(f'{answers}{{operation="{each}",status="404"}} 1' for each in ELSEWHERE),
        'lockwright_desk_answer_seconds_count{operation="cacerts"} 4',
        'lockwright_desk_answer_seconds_bucket{operation="cacerts",le="+Inf"} 4',
    ):
        assert line in lines, told
    assert login not in told
    form = re.compile(
        r"# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\})? [\d.]+"
    )
    assert [line for line in lines if not form.fullmatch(line)] == []


def test_no_status_of_a_refusal_counts_as_any_other() -> None:
    known, kinds = set(STATUSES), [Refusal]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())

    assert [kind for kind in kinds if kind.status not in known] == []


def test_strangers_do_not_see_them(server: Server) -> None:
    statuses = {Client(server).get(path).status for path in ("/metrics", "/healthz", "/readyz")}

    assert statuses == {404}


def test_a_desk_whose_database_is_gone_lives_and_is_not_ready(
    fresh: Home, postgres: Cluster
) -> None:
    name = f"desk_{uuid.uuid4().hex}"
    fresh.database, fresh.extra = postgres.database(name), MONITORING
    assert fresh.init().code == 0
    with fresh.serving() as server:
        before = asked(server, "/readyz")
        postgres.say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.say(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608  # ours
        )
        gone = asked(server, "/readyz")
        lives = asked(server, "/healthz")
        postgres.say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        after = asked(server, "/readyz")

    assert before == after == (200, "ready\n")
    assert gone == (503, "not ready: database\n")
    assert lives == (200, "alive\n")


def test_a_host_without_a_port_is_refused(fresh: Home) -> None:
    fresh.extra = '[monitoring]\nhost = "127.0.0.1"\n'

    assert "[monitoring] port is missing" in fresh.init().err


def test_however_often_a_desk_is_asked_one_thread_waits_for_its_database(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answers = list[Desk](), threading.Event()

    def silent(desk: Desk) -> str:
        begun.append(desk)
        answers.wait()
        return ""

    async def ready(app: Any) -> int:
        said: list[Any] = []

        async def send(message: Any) -> None:
            said.append(message)

        scope = {"type": "http", "method": "GET", "path": "/readyz", "headers": []}
        await app({**scope, "query_string": b""}, asyncio.Event().wait, send)
        return int(said[0]["status"])

    async def several(app: Any) -> tuple[list[int], int]:
        statuses = [await ready(app) for _each in range(4)]
        at_once = len(begun)
        answers.set()
        while await ready(app) != 200:
            pass
        return statuses, at_once

    monkeypatch.setattr(Desk, "lacking", silent)
    monkeypatch.setattr("lockwright_desk.serving.monitoring._SECONDS", 0.01)
    with Desk(home.settings) as desk:
        statuses, at_once = asyncio.run(several(monitoring(desk, Metrics(1))))

    assert statuses == [503] * 4
    assert at_once <= 1
