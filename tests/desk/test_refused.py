"""What the desk refuses a customer: one clear error, and neither token nor journal has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_client import new_login
from desk_customer import DeskCustomer
from desk_home import Home, Server
from lockwright_testkit.program import Ended
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import CONF_VARIABLE, SoftHSM

WRONG = "0000-0000-0000-0000-0000"


@pytest.fixture(scope="module")
def first(desk: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[SoftHSM, object]:
    """A token with a certificate on it, and what its owner sees of it."""
    softhsm = SoftHSM(tmp_path_factory.mktemp("first"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CONF_VARIABLE, str(softhsm.conf))
        softhsm.add_token("Anna Petrova")
        customer, login = DeskCustomer(softhsm.conf.parent, desk), new_login()
        otp = desk.home.otp(login, name=login)
        assert customer.enrol("client", login, otp).code == 0
        return softhsm, customer.state()


@pytest.fixture
def customer(
    softhsm: SoftHSM, desk: Server, tmp_path: Path, first: tuple[SoftHSM, object]
) -> Iterator[DeskCustomer]:
    """A customer with a copy of that token, which stays as it is."""
    prepared, before = first
    softhsm.copy_tokens(prepared)
    customer = DeskCustomer(tmp_path, desk)
    yield customer
    assert customer.state() == before


def refused(ended: Ended, name: str, words: str) -> None:
    """It is this error, in one sentence that says so, and it tells that nothing was changed."""
    assert (ended.code, ended.err) == (16, "")
    assert ended.error["code"] == name, ended.out
    assert words in ended.error["message"]
    assert "nothing on the token was changed" in ended.error["cost"]
    assert ended.error["advice"]


def test_a_wrong_one_time_password(customer: DeskCustomer) -> None:
    otp = customer.desk.home.otp("wrong", name="wrong")

    ended = customer.enrol("client", "wrong", WRONG)

    refused(ended, "ca-login-refused", "The login or the one-time password is wrong")
    assert customer.certificates("wrong") == []
    assert otp != WRONG


def test_a_wrong_login(customer: DeskCustomer) -> None:
    otp = customer.desk.home.otp("right-login", name="right-login")

    ended = customer.enrol("client", "wrong-login", otp)

    refused(ended, "ca-login-refused", "The login or the one-time password is wrong")


def test_too_many_wrong_one_time_passwords(customer: DeskCustomer, tmp_path: Path) -> None:
    strict = Home(tmp_path / "strict", extra="[limits]\nlogin_failures = 2\n")
    strict.folder.mkdir()
    assert strict.init().code == 0
    strict.otp("hasty", name="hasty")

    with strict.serving() as desk:
        customer.goes_to(desk.url, trust=desk.ca)
        guesses = [customer.enrol("client", "hasty", WRONG).error["code"] for _each in range(2)]
        ended = customer.enrol("client", "hasty", WRONG)

    assert guesses == ["ca-login-refused"] * 2
    assert (ended.code, ended.error["code"]) == (16, "ca-too-many")
    assert "Too many wrong attempts; try again in " in ended.error["message"]
    assert ended.error["cost"] == "The new key pair is kept; nothing else was changed."
    assert customer.abandon().code == 0


def test_an_expired_one_time_password(customer: DeskCustomer) -> None:
    otp = customer.desk.home.otp("late", name="late", lasts=timedelta(seconds=-1))

    refused(customer.enrol("client", "late", otp), "ca-refused", "password has expired")


def test_a_used_one_time_password(
    customer: DeskCustomer, desk: Server, sim: SimulatorFactory, tmp_path: Path
) -> None:
    otp = desk.home.otp("used", name="used")
    another = tmp_path / "another"
    another.mkdir()
    token = sim("jacarta-pki").module
    assert DeskCustomer(another, desk, token).enrol("client", "used", otp).code == 0

    ended = customer.enrol("client", "used", otp)

    refused(ended, "ca-refused", "was already used for another key")
    assert len(customer.certificates("used")) == 1


def test_a_revoked_one_time_password(customer: DeskCustomer) -> None:
    otp = customer.desk.home.otp("revoked", name="revoked")
    customer.desk.home.run("otp", "revoke", otp[:9])

    refused(customer.enrol("client", "revoked", otp), "ca-refused", "password was revoked")


def test_a_subject_that_breaks_the_profile(customer: DeskCustomer) -> None:
    otp = customer.desk.home.otp("modest", name="modest")

    ended = customer.enrol("client", "modest", otp, "--subject", "CN=Chief,O=Bank,C=RU")

    refused(ended, "ca-conflict", "subject")


def test_a_name_that_is_not_the_persons_own(customer: DeskCustomer) -> None:
    """The program cannot know whose password it is; the desk does."""
    otp = customer.desk.home.otp("own", name="Own Name")

    ended = customer.enrol("client", "own", otp)

    refused(ended, "ca-refused", "asks for another subject than CN=Own Name,O=Bank,C=RU")
    assert customer.certificates("own") == []


def test_a_refusal_is_told_in_the_persons_language(customer: DeskCustomer) -> None:
    otp = customer.desk.home.otp("russian", name="Иван")

    ended = customer.enrol("client", "russian", otp, "--lang", "ru")

    words = "В запросе указан не тот субъект: должен быть CN=Иван,O=Bank,C=RU"
    assert words in ended.error["message"]
    assert "С этим сообщением вам поможет тот, кто выдал вам логин." in ended.error["advice"]
