"""What a CMP CA issued is kept, whatever comes of telling it that the certificate is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.enrol.journal import Step
from lockwright.errors import (
    CERTIFICATE_KEPT,
    CaAnswerBroken,
    CaBroke,
    CaFailed,
    CaLoginRefused,
    LockwrightError,
)
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, Bank
from lockwright_testkit.cmp_ca import (
    BAD_MESSAGE_CHECK,
    BAD_REQUEST,
    PKIXCMP,
    CmpCa,
    granted,
    kind_of,
)
from lockwright_testkit.est_server import Asked, Reply
from lockwright_testkit.sim.simulator import USER_PIN

Said = Callable[[Asked], Reply]


class Once:
    """A CA that issues for a request once, as ordinary ones do, and hears a confirmation oddly."""

    def __init__(self, bank: Bank, *confirmations: Said) -> None:
        self.ca = CmpCa(bank.server)
        self.orders = 0
        self._confirmations = list(confirmations)
        bank.server.instead = self._answer
        bank.configured(kind="cmp", url=f"{bank.server.url}/pkix", further={"iterations": 100})

    def _answer(self, asked: Asked) -> Reply:
        kind = kind_of(asked)
        self.orders += kind == "p10cr"
        if kind == "p10cr" and self.orders > 1:
            return self.ca.denied(asked, BAD_REQUEST)
        if kind == "certConf" and self._confirmations:
            return self._confirmations.pop(0)(asked)
        return self.ca.answer(asked)

    def denies(self, asked: Asked) -> Reply:
        return self.ca.denied(asked, BAD_REQUEST)

    def disbelieves(self, asked: Asked) -> Reply:
        return self.ca.denied(asked, BAD_MESSAGE_CHECK)

    def grants(self, asked: Asked) -> Reply:
        """A certificate again, which is no answer to a confirmation."""
        said = self.ca.read(asked)
        issued = self.ca.transactions[said.transaction]
        return granted(said, self.ca._server.issued[issued.request])


def says(reply: Reply) -> Callable[[Once], Said]:
    return lambda _once: lambda _asked: reply


def resume(bank: Bank, otp: str = PASSWORD) -> None:
    bank.runner.enrolments.resume(bank.storage(), password=Secret(otp))


def enrolled(bank: Bank) -> None:
    """The one certificate that was issued is on the token, and nothing is left to do."""
    assert bank.runner.enrolments.unfinished() == []
    issued = bank.server.issued_to(LOGIN)
    assert issued is not None
    listed = bank.runner.list(bank.token, Secret(USER_PIN))
    values = [bytes(each.object.value or b"") for c in listed.containers for each in c.certificates]
    assert values == [issued.public_bytes(Encoding.DER)]


ODD: dict[str, tuple[Callable[[Once], Said], type[LockwrightError]]] = {
    "broken": (says(Reply(200, b"A" * 100, PKIXCMP, cut=10)), CaBroke),
    "silent": (says(Reply(200, b"A" * 100, PKIXCMP, cut=0)), CaBroke),
    "failed": (says(Reply(500)), CaFailed),
    "a page": (says(Reply(200, b"<html>", {"Content-Type": "text/html"})), CaAnswerBroken),
    "garbage": (says(Reply(200, b"QUJD", PKIXCMP)), CaAnswerBroken),
    "denied": (lambda once: once.denies, CaAnswerBroken),
    "granted again": (lambda once: once.grants, CaAnswerBroken),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_was_issued_is_kept_when_the_confirmation_comes_to_nothing(
    bank: Bank, odd: str
) -> None:
    made, error = ODD[odd]
    once = Once(bank)
    once._confirmations.append(made(once))
    assert bank.fails(error).cost == CERTIFICATE_KEPT
    (entry,) = bank.runner.enrolments.unfinished()
    assert entry.step is Step.WAITING
    resume(bank)
    enrolled(bank)
    assert once.orders == 1, "no second certificate was asked for"


@pytest.mark.parametrize("odd", ["denied", "failed", "a page"])
def test_a_certificate_is_taken_when_its_confirmation_is_refused_once_more(
    bank: Bank, odd: str
) -> None:
    made, error = ODD[odd]
    once = Once(bank)
    once._confirmations += [made(once)] * 2
    bank.fails(error)
    resume(bank)
    enrolled(bank)


def test_a_mistyped_password_at_the_second_confirmation_costs_nothing(bank: Bank) -> None:
    once = Once(bank)
    once._confirmations += [says(Reply(500))(once), once.disbelieves]
    bank.fails(CaFailed)
    with pytest.raises(CaLoginRefused) as caught:
        resume(bank)
    assert caught.value.cost == CERTIFICATE_KEPT
    resume(bank)
    enrolled(bank)


def test_a_certificate_that_was_not_confirmed_can_be_given_up(bank: Bank) -> None:
    once = Once(bank)
    once._confirmations.append(once.denies)
    bank.fails(CaAnswerBroken)
    bank.key_waits(Step.WAITING)
