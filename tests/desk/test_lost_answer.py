"""The desk has issued, and the client never saw it: the very same certificate comes again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_customer import DeskCustomer
from desk_home import Server
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa

PATIENCE = 60.0
SLOWLY = "if ($http_authorization) {{ set $limit_rate 1; }} proxy_pass {url};"
"""Of the answer to an order one byte a second comes through, of all others everything."""


@pytest.fixture
def slow_line(desk: Server, tmp_path: Path) -> Iterator[Nginx]:
    """A proxy before the desk over which an answer to an order takes half an hour."""
    folder, place = tmp_path / "nginx", SLOWLY.format(url=desk.url)
    folder.mkdir()
    ca = TestCa.root("CN=Proxy CA")
    with Nginx(folder, ca, desk.home.ca, demands="optional", place=place) as running:
        yield running


def killed(customer: DeskCustomer, line: Nginx, login: str, otp: str) -> dict[str, Any]:
    """Kill the program when the desk has issued and the answer is under way; what was issued."""
    customer.goes_to(line.url, trust=line.ca)
    with customer.begin("client", login, otp) as process:
        end = time.monotonic() + PATIENCE
        while not (issued := customer.certificates(login)):
            assert process.poll() is None, line.log()
            assert time.monotonic() < end
        process.kill()
    (entry,) = customer.unfinished()
    (certificate,) = issued
    assert entry["step"] == "sending"
    assert customer.containers()[0]["certificates"] == []
    customer.goes_to(customer.desk.url)
    return certificate


def test_the_same_certificate_comes_again_after_a_kill(
    customer: DeskCustomer, slow_line: Nginx
) -> None:
    otp = customer.desk.home.otp("killed", name="killed")
    issued = killed(customer, slow_line, "killed", otp)

    ended = customer.resume(otp)

    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    (written,) = container["certificates"]
    assert container["state"] == "complete"
    assert written["serial"] == issued["serial"].lstrip("0")
    assert [each["serial"] for each in customer.certificates("killed")] == [issued["serial"]]
    assert customer.unfinished() == []


def test_another_key_is_refused_after_a_kill(customer: DeskCustomer, slow_line: Nginx) -> None:
    otp = customer.desk.home.otp("swapped", name="swapped")
    issued = killed(customer, slow_line, "swapped", otp)

    assert customer.abandon().code == 0
    ended = customer.enrol("client", "swapped", otp)

    assert (ended.code, ended.error["code"]) == (16, "ca-refused")
    assert "was already used for another key" in ended.error["message"]
    assert customer.certificates("swapped") == [issued]
    assert (customer.containers(), customer.unfinished()) == ([], [])
