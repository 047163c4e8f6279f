"""Several processes that serve one desk: killed, ended, and looked after."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import enrol_load
import pytest
from desk_client import Client
from desk_home import Home, Server
from lockwright.audit import verify
from lockwright_testkit.waiting import runs, until
from postgres_cluster import Cluster

LONGEST = 60.0
MANY = 24


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, fresh: Home) -> Home:
    """A desk over one of the databases."""
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        fresh.database = postgres.database(f"desk_{uuid.uuid4().hex}")
    assert fresh.init().code == 0
    return fresh


def test_a_worker_that_is_killed_in_the_middle_loses_no_enrolment_and_makes_none_twice(
    either: Home,
) -> None:
    wanted = enrol_load.orders(either, MANY)
    with either.serving("--workers", "2") as server:
        until(lambda: len(server.workers) == 2)
        before = server.workers
        measured = enrol_load.run(
            server, wanted, again=True, meanwhile=lambda: os.kill(before[0], signal.SIGKILL)
        )
        until(lambda: len(server.workers) == 2 and before[0] not in server.workers)

    assert measured.statuses == {200: MANY}
    assert len(measured.serials) == MANY
    assert measured.serials == measured.stored
    verify(either.settings.audit)


def test_a_log_that_nobody_takes_any_more_costs_no_answer_and_no_worker(fresh: Home) -> None:
    """As when the program ends that stderr is piped into, or the disk is full."""
    fresh.init()
    with log_breaks(fresh, "--workers", "2") as (server, children):
        until(lambda: len(children()) == 2)
        before = children()
        refused = Client(server).get("/nothing")
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(children()) == 2 and before[0] not in children())
        later = Client(server).get("/nothing")

    assert (refused.status, later.status) == (404, 404)


@dataclass
class Where:
    """Where a server is."""

    port: int
    ca: Path


@contextmanager
def log_breaks(home: Home, *arguments: str) -> Iterator[tuple[Where, Callable[[], list[int]]]]:
    """A server whose stderr is closed at the other end once it serves, and its children."""
    log, theirs = os.pipe()
    process = home.start("serve", "--port", "0", *arguments, stderr=theirs)
    os.close(theirs)
    try:
        with os.fdopen(log, encoding="utf-8") as lines:
            lines_read = [next(lines) for _each in home.settings.profiles]
        [(port,)] = {tuple(re.findall(r":(\d+)/", line)) for line in lines_read}
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        yield (
            Where(int(port), home.ca),
            lambda: [int(each) for each in children.read_text().split()],
        )
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST) == 0


def test_workers_end_with_the_one_that_looks_after_them(fresh: Home) -> None:
    fresh.init()
    with fresh.serving("--workers", "2") as server:
        until(lambda: len(server.workers) == 2)
        workers = server.workers
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(LONGEST)
    assert code == 0
    assert not any(map(runs, workers))

    with fresh.serving("--workers", "2") as server:
        until(lambda: len(server.workers) == 2)
        workers = server.workers
        server.process.kill()
        until(lambda: not any(map(runs, workers)))


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's")
def test_no_process_that_serves_leaves_a_core_file_or_lets_its_memory_be_read(fresh: Home) -> None:
    """``make call`` provokes it."""
    fresh.init()
    with fresh.serving("--workers", "2") as server:
        until(lambda: len(server.workers) == 2)
        for pid in (server.process.pid, *server.workers):
            limits = Path(f"/proc/{pid}/limits").read_text()
            assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)
            mem = Path(f"/proc/{pid}/mem").stat()
            assert mem.st_uid == 0, "undumpable processes belong to root"


def test_what_keeps_workers_from_beginning_is_told_once(fresh: Home) -> None:
    fresh.init()
    fresh.settings.otp_key.unlink()

    ended = fresh.run("serve", "--port", "0", "--workers", "3")

    assert ended.code == 30
    assert ended.err.count("The key of the one-time passwords cannot be used") == 1


def test_a_port_that_is_taken_is_told(server: Server) -> None:
    ended = server.home.run("serve", "--port", str(server.port))

    assert ended.code == 30
    assert f"The desk cannot listen on 127.0.0.1:{server.port}" in ended.err
    assert Client(server).get("/.well-known/est/cacerts").status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_of_tls_is_taken_up_by_whichever_worker_the_client_meets(
    fresh: Home, version: ssl.TLSVersion
) -> None:
    fresh.init()
    with fresh.serving("--workers", "2") as server:
        until(lambda: len(server.workers) == 2)
        context = ssl.create_default_context(cafile=str(server.ca))
        context.minimum_version = context.maximum_version = version
        session = None
        reused = []
        for _each in range(12):
            raw = socket.create_connection(("localhost", server.port), LONGEST)
            with context.wrap_socket(raw, server_hostname="localhost", session=session) as spoken:
                spoken.sendall(b"GET /.well-known/est/cacerts HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert spoken.recv(100).startswith(b"HTTP/1.1 200")
                reused.append(spoken.session_reused)
                session = session or spoken.session

    assert reused == [False, *[True] * 11]


def test_a_desk_that_is_ended_while_its_workers_begin_ends_at_once(fresh: Home) -> None:
    """Each of them is told, also one that was forked a moment later."""
    fresh.init()
    with fresh.serving("--workers", "12") as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(LONGEST) == 0

    assert server.log == []
