"""A token that does not take the certificate: tried three times, then told whom to call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.customer import Customer
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Ended
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import Simulator

LOGIN, OTP = "anna", "Maple-Drum-77"
MANAGER = "Olga Ivanova, 8 800 555-00-00"
DEVICE_ERROR = "0x30"


@pytest.fixture
def server() -> Iterator[EstServer]:
    with EstServer(TestCa.root(), {LOGIN: OTP}) as running:
        yield running


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("etoken")


@pytest.fixture
def customer(tmp_path: Path, device: Simulator, server: EstServer) -> Customer:
    made = Customer(tmp_path, device.module)
    made.knows(server, {"contact": MANAGER})
    return made


def certificate_of(server: EstServer) -> str:
    issued = server.issued_to(LOGIN)
    assert issued is not None
    return f"{issued.serial_number:x}"


def written(customer: Customer) -> list[str]:
    return [each["serial"] for found in customer.containers() for each in found["certificates"]]


def test_a_write_that_works_the_third_time_is_no_trouble(
    customer: Customer, device: Simulator, server: EstServer
) -> None:
    device.fault(*(f"C_CreateObject@{number}={DEVICE_ERROR}" for number in (1, 2)))
    assert customer.enrol("bank", LOGIN, OTP).code == 0
    assert written(customer) == [certificate_of(server)]


def test_after_three_writes_the_certificate_waits_until_the_token_takes_it(
    customer: Customer, device: Simulator, server: EstServer
) -> None:
    device.zero_counts()
    device.fault(f"C_CreateObject@*={DEVICE_ERROR}")

    ended = customer.enrol("bank", LOGIN, OTP)

    assert (ended.code, ended.error["code"]) == (17, "enrolment-not-written")
    assert (ended.error["facts"]["tries"], device.counts()["C_CreateObject"]) == (3, 3)
    device.clear_faults()
    # The CA is not asked again, so there is no password to give.
    assert customer.run("enroll", "--resume", "--pin-file", "pin").code == 0
    assert server.operations().count("simpleenroll") == 1
    assert written(customer) == [certificate_of(server)]


SAID = {
    "en": (
        "in 3 attempts",
        "The certificate is kept",
        f"Call {MANAGER} and say:",
        '"The certificate {certificate} of the CA bank cannot be written to {token}, ',
        'error token-refused."',
        "Once the cause is gone, continue with: lockwright enroll --resume",
    ),
    "ru": (
        "попыток: 3",
        "Сертификат сохранён",
        f"Обратитесь: {MANAGER} — и скажите:",
        "«Сертификат {certificate} удостоверяющего центра bank не записывается в {token}, ",
        "ошибка token-refused».",
        "Когда причина будет устранена, продолжите: lockwright enroll --resume",
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_a_person_reads_whom_to_call_and_what_to_say(
    customer: Customer, device: Simulator, server: EstServer, language: str
) -> None:
    device.fault(f"C_CreateObject@*={DEVICE_ERROR}")

    ended = as_a_person(customer, device, language)

    token, certificate = device.show()["slot0.serial"], certificate_of(server)
    read = " ".join(ended.err.split())
    for words in SAID[language]:
        assert words.format(token=token, certificate=certificate) in read


def as_a_person(customer: Customer, device: Simulator, language: str) -> Ended:
    customer.program.secret("otp", OTP)
    given = ("--login", LOGIN, "--otp-file", "otp", "--pin-file", "pin")
    module = ("--module", device.module)
    return customer.program.run("--lang", language, "enroll", "--ca", "bank", *given, *module)
