"""HTTP as servers and the network really have it, beneath every CA's protocol."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import pytest
from lockwright.enrol.ca.http import Connection, Question, Reply
from lockwright.enrol.ca.tls import unverified
from lockwright.errors import CaAnswerBroken, CaBroke, CaError, CaSilent, CaUnreachable
from lockwright.models import CaProfile

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
GET = Question("GET", "/path")


class Says:
    """A server that says what a test has it say, and notes what it is asked."""

    def __init__(self, *answers: bytes, closes: bool) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answers = list(answers)
        self._closes = closes
        self.asked: list[bytes] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://localhost:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        while self._answers:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with client:
                while self._answers and (asked := client.recv(65536)):
                    self.asked.append(asked)
                    client.sendall(self._answers.pop(0))
                    if self._closes:
                        break

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.end()

    def end(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@contextmanager
def asking(
    *answers: bytes, closes: bool = False, deadline: float = 20
) -> Iterator[tuple[Says, Connection]]:
    with Says(*answers, closes=closes) as server:
        ca = CaProfile("bank", "cmp", server.url, deadline=deadline)
        with Connection(ca, unverified(), schemes=("http",)) as connection:
            yield server, connection


def answered(*answers: bytes) -> Reply:
    with asking(*answers, closes=True) as (_server, connection):
        return connection.ask(GET)


# --- what comes before an answer, and after it ---------------------------------------------------


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_interim_answers_are_passed_over(status: str) -> None:
    interim = f"HTTP/1.1 {status}\r\nLink: </style.css>\r\n\r\n".encode()
    reply = answered(interim * 3 + OK)
    assert (reply.status, reply.body) == (200, b"hi")
    assert "link" not in reply.headers


def test_an_answer_to_another_protocol_is_no_interim_one() -> None:
    assert answered(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n").status == 101


def test_what_stands_behind_an_answer_is_no_part_of_it() -> None:
    assert answered(OK + b"HTTP/1.1 500 No\r\n\r\n").body == b"hi"


def test_an_answer_in_pieces_is_put_together() -> None:
    body = b"1\r\nh\r\n1;x=y\r\ni\r\n0\r\nX: y\r\n\r\n"
    reply = answered(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    assert reply.body == b"hi"


def test_an_answer_that_only_the_end_of_the_connection_ends_is_whole() -> None:
    assert answered(b"HTTP/1.0 200 OK\r\n\r\nhi").body == b"hi"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", CaAnswerBroken),
        (b"HTTP/1.1 two hundred\r\n\r\n", CaAnswerBroken),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhi", CaAnswerBroken),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi", CaBroke),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi", CaBroke),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhi", CaBroke),
        (b"", CaBroke),
    ],
)
def test_what_is_no_whole_answer_is_told(
    answer: bytes, error: type[CaError], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(error):
        answered(answer)
    assert capfd.readouterr() == ("", ""), "no library says anything"


def test_an_odd_header_is_passed_over_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    odd = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno header at all\r\n\r\nhi"
    assert answered(odd).status == 200
    assert capfd.readouterr() == ("", "")


# --- what is sent --------------------------------------------------------------------------------


def test_a_path_of_any_letters_is_sent_as_http_wants_it() -> None:
    with asking(OK, closes=True) as (server, connection):
        connection.ask(Question("GET", "/est/Отдел 1?/%20"))
    assert server.asked[0].startswith(
        b"GET /est/%D0%9E%D1%82%D0%B4%D0%B5%D0%BB%201%3F/%20 HTTP/1.1"
    )


# --- a connection that is kept -------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_connection_is_kept_between_questions(version: str) -> None:
    kept = f"HTTP/{version} 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi"
    with asking(*[kept.encode()] * 3) as (server, connection):
        for _number in range(3):
            assert connection.ask(GET).body == b"hi"
    assert server.connections == 1


def test_a_kept_connection_that_the_server_closed_is_made_again() -> None:
    with asking(OK, OK, closes=True) as (server, connection):
        for _number in range(2):
            assert connection.ask(GET).body == b"hi"
    assert server.connections == 2


def test_a_server_that_is_gone_after_a_question_is_not_said_to_have_got_none() -> None:
    """What went out before may have been an order."""
    with asking(OK, closes=True) as (server, connection):
        connection.ask(GET)
        server.end()
        with pytest.raises(CaBroke):
            connection.ask(GET)


@pytest.mark.parametrize("before", [False, True], ids=["asked", "connected"])
def test_a_first_question_is_not_sent_again(*, before: bool) -> None:
    with asking(b"", OK, closes=True) as (server, connection):
        if before:
            connection.connect()
        with pytest.raises(CaBroke):
            connection.ask(GET)
    assert len(server.asked) == 1


# --- the deadline --------------------------------------------------------------------------------


def test_a_body_that_the_deadline_cut_off_is_no_whole_answer() -> None:
    endless = asking(b"HTTP/1.0 200 OK\r\n\r\nhi", OK, deadline=0.3)
    with endless as (_server, connection), pytest.raises(CaSilent):
        connection.ask(GET)


def test_a_name_that_nobody_looks_up_is_left_at_the_deadline(tmp_path: Path) -> None:
    """In a network of its own, whose name server hears and does not answer."""
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:20\n")
    (tmp_path / "ask.py").write_text(
        "import socket, time\n"
        "from lockwright.enrol.ca.http import Connection, Question\n"
        "from lockwright.enrol.ca.tls import unverified\n"
        "from lockwright.models import CaProfile\n"
        "mute = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "mute.bind(('127.0.0.1', 53))\n"
        "ca = CaProfile('bank', 'est', 'https://ca.bank.example', deadline=0.5)\n"
        "begun = time.monotonic()\n"
        "try:\n"
        "    Connection(ca, unverified()).ask(Question('GET', '/'))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, time.monotonic() - begun < 15)\n"
        "mute.setblocking(False)\n"
        "print(b'example' in mute.recv(512))\n"
    )
    alone = ["unshare", "--map-root-user", "--net", "--mount"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network of one's own is to be had here")
    script = "ip link set lo up && mount --bind resolv.conf /etc/resolv.conf && exec $0 ask.py"
    done = subprocess.run(
        [*alone, "sh", "-ec", script, sys.executable],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["CaSilent", "True", "True"], done.stderr


def test_a_name_that_is_none_is_told() -> None:
    ca = CaProfile("bank", "est", f"https://{'a' * 70}.example")
    with Connection(ca, unverified()) as connection, pytest.raises(CaUnreachable, match="resolved"):
        connection.ask(GET)
