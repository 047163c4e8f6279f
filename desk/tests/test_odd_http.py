"""HTTP that no client speaks by mistake: nothing of it is believed twice, none of it is a fault."""

from __future__ import annotations

import base64
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from desk_client import Client, basic, connected, new_key, request
from desk_home import Home, Server

AGAIN = b"GET /.well-known/est/csrattrs HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = (
    b"POST /.well-known/est/client/simpleenroll HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/pkcs10\r\n"
)
GET_LIST = b"GET /crl HTTP/1.1\r\nHost: localhost\r\n"


def answers(server: Server, said: bytes) -> list[bytes]:
    """The first lines of all that a server answers, until it closes."""
    with connected(server) as client:
        client.sendall(said)
        heard = b""
        with suppress(OSError):
            while part := client.recv(65536):
                heard += part
    return re.findall(rb"HTTP/1\.1 \d{3} [^\r]*", heard)


LENGTHS = [
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    b"Content-Length: 5\r\nContent-Length: 6\r\n",
    b"Content-Length: +5\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Transfer-Encoding:\x0bchunked\r\n",
    b"Content-Length : 5\r\n",
]
NO_HTTP = [
    POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcdeXX",
    POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 70_000,
    POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n:::\r\n\r\n",
    GET_LIST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    GET_LIST + b"Authorization: " + b"a" * 1_000_000 + b"\r\n\r\n",
    b"GET /a\x1b[31m HTTP/1.1\r\n\r\n",
]


def test_no_second_request_is_read_where_the_end_of_the_first_is_doubtful(server: Server) -> None:
    says = [POST + lengths + b"\r\n0\r\n\r\n" + AGAIN for lengths in LENGTHS]

    with ThreadPoolExecutor(len(says)) as threads:
        told = list(threads.map(lambda said: answers(server, said), says))

    refused = ([b"HTTP/1.1 400 Bad Request"], [b"HTTP/1.1 401 Unauthorized"])
    assert not [each for each in told if each not in refused]


def test_what_is_no_http_is_refused_once_and_the_log_says_who_it_was(server: Server) -> None:
    before = len(server.log)

    with ThreadPoolExecutor(len(NO_HTTP)) as threads:
        told = list(threads.map(lambda said: answers(server, said), NO_HTTP))

    assert told == [[b"HTTP/1.1 400 Bad Request"]] * len(NO_HTTP)
    lines = server.lines(before, len(NO_HTTP))
    assert not [line for line in lines if "Traceback" in line or "Exception" in line]
    assert sum("no HTTP" in line and "address=127.0.0.1" in line for line in lines) == len(NO_HTTP)


def test_a_line_end_behind_the_last_request_costs_no_answer(server: Server) -> None:
    """libest sends one that it does not count; here it comes while the password is being judged."""
    body = base64.b64encode(request(new_key(), ""))
    said = f"Connection: close\r\nAuthorization: {basic('anna', 'x' * 24)}\r\n"
    with connected(server) as client:
        client.sendall(POST + f"{said}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        time.sleep(0.02)
        client.sendall(b"\r\n")
        heard = client.recv(65536)

    assert heard.startswith(b"HTTP/1.1 401 ")


def test_a_client_that_wants_another_protocol_gets_http(server: Server) -> None:
    before = len(server.log)
    wish = b"Connection: close, upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"

    assert answers(server, GET_LIST + wish) == [b"HTTP/1.1 200 OK"]
    assert server.log[before:] == []


def test_a_path_in_the_log_cannot_act_on_a_terminal_or_look_like_other_facts(
    server: Server, client: Client
) -> None:
    before = len(server.log)

    client.get("/a%1b[31m%e2%80%ae%00%0d%0aevil%20code=none%20address=192.0.2.9/" + "x" * 5000)

    (line,) = server.lines(before)
    assert "/a%1b[31m%e2%80%ae%00%0d%0aevil%20code=none%20address=192.0.2.9/x" in line
    assert len(line) < 500


def test_nobody_is_sent_to_a_host_of_the_clients_choice(server: Server) -> None:
    said = b"GET /crl/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"

    assert answers(server, said) == [b"HTTP/1.1 404 Not Found"]


def test_a_wrong_method_is_told_with_the_right_one(client: Client) -> None:
    reply = client.send("DELETE", "/crl", b"", {})

    assert reply.status == 405
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_every_line_of_the_log_is_json_where_that_was_asked_for(fresh: Home) -> None:
    fresh.init()
    with fresh.serving("--json-log") as server:
        answers(server, GET_LIST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
        log = server.log

    lines = [json.loads(line) for line in log]
    assert [line["event"] for line in lines] == ["no HTTP"]
