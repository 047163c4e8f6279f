"""The server as such: slow clients, its end, and what its log says of trouble."""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import socket
import ssl
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from desk_client import Client, basic, connected, new_key, new_login, request
from desk_home import Home, Server
from lockwright_desk.http import body
from lockwright_desk.http.refusals import BodyTooLarge, BodyTooSlow


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "SECONDS", 0.05)

    async def never() -> AsyncIterator[bytes]:
        yield b"part"
        await asyncio.sleep(60)

    with pytest.raises(BodyTooSlow):
        asyncio.run(body.read_body(never(), None, 100))


def test_a_body_without_an_announced_length_is_cut_all_the_same() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 10

    with pytest.raises(BodyTooLarge):
        asyncio.run(body.read_body(endless(), None, 100))


def test_a_client_that_goes_away_harms_nobody(server: Server) -> None:
    for _each in range(5):
        with connected(server) as leaving:
            leaving.sendall(
                b"POST /.well-known/est/client/simpleenroll HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/pkcs10\r\nContent-Length: 1000\r\n\r\nhalf"
            )

    assert Client(server).get("/.well-known/est/cacerts").status == 200


def test_what_is_under_way_is_finished_at_the_end(fresh: Home) -> None:
    fresh.init()
    logins = [new_login() for _each in range(6)]
    passwords = {login: fresh.otp(login) for login in logins}
    with ThreadPoolExecutor(6) as threads:
        with fresh.serving() as server:
            client = Client(server)
            pending = [
                threads.submit(
                    client.enroll, request(new_key(), ""), login=login, password=passwords[login]
                )
                for login in logins
            ]
            pending[0].result()
        answered = [each.result().status for each in pending if not each.exception()]

    listed = fresh.run("otp", "list", "--json").document["passwords"]
    assert set(answered) == {200}
    assert len([each for each in listed if each["state"] == "used"]) == len(answered)


def test_ctrl_c_ends_the_server_without_an_error(fresh: Home) -> None:
    fresh.init()
    with fresh.serving() as server:
        server.process.send_signal(signal.SIGINT)
        code = server.process.wait(60)
    server.reader.join()

    assert code == 0
    assert [line for line in server.log if "Error" in line] == []


def test_a_client_that_asks_first_which_login_is_wanted_is_no_trouble(fresh: Home) -> None:
    fresh.init()
    with fresh.serving("--json-log") as server:
        asks = Client(server).enroll(request(new_key(), ""))
        guesses = Client(server).enroll(request(new_key(), ""), login="anna", password="wrong")
    server.reader.join()

    assert (asks.status, guesses.status) == (401, 401)
    assert [json.loads(line)["code"] for line in server.log] == ["credentials-wrong"]


def test_the_log_can_be_json_and_holds_no_persons_data(fresh: Home) -> None:
    """The table is gone, which nobody foresees: the client is told nothing of it."""
    fresh.init()
    login = new_login()
    password = fresh.otp(login)
    with fresh.serving("--json-log") as server:
        client = Client(server)
        client.get("/nowhere")
        from sqlalchemy import create_engine  # noqa: PLC0415  # only to break things

        engine = create_engine(fresh.settings.database)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE requests")
        engine.dispose()
        reply = client.enroll(request(new_key(), ""), login=login, password=password)
        log = server.log

    lines = [json.loads(line) for line in log]
    assert (reply.status, reply.text) == (
        500,
        "The server failed; repeat the same request later.\n",
    )
    assert [line["event"] for line in lines] == [
        "refused",
        "failed",
        "Exception in ASGI application",
    ]
    assert "no such table: requests" in lines[2]["exception"]
    assert not [line for line in log if login in line or password in line]


def test_a_request_in_plain_http_gets_no_answer(server: Server) -> None:
    body = base64.b64encode(request(new_key(), ""))
    with socket.create_connection(("localhost", server.port), timeout=30) as plain:
        plain.sendall(
            b"POST /.well-known/est/client/simpleenroll HTTP/1.1\r\nHost: localhost\r\n"
            + f"Authorization: {basic('a', 'b')}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        answer = plain.recv(100)

    assert not answer.startswith(b"HTTP/1.1 2")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_of_tls_are_spoken(server: Server, version: ssl.TLSVersion) -> None:
    context = ssl.create_default_context(cafile=str(server.home.ca))
    context.minimum_version = context.maximum_version = version
    raw = socket.create_connection(("localhost", server.port), timeout=30)
    with context.wrap_socket(raw, server_hostname="localhost") as spoken:
        assert spoken.version() == version.name.replace("_", ".")
