"""A CA behind a proxy that the environment names: a real one, and some that are none."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lockwright.enrol.ca import cmp, est
from lockwright.enrol.ca.http import Connection, Question
from lockwright.enrol.ca.tls import unverified, verifying
from lockwright.enrol.trust import der
from lockwright.errors import CaProxy, CaServerUntrusted, CaUnreachable
from lockwright.models import CaOrder, CaProfile, Issued
from lockwright.secret import Secret
from lockwright_testkit import cmp_peer
from lockwright_testkit.bank import Bank
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.leaks import with_locals
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.pki import TestCa, pem, server_context
from lockwright_testkit.tinyproxy import Tinyproxy, environment

UNFIT = "\N{CYRILLIC SMALL LETTER BE}" * 70 + ".example"
"""No name of a host: its first label would be too long."""
LOGIN, PASSWORD = "office", "Wren-Lock-38"
Behind = Callable[[str], None]


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts this program behind a proxy by its address."""

    def named(address: str, *but: str) -> None:
        for name, value in environment(address, but).items():
            monkeypatch.setenv(name, value)

    return named


@pytest.fixture
def proxy(tmp_path: Path, server: EstServer) -> Iterator[Tinyproxy]:
    """It opens the server's port alone."""
    folder = tmp_path / "proxy"
    folder.mkdir()
    with Tinyproxy(folder, server.port, (LOGIN, PASSWORD)) as running:
        yield running


def knowing(proxy: Tinyproxy) -> str:
    """Its address with the login and the password in it, as they must be written there."""
    return f"http://{LOGIN}:{PASSWORD.replace('/', '%2F')}@127.0.0.1:{proxy.port}"


def enrol(profile: CaProfile, order: CaOrder, password: Secret) -> object:
    return est.lockwright_ca_enrol(profile, order, password)


def refused(profile: CaProfile, order: CaOrder, password: Secret, words: str) -> CaProxy:
    """The proxy gives no connection, and no password is anywhere in what is told of it."""
    with pytest.raises(CaProxy, match=words) as caught:
        enrol(profile, order, password)
    told = with_locals(caught.value)
    pair = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
    assert not any(form in told for form in (PASSWORD, "Wren%2D", pair, password.reveal_text()))
    return caught.value


# --- a real one ----------------------------------------------------------------------------------


