"""Who may be connected and for how long: silent clients, slow ones, and those beside them."""

from __future__ import annotations

import select
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from desk_client import Client, connected, new_key, new_login, request
from desk_home import Home, Server
from lockwright_desk.http.body import SECONDS as BODY_SECONDS
from lockwright_desk.serving.door.crowd import Crowd, Guest
from lockwright_desk.serving.door.protocol import HEAD_SECONDS

ALL, OF_ONE = 40, 20
HOSTILE = "127.0.0.66"
HEAD = b"GET /.well-known/est/cacerts HTTP/1.1\r\nHost: localhost\r\n"
POST = (
    b"POST /.well-known/est/client/simpleenroll HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/pkcs10\r\nContent-Length: 1000\r\n\r\n"
)
NOWHERE = b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n"


@pytest.fixture
def narrow(fresh: Home) -> Iterator[Server]:
    """A desk with room for few."""
    fresh.extra = f"[limits]\nconnections = {ALL}\naddress_connections = {OF_ONE}\n"
    assert fresh.init().code == 0
    with fresh.serving() as running:
        yield running


def silent(server: Server, address: str) -> socket.socket:
    """A connection that says nothing, not even a word of TLS."""
    return socket.create_connection(("127.0.0.1", server.port), 60, (address, 0))


def still_open(connections: list[socket.socket]) -> int:
    """How many the server has not closed."""
    closed = select.select(connections, [], [], 0)[0]
    return len(connections) - len(closed)


def enrolled(server: Server, address: str) -> int:
    """The status of an enrolment."""
    login = new_login()
    password = server.home.otp(login)
    client = Client(server, address=address)
    return client.enroll(request(new_key(), ""), login=login, password=password).status


def test_clients_enrol_while_one_address_is_silent_and_slow(narrow: Server) -> None:
    with ExitStack() as held, ThreadPoolExecutor(8) as threads:
        mute = [held.enter_context(silent(narrow, HOSTILE)) for _each in range(3 * ALL)]
        slow = [held.enter_context(connected(narrow, HOSTILE)) for _each in range(3)]
        for each in slow:
            each.sendall(POST + b"half")

        places = [f"127.0.0.{each}" for each in range(70, 78)]
        statuses = list(threads.map(lambda place: enrolled(narrow, place), places))
        same_place = enrolled(narrow, HOSTILE)

        assert statuses == [200] * len(places)
        assert same_place == 200
        assert still_open([*mute, *slow]) <= OF_ONE
    assert sum("too many connections" in line for line in narrow.log) == 1


def test_clients_enrol_while_many_addresses_are_silent(narrow: Server) -> None:
    with ExitStack() as held:
        mute = [
            held.enter_context(silent(narrow, f"127.0.1.{each}"))
            for _turn in range(3)
            for each in range(1, ALL)
        ]

        assert enrolled(narrow, "127.0.0.70") == 200
        assert still_open(mute) <= ALL


def resident(process: int) -> int:
    """Memory of a process, in MiB (proc(5))."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_silent_clients_take_little_memory(server: Server) -> None:
    before = resident(server.process.pid)
    with ExitStack() as held:
        for each in range(400):
            held.enter_context(silent(server, f"127.0.2.{1 + each % 200}"))
        assert enrolled(server, "127.0.0.70") == 200

        grown = resident(server.process.pid) - before

    assert grown < 64


def dripped(connection: ssl.SSLSocket, first: bytes, drop: bytes) -> tuple[bytes, float]:
    """All that a server answers to somebody who says a byte now and then, and how long it took."""
    connection.sendall(first)
    connection.settimeout(0.5)
    begun, answer = time.monotonic(), b""
    while time.monotonic() - begun < BODY_SECONDS + 60:
        with suppress(TimeoutError):
            part = connection.recv(65536)
            answer += part
            if not part:
                break
        with suppress(OSError):
            connection.sendall(drop)
    return answer, time.monotonic() - begun


def test_no_client_is_waited_for_when_it_is_slow(server: Server) -> None:
    """Each drips what it has to say: a first head, a second one, bodies that are read or not."""
    says = {
        "head": (HEAD, b"a"),
        "second head": (HEAD + b"\r\n" + HEAD, b"a"),
        "body": (POST, b"A"),
        "body of nowhere": (NOWHERE, b"A"),
        "body of a GET": (HEAD + b"Content-Length: 60000\r\n\r\n", b"A"),
    }
    with ExitStack() as held, ThreadPoolExecutor(8) as threads:
        mute = held.enter_context(silent(server, "127.0.0.1"))
        pending = {
            name: threads.submit(dripped, held.enter_context(connected(server)), *what)
            for name, what in says.items()
        }
        assert mute.recv(1) == b""
        told = {name: each.result() for name, each in pending.items()}

    answers = {name: answer[:12].decode() for name, (answer, _seconds) in told.items()}
    assert answers == {
        "head": "",
        "second head": "HTTP/1.1 200",
        "body": "HTTP/1.1 408",
        "body of nowhere": "HTTP/1.1 404",
        "body of a GET": "HTTP/1.1 200",
    }
    for name in ("body", "body of nowhere", "body of a GET"):
        assert b"Connection: close" in told[name][0]
    assert max(seconds for _answer, seconds in told.values()) < BODY_SECONDS + HEAD_SECONDS + 20


def test_a_client_that_sends_too_much_can_read_why(server: Server) -> None:
    """Megabytes that nobody reads: the answer comes before the connection ends."""
    with connected(server) as eager:
        eager.sendall(POST.replace(b"1000", b"3000000"))
        with suppress(OSError):
            for _each in range(30):
                eager.sendall(b"A" * 100_000)
        answer = b""
        with suppress(OSError):
            while part := eager.recv(65536):
                answer += part

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in answer


# --- the counting itself --------------------------------------------------------------------------


def guests(cut: list[int], *places: str | None) -> list[Guest]:
    """Guests that say so when they are cut, by their number."""
    return [Guest(place, lambda at=at: cut.append(at)) for at, place in enumerate(places)]  # type: ignore[misc]  # bound now


def test_whoever_is_waited_for_longest_goes() -> None:
    cut: list[int] = []
    crowd = Crowd(3, 3)
    first, second, third, fourth, fifth = guests(cut, "a", "b", "c", "d", "e")
    for each in (first, second, third):
        crowd.enter(each)
    crowd.works_for(first)
    crowd.waits_for(second)

    assert crowd.enter(fourth)
    assert crowd.enter(fifth)
    assert cut == [2, 1]


def test_nobody_goes_for_another_when_all_are_being_answered() -> None:
    cut: list[int] = []
    crowd = Crowd(1, 1)
    first, second = guests(cut, "a", "a")
    crowd.enter(first)
    crowd.works_for(first)

    assert not crowd.enter(second)
    crowd.leave(first)
    crowd.leave(first)
    assert crowd.enter(second)
    assert cut == []


def test_a_proxy_is_not_limited_as_one_address_is() -> None:
    cut: list[int] = []
    crowd = Crowd(10, 1)

    assert all(crowd.enter(each) for each in guests(cut, None, None, "a", None))
    assert cut == []
