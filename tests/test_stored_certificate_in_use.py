"""A certificate outside a token opens a door: nginx demands one, other programs show it.

From the system's store NSS's own client shows it, as a browser does; from the file curl does. A
browser itself, Chromium, is in ``make sweep ARGS="-k chromium"``.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.soft_customer import KEPT_UNDER, SoftCustomer

ASK = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def customer(tmp_path: Path) -> Iterator[SoftCustomer]:
    with EstServer(TestCa.root("CN=Bank CA"), {}) as server:
        yield SoftCustomer(tmp_path, server)


@pytest.fixture
def door(customer: SoftCustomer, tmp_path: Path) -> Iterator[Nginx]:
    """A server that demands a certificate of the bank's CA."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    (tmp_path / "clients.pem").write_bytes(pem(customer.server.ca.certificate))
    with Nginx(folder, TestCa.root("CN=Web CA"), tmp_path / "clients.pem") as running:
        yield running


def from_store(customer: SoftCustomer, door: Nginx, *options: str) -> str:
    """What NSS's own client gets with what is in the database."""
    request = customer.database.with_name("request")
    request.write_bytes(ASK)
    nss = ("-d", f"sql:{customer.database}", "-h", "127.0.0.1", "-a", "localhost")
    done = subprocess.run(
        ["tstclnt", *nss, "-p", str(door.port), "-A", request, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.stdout.decode()


def from_file(customer: SoftCustomer, door: Nginx, *options: str) -> str:
    """What curl gets with what is in the file."""
    config = customer.program.secret("curl.conf", f'cert = "anna.p12:{KEPT_UNDER}"\n')
    done = subprocess.run(
        ["curl", "-sS", "--cacert", door.ca, *options, door.url],
        cwd=config.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("key_type", ["rsa:2048", "ec:p256"])
def test_nss_shows_the_certificate_in_the_store(
    customer: SoftCustomer, door: Nginx, key_type: str
) -> None:
    assert customer.enrol("anna", "--storage", "system", "--key-type", key_type).code == 0
    customer.trusts(door.ca)
    assert "\nCN=anna,O=Bank\n" in from_store(customer, door, "-n", "anna")


def test_of_an_enrolment_that_was_undone_nss_has_nothing_to_show(
    customer: SoftCustomer, door: Nginx
) -> None:
    customer.is_left_waiting("anna", "--storage", "system")
    assert customer.program.run("enroll", "--abandon", environment=customer.home).code == 0
    customer.trusts(door.ca)
    assert "No required SSL certificate was sent" in from_store(customer, door)


def test_curl_shows_the_certificate_in_the_file(customer: SoftCustomer, door: Nginx) -> None:
    assert customer.enrol("anna", "--storage", "file", "--out", "anna.p12").code == 0
    given = ("--config", "curl.conf", "--cert-type", "P12")
    assert from_file(customer, door, *given) == "CN=anna,O=Bank\n"
    assert "No required SSL certificate was sent" in from_file(customer, door)
