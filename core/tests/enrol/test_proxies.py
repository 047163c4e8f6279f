"""A proxy between this computer and a CA, and what it says in the CA's place."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from lockwright.enrol.ca import est
from lockwright.errors import CaGatewayFailed, CaProxyRefused
from lockwright.models import CaOrder, CaProfile, CaRequirements
from lockwright.secret import Secret
from lockwright_testkit.bank import Bank
from lockwright_testkit.est_server import EstServer, Reply

PAGE = b"<html>Access denied by policy</html>"


@contextmanager
def proxy(answer: bytes) -> Iterator[str]:
    """A forward proxy that gives one answer to every CONNECT; its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n", "it wants a login of its own (407)"),
        (b"HTTP/1.1 403 Forbidden\r\n", "it does not allow that (403)"),
        (b"HTTP/1.1 502 Bad Gateway\r\n", "it cannot reach the CA's server (502)"),
        (b"HTTP/1.1 418 I'm a teapot\r\n", "its status is 418"),
    ],
)
def test_a_proxy_that_does_not_connect_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, profile: CaProfile, answer: bytes, reason: str
) -> None:
    with proxy(answer + b"Content-Length: 0\r\n\r\n") as there:
        monkeypatch.setenv("HTTPS_PROXY", f"http://anna:secret@{there}")
        with pytest.raises(CaProxyRefused) as caught:
            est.lockwright_ca_requirements(profile)
    assert caught.value.facts == {"ca": "bank", "proxy": there, "reason": reason}
    assert "secret" not in str(caught.value)


def test_a_proxy_that_is_not_there_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, profile: CaProfile
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        there = f"127.0.0.1:{gone.getsockname()[1]}"
    monkeypatch.setenv("HTTPS_PROXY", there)
    with pytest.raises(CaProxyRefused, match="refused") as caught:
        est.lockwright_ca_requirements(profile)
    assert caught.value.facts["proxy"] == there


def test_a_ca_that_no_proxy_is_set_for_is_asked_itself(
    monkeypatch: pytest.MonkeyPatch, profile: CaProfile
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert est.lockwright_ca_requirements(profile) == CaRequirements()


def test_a_proxy_refusal_costs_no_order(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") as there:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{there}")
        bank.fails(CaProxyRefused)
    bank.nothing_changed()


@pytest.mark.parametrize(
    ("status", "headers", "gateway"),
    [
        (407, {"Content-Type": "text/plain"}, "it does not say its name"),
        (504, {"Content-Type": "text/html", "Server": "nginx"}, "nginx"),
        (403, {"Content-Type": "text/html", "Via": "1.1 gate (squid)"}, "1.1 gate (squid)"),
        (503, {"Content-Type": "text/html", "Proxy-Status": "cdn; error=x"}, "cdn; error=x"),
    ],
)
def test_what_answers_in_the_place_of_the_ca_is_told_by_its_name(
    server: EstServer,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
    status: int,
    headers: dict[str, str],
    gateway: str,
) -> None:
    server.instead = lambda _asked: Reply(status, PAGE, headers)
    with pytest.raises(CaGatewayFailed) as caught:
        est.lockwright_ca_enrol(profile, order, password)
    assert caught.value.facts == {"ca": "bank", "gateway": gateway, "status": status}
