"""Where the desk is, and what it says to a client that looks for it elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_client import Client
from desk_home import Server
from lockwright_desk.serving.server_names import name_in
from lockwright_testkit.pki import TestCa, pem

EST = "/.well-known/est"
NO_OPERATION = (
    "There is no such operation here; a URL ends in one of:"
    " cacerts, csrattrs, simpleenroll, simplereenroll.\n"
)
NO_PROFILE = "There is no such profile here; there are: client, checked, rsa.\n"


def test_it_says_for_each_profile_where_it_is(server: Server, client: Client) -> None:
    address = f"https://127.0.0.1:{server.port}"
    assert server.urls == [f"{address}{EST}/{name}" for name in ("client", "checked", "rsa")]

    paths = [url.removeprefix(address) for url in server.urls]
    assert {client.get(f"{path}/cacerts").status for path in paths} == {200}


@pytest.mark.parametrize(
    ("host", "names", "shown"),
    [
        ("::", ["*.bank.example", "desk.bank.example", "10.0.0.1"], "desk.bank.example"),
        ("localhost", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["desk.bank.example", "10.0.0.1"], "10.0.0.1"),
        ("10.0.0.2", [], "10.0.0.2"),
    ],
)
def test_the_name_in_its_address_is_one_that_its_certificate_has(
    tmp_path: Path, host: str, names: list[str], shown: str
) -> None:
    file = tmp_path / "server.pem"
    ca = TestCa.root()
    file.write_bytes(pem(ca.server(*names)[0] if names else ca.certificate))

    assert name_in(file, host) == shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"{EST}/clint/cacerts", NO_PROFILE),
        (f"{EST}/client", NO_OPERATION),
        (f"{EST}/client/", NO_OPERATION),
        (f"{EST}/client/fullcmc", NO_OPERATION),
        (EST, NO_OPERATION),
        ("/", "There is no such profile or operation here.\n"),
        ("/.well-known/acme", "There is no such profile or operation here.\n"),
    ],
)
def test_a_client_at_a_wrong_place_is_told_the_right_ones(
    client: Client, path: str, text: str
) -> None:
    reply = client.get(path)

    assert (reply.status, reply.text) == (404, text)


def test_a_slash_behind_an_operation_does_no_harm(client: Client) -> None:
    for path in (f"{EST}/cacerts", f"{EST}/rsa/csrattrs"):
        assert client.get(f"{path}/").body == client.get(path).body
