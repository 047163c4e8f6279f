"""A token is enrolled at ``openssl cmp``, a CMP server that is none of our own code.

OpenSSL's mock server gives a certificate that was made beforehand, so the key must be there first:
the CA is out of order when it is first asked, and is gone on with when it works.
"""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from lockwright_testkit.cmp_server import CmpServer, KeepingCmpServer
from lockwright_testkit.customer import Customer
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.softhsm import SoftHSM

LOGIN, OTP = "anna", "Maple-Drum-77"
Serve = Callable[..., CmpServer]
WAITS = 17


@pytest.fixture
def ca() -> TestCa:
    return TestCa.root()


@pytest.fixture
def customer(softhsm: SoftHSM, ca: TestCa, tmp_path: Path) -> Customer:
    """A customer whose key and request wait for the CA."""
    softhsm.add_token("Anna Petrova")
    made = Customer(tmp_path)
    (tmp_path / "ca.pem").write_bytes(pem(ca.certificate))
    with EstServer(ca, {}) as broken:
        broken.script("", Reply(503), Reply(503))  # to the question for its certificates, too
        goes_to(made, f"{broken.url}/")
        ended = made.enrol("bank", LOGIN, OTP)
    assert ended.error["code"] == "ca-failed", ended.out
    return made


@pytest.fixture
def serve(ca: TestCa, customer: Customer, tmp_path: Path) -> Serve:
    """Starts OpenSSL's server with the certificate for that request, and options of its own."""

    def work(
        *options: str, issuer: TestCa | None = None, kind: type[CmpServer] = CmpServer
    ) -> CmpServer:
        folder = tmp_path / f"cmp-{len([*tmp_path.glob('cmp-*')])}"
        folder.mkdir()
        (file,) = (tmp_path / "state/lockwright/enrolments").glob("*.json")
        request = x509.load_der_x509_csr(b64decode(json.loads(file.read_text())["request"]))
        issued = (issuer or ca).issue(request.public_key(), request.subject.rfc4514_string())
        return kind(folder, ca, pem(issued), login=LOGIN, password=OTP, options=options)

    return work


def goes_to(customer: Customer, url: str, **further: str | int) -> None:
    """Have the program look for the CA at an address, with settings of its own."""
    settings = {
        "kind": "cmp",
        "url": url,
        "trust": [str(customer.program.home / "ca.pem")],
        "subject": "CN={login},O=Bank",
        "key_type": "ec:p256",
        **further,
    }
    customer.configure({"bank": settings})


@pytest.mark.parametrize(
    ("options", "requests"),
    [((), 2), (("-poll_count", "2", "-check_after", "1"), 4)],
    ids=["at once", "polled twice"],
)
def test_the_right_secret_ends_with_a_certificate(
    customer: Customer, serve: Serve, options: tuple[str, ...], requests: int
) -> None:
    with serve(*options) as server:
        goes_to(customer, server.url)
        ended = customer.resume(OTP)

    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    assert container["state"] == "complete"
    assert container["certificates"][0]["subject"] == "CN=anna,O=Bank"
    assert server.requests() >= requests  # newer releases keep the confirmation waiting, too


@pytest.mark.parametrize("further", [{"request": "ir"}, {"mac": "pbm-sha1", "iterations": 1024}])
def test_a_ca_that_wants_its_own_way_is_asked_in_it(
    customer: Customer, serve: Serve, further: dict[str, str | int]
) -> None:
    with serve() as server:
        goes_to(customer, server.url, **further)
        ended = customer.resume(OTP)

    assert ended.code == 0, ended.out
    assert customer.containers()[0]["state"] == "complete"


def test_a_certificate_of_the_third_tier_comes_with_those_between(
    customer: Customer, serve: Serve, ca: TestCa, tmp_path: Path
) -> None:
    between = ca.intermediate("CN=Between")
    issuer = between.intermediate("CN=Issuer")
    (tmp_path / "between.pem").write_bytes(pem(between.certificate, issuer.certificate))
    with serve("-rsp_extracerts", f"{tmp_path}/between.pem", issuer=issuer) as server:
        goes_to(customer, server.url)
        ended = customer.resume(OTP)

    assert ended.code == 0, ended.out
    assert customer.containers()[0]["certificates"][0]["issuer"] == "CN=Issuer"