def test_an_order_goes_through_the_proxy_that_is_set(
    behind: Behind, proxy: Tinyproxy, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    behind(knowing(proxy))
    assert isinstance(enrol(profile, order, password), Issued)
    assert f"CONNECT localhost:{proxy._opened}" in proxy.said()


def test_cmp_goes_through_it_too_and_keeps_its_connection(
    tmp_path: Path,
    behind: Behind,
    serve: Callable[..., CmpServer],
    ca: TestCa,
    order: CaOrder,
    password: Secret,
    keys: Keys,
) -> None:
    with serve() as server:
        its = server.profile(ca)
        with Tinyproxy(tmp_path, urlsplit(its.url).port or 0) as proxy:
            behind(proxy.address)
            assert isinstance(cmp.lockwright_ca_enrol(its, order, password, keys), Issued)
            assert "CONNECT localhost" in proxy.said()
        assert (server.requests(), server.connections) == (2, 1), "order and confirmation"


@contextmanager
def within_tls(ca: TestCa, port: int) -> Iterator[str]:
    """The address of a proxy behind TLS of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        context = server_context(ca, "localhost")

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _address = listener.accept()
                    with (
                        suppress(ssl.SSLError),
                        context.wrap_socket(client, server_side=True) as inside,
                        socket.create_connection(("127.0.0.1", port)) as peer,
                    ):
                        cmp_peer.join(inside, peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def test_a_proxy_may_speak_tls_itself_if_the_system_trusts_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    behind: Behind,
    proxy: Tinyproxy,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
) -> None:
    web = TestCa.root("CN=Web CA")
    (tmp_path / "web.pem").write_bytes(pem(web.certificate))
    with within_tls(web, proxy.port) as address:
        behind(address.replace("//", f"//{LOGIN}:{PASSWORD}@"))
        refused(profile, order, password, "no trusted CA issued its certificate")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "web.pem"))
        assert isinstance(enrol(profile, order, password), Issued)
        behind(address)
        refused(profile, order, password, "wants a login and a password")


def test_a_proxy_that_wants_a_login_is_told_as_that(
    behind: Behind,
    proxy: Tinyproxy,
    server: EstServer,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
) -> None:
    behind(proxy.address)
    error = refused(profile, order, password, "wants a login and a password")
    assert error.facts["proxy"] == f"127.0.0.1:{proxy.port}"
    behind(knowing(proxy).replace("Wren", "Robin"))
    refused(profile, order, password, "wants a login and a password")
    assert server.asked == []


def test_a_port_that_the_proxy_does_not_open_is_told_as_that(
    behind: Behind, proxy: Tinyproxy, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    behind(knowing(proxy))
    other = replace(profile, url="https://localhost:1")
    refused(other, order, password, r"does not allow that address or port \(status 403\)")


def test_a_ca_that_the_proxy_cannot_reach_is_told_as_that(
    tmp_path: Path, behind: Behind, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with Tinyproxy(tmp_path, port) as proxy:
        behind(proxy.address)
        its = replace(profile, url=f"https://localhost:{port}")
        refused(its, order, password, r"cannot reach that address \(status 500\)")


def test_what_no_proxy_names_is_reached_without_one(
    behind: Callable[..., None], profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    behind("http://127.0.0.1:1", "localhost")
    assert isinstance(enrol(profile, order, password), Issued)


def test_a_server_behind_it_that_is_not_trusted_gets_no_password(
    behind: Behind, proxy: Tinyproxy, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    behind(knowing(proxy))
    stranger = TestCa.root("CN=Stranger").certificate
    with pytest.raises(CaServerUntrusted):
        enrol(replace(profile, anchors=(der(stranger),)), order, password)


def test_without_tls_the_proxy_passes_messages_on_and_its_refusal_is_told(
    behind: Behind, proxy: Tinyproxy, profile: CaProfile
) -> None:
    with plain(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as port:
        its = replace(profile, url=f"http://localhost:{port}/")
        behind(knowing(proxy))
        with Connection(its, verifying(its), schemes=("http",)) as connection:
            assert connection.ask(Question("GET", "/path")).body == b"hi"
        behind(proxy.address)
        with (
            Connection(its, verifying(its), schemes=("http",)) as connection,
            pytest.raises(CaProxy, match="wants a login"),
        ):
            connection.ask(Question("GET", "/path"))


def test_an_enrolment_behind_a_proxy_that_refuses_can_be_taken_back(
    bank: Bank, behind: Behind, proxy: Tinyproxy
) -> None:
    """It is known that no order went out."""
    behind(proxy.address)
    error = bank.fails(CaProxy)
    assert bank.server.asked == []
    assert "nothing on the token was changed" in str(error)


# --- what is no proxy ----------------------------------------------------------------------------


@contextmanager
def plain(answer: bytes) -> Iterator[int]:
    """The port of a server that says the same to every request."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _address = listener.accept()
                except OSError:
                    return
                with client, suppress(OSError):
                    asked = b""
                    while b"\r\n\r\n" not in asked:
                        asked += client.recv(65536)
                    client.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP"),
        (b"", "closed the connection"),
        (b"HTTP/1.1 418 I'm a teapot\r\n\r\n", "answered with the status 418"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "cannot reach that address"),
    ],
)
def test_a_proxy_that_answers_oddly_is_told(
    behind: Behind,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
    answer: bytes,
    words: str,
) -> None:
    with plain(answer) as port:
        behind(f"http://{LOGIN}:{PASSWORD.replace('/', '%2F')}@127.0.0.1:{port}")
        refused(profile, order, password, words)


def test_a_proxy_that_says_nothing_is_left_at_the_deadline(
    behind: Behind, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        behind(f"http://127.0.0.1:{mute.getsockname()[1]}")
        refused(replace(profile, deadline=0.3), order, password, "did not answer in time")


def test_a_proxy_that_drips_is_left_at_the_deadline(
    behind: Behind, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    """Each byte comes in time, and the last one never."""

    def drip() -> None:
        with suppress(OSError):
            client, _address = listener.accept()
            with client:
                client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while True:
                    client.sendall(b"x")
                    time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        behind(f"http://127.0.0.1:{listener.getsockname()[1]}")
        refused(replace(profile, deadline=0.3), order, password, "did not answer in time")
        thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("address", "shown", "words"),
    [
        ("http://127.0.0.1:1", "127.0.0.1:1", "refused"),
        ("http://nowhere.invalid:3128", "nowhere.invalid:3128", "cannot be resolved"),
        ("nowhere.invalid", "nowhere.invalid:80", "cannot be resolved"),
        (f"http://{UNFIT}:3128", f"{UNFIT}:3128", "cannot be resolved"),
        (f"https://{UNFIT}:3128", f"{UNFIT}:3128", "cannot be resolved"),
        ("socks5://office:Wren@127.0.0.1:1080", "127.0.0.1:1080", '"socks5", and only http'),
        ("http://office:Wren@[broken", "?", "cannot be read"),
        ("http://", "?", "cannot be read"),
        ("http://127.0.0.1:port", "?", "cannot be read"),
    ],
)
def test_a_proxy_that_is_not_there_or_of_another_kind_is_told(
    behind: Behind,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
    address: str,
    shown: str,
    words: str,
) -> None:
    behind(address)
    assert refused(profile, order, password, words).facts["proxy"] == shown


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_name_that_is_none_is_told_behind_a_proxy_too(
    behind: Behind, proxy: Tinyproxy, scheme: str
) -> None:
    behind(knowing(proxy))
    ca = CaProfile("bank", "cmp", f"{scheme}://{UNFIT}/")
    with (
        Connection(ca, unverified(), schemes=(scheme,)) as connection,
        pytest.raises(CaUnreachable, match="resolved"),
    ):
        connection.ask(Question("GET", "/"))
