"""Profiles that want a person's approval: 202, the same request again, and what was decided."""

from __future__ import annotations

from typing import Any

from desk_client import Client, Reply, new_key, new_login, request
from desk_home import Home

CHECKED = "checked"


def ask(client: Client, csr: bytes, login: str, password: str) -> Reply:
    return client.enroll(csr, login=login, password=password, profile=CHECKED)


def waiting(home: Home, login: str) -> Any:
    """The request of a login, as the command lists it."""
    listed = home.run("requests", "list", "--json").document["requests"]
    (found,) = [each for each in listed if each["login"] == login]
    return found


def test_an_approved_request_gets_its_certificate_when_it_is_repeated(
    home: Home, client: Client
) -> None:
    csr, login = request(new_key(), ""), new_login()
    password = home.otp(login, CHECKED, name="Anna")

    first, second = ask(client, csr, login, password), ask(client, csr, login, password)
    number = waiting(home, login)["id"]
    done = home.run("requests", "approve", str(number))
    third, fourth = ask(client, csr, login, password), ask(client, csr, login, password)

    assert (first.status, first.headers["retry-after"]) == (202, "7")
    assert first.text.startswith("The request waits for approval")
    assert second.status == 202
    assert done.out == f"The request {number} of {login} is approved.\n"
    assert third.certificate.subject.rfc4514_string() == "CN=Anna,O=Bank,C=RU"
    assert fourth.certificate == third.certificate


def test_another_key_cannot_take_the_place_of_the_one_that_waits(
    home: Home, client: Client
) -> None:
    login = new_login()
    password = home.otp(login, CHECKED)
    ask(client, request(new_key(), ""), login, password)

    reply = ask(client, request(new_key(), ""), login, password)

    assert reply.status == 403
    assert reply.text.startswith("The one-time password was already used for another key")


def test_a_refused_request_is_told_why_and_never_asks_again(home: Home, client: Client) -> None:
    csr, login = request(new_key(), ""), new_login()
    password = home.otp(login, CHECKED)
    ask(client, csr, login, password)
    number = str(waiting(home, login)["id"])

    home.run("requests", "refuse", number, "--reason", "No such employee.")
    reply = ask(client, csr, login, password)
    late = home.run("requests", "approve", number)

    assert (reply.status, reply.text) == (
        403,
        "The bank refused the request: No such employee.\n",
    )
    assert late.code == 30
    assert f"The request {number} does not wait for a decision any more" in late.err


def test_a_reason_is_one_line_whatever_is_in_it(home: Home, client: Client) -> None:
    csr, login = request(new_key(), ""), new_login()
    password = home.otp(login, CHECKED)
    ask(client, csr, login, password)
    number = str(waiting(home, login)["id"])

    refused = home.run("requests", "refuse", number, "--reason", "No\n\x1b[31m\u202ebody")

    assert refused.code == 0, refused.err
    told = ask(client, csr, login, password).text
    assert told == "The bank refused the request: No\ufffd\ufffd[31m\ufffdbody.\n"


def test_a_request_waits_through_a_restart(fresh: Home) -> None:
    fresh.init()
    csr, login = request(new_key(), ""), new_login()
    password = fresh.otp(login, CHECKED)

    with fresh.serving() as server:
        assert ask(Client(server), csr, login, password).status == 202
    fresh.run("requests", "approve", "1")
    with fresh.serving() as server:
        reply = ask(Client(server), csr, login, password)

    assert reply.status == 200


def test_a_request_that_is_not_there_is_said_to_be_so(home: Home) -> None:
    ended = home.run("requests", "approve", "999999")

    assert ended.code == 30
    assert "There is no request with the number 999999." in ended.err