def test_a_certificate_of_the_third_tier_waits_for_those_between(
    customer: Customer, serve: Serve, ca: TestCa, tmp_path: Path
) -> None:
    """The CA sends nothing of them; they are trusted later, and nobody is asked again."""
    issuer = ca.intermediate("CN=Between").intermediate("CN=Issuer")
    with serve(issuer=issuer) as server:
        goes_to(customer, server.url)
        waits = customer.resume(OTP)
    (tmp_path / "ca.pem").write_bytes(pem(issuer.certificate))
    goes_to(customer, "https://localhost:1/")
    ended = customer.resume(OTP)

    assert waits.error["code"] == "certificate-untrusted", waits.out
    assert ended.code == 0, ended.out


def test_a_server_that_is_gone_before_the_confirmation_costs_no_certificate(
    customer: Customer, serve: Serve
) -> None:
    """The next one knows of no such transaction; what was issued is taken, and no other ordered."""
    with serve("-max_msgs", "1") as server:
        goes_to(customer, server.url)
        broken = customer.resume(OTP)
    with serve("-verbosity", "7") as server:
        goes_to(customer, server.url)
        ended = customer.resume(OTP)

    assert broken.error["code"] == "ca-broke", broken.out
    assert ended.code == 0, ended.out
    assert server.said("CERTCONF")
    assert not server.said("P10CR")


def test_a_polled_order_survives_a_restart_of_the_client(customer: Customer, serve: Serve) -> None:
    """Each command is a process of its own, with a connection of its own."""
    with serve("-poll_count", "3", "-check_after", "2", kind=KeepingCmpServer) as server:
        goes_to(customer, server.url)
        ended = [customer.resume(OTP, "--wait", "0")]
        while ended[-1].code == WAITS and len(ended) < 20:
            time.sleep(1)
            ended.append(customer.resume(OTP, "--wait", "0"))

    assert ended[-1].code == 0, ended[-1].out
    assert len(ended) > 1
    assert server.connections >= 3
    assert customer.containers()[0]["state"] == "complete"


def test_a_wrong_secret_at_resume_costs_no_key(customer: Customer, serve: Serve) -> None:
    with serve() as server:
        goes_to(customer, server.url)
        ended = customer.resume("wrong")

    assert (ended.code, ended.error["code"]) == (16, "ca-login-refused")
    assert "key pair is kept" in ended.error["cost"]
    assert customer.unfinished()[0]["step"] == "sending"
    assert customer.abandon().code == 0
    assert (customer.containers(), customer.unfinished()) == ([], [])


def test_a_wrong_secret_at_first_leaves_nothing_on_the_token(
    softhsm: SoftHSM, ca: TestCa, tmp_path: Path
) -> None:
    softhsm.add_token("Anna Petrova")
    made = Customer(tmp_path)
    (tmp_path / "ca.pem").write_bytes(pem(ca.certificate))
    issued = pem(ca.issue(ca.key.public_key()))
    with CmpServer(tmp_path, ca, issued, login=LOGIN, password=OTP) as server:
        goes_to(made, server.url)
        ended = made.enrol("bank", LOGIN, "wrong")
    assert ended.error["code"] == "ca-login-refused"
    assert (made.containers(), made.unfinished()) == ([], [])


def test_a_long_wait_is_left_for_later_and_can_be_undone(customer: Customer, serve: Serve) -> None:
    with serve("-poll_count", "2", "-check_after", "3600") as server:
        goes_to(customer, server.url)
        waits = customer.resume(OTP)

    assert (waits.code, waits.error["code"]) == (17, "enrolment-waits")
    assert customer.unfinished()[0]["step"] == "waiting"
    assert customer.abandon().code == 0
    assert (customer.containers(), customer.unfinished()) == ([], [])
