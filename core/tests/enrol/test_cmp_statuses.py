"""Every status and every failure that OpenSSL's mock server can be told to give."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.certificates.asn1 import node
from lockwright.enrol.ca import cmp
from lockwright.enrol.ca.cmp_answers import Denied, answer_in
from lockwright.enrol.ca.cmp_der import integer
from lockwright.enrol.ca.cmp_reading import KUP, Message
from lockwright.enrol.trust import der
from lockwright.errors import CaAnswerBroken, CaBroke, CaError, CaFailed, CaLoginRefused
from lockwright.models import CaAnswer, CaOrder, Issued, Refused
from lockwright.pkcs11.der import SEQUENCE, encode
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.pki import TestCa

Serve = Callable[..., CmpServer]
ORDERS = ("p10cr", "ir", "cr", "kur")
SAID = "so it is"
WAITING, UPDATED = 3, 6
LOGIN = {1, 23}
FOR_NOW = {3, 14, 21, 24, 25, 26}
"""Bits of PKIFailureInfo (RFC 9810, appendix F) that blame who asks, and those that blame the
moment or say that the CA issued before."""


class Person:
    """Somebody who orders a first certificate or renews one, in memory."""

    def __init__(
        self, serve: Serve, ca: TestCa, order: CaOrder, key: ec.EllipticCurvePrivateKey
    ) -> None:
        self.serve, self.ca, self.order = serve, ca, order
        self.keys = Keys(key, key)
        self.old = ca.issue(key.public_key())

    def asks(self, how: str, *options: str, password: str = PASSWORD) -> CaAnswer:
        """What comes of an order of a kind at a server with options of its own."""
        with self.serve(*options, issued=self.old) as server:
            if how == "kur":
                renewal = CaOrder(self.order.request, renews=der(self.old))
                return cmp.lockwright_ca_renew(server.profile(self.ca), renewal, self.keys)
            its = server.profile(self.ca, request=how)
            return cmp.lockwright_ca_enrol(its, self.order, Secret(password), self.keys)


@pytest.fixture
def person(serve: Serve, ca: TestCa, order: CaOrder, key: ec.EllipticCurvePrivateKey) -> Person:
    return Person(serve, ca, order, key)


@pytest.mark.parametrize("how", ORDERS)
@pytest.mark.parametrize("status", [0, 1, 4, 5, 6])
def test_a_certificate_that_comes_along_is_kept_whatever_it_is_said_with(
    person: Person, status: int, how: str
) -> None:
    """4 to 6 warn of a revocation, or say that it was renewed before: there is a certificate."""
    answer = person.asks(how, "-pkistatus", f"{status}", "-statusstring", SAID)
    assert isinstance(answer, Issued)
    assert answer.certificate == der(person.old)


@pytest.mark.parametrize("how", ORDERS)
def test_a_wait_that_nobody_remembers_ends_in_no_final_refusal(person: Person, how: str) -> None:
    """The server says *waiting* and, asked again, knows of no order: it may have issued."""
    answer = person.asks(how, "-pkistatus", f"{WAITING}")
    assert isinstance(answer, Refused)
    assert not answer.final


def test_a_certificate_that_was_renewed_before_and_is_not_there_refuses_the_moment() -> None:
    status = encode(SEQUENCE, integer(UPDATED))
    response = encode(SEQUENCE, encode(SEQUENCE, integer(0), status))
    body = node(encode(SEQUENCE, response))
    said = Message(KUP, body, b"", None, None, b"", b"", b"", frozenset(), ())
    assert answer_in(said) == Denied("nothing more", login=False, for_now="keyUpdateWarning")


@pytest.mark.parametrize("bit", range(27))
def test_every_failure_blames_who_asks_or_the_moment_or_the_order(person: Person, bit: int) -> None:
    options = ("-pkistatus", "2", "-failure", f"{bit}", "-statusstring", SAID)
    if bit in LOGIN:
        with pytest.raises(CaLoginRefused) as caught:
            person.asks("p10cr", *options)
        assert caught.value.facts["reason"] == SAID
    elif bit in FOR_NOW:
        with pytest.raises(CaFailed) as failed:
            person.asks("p10cr", *options)
        assert failed.value.facts["reason"] == SAID
    else:
        assert person.asks("p10cr", *options) == Refused(SAID)


@pytest.mark.parametrize("how", ORDERS)
def test_several_failures_refuse_the_moment_if_one_of_them_does(person: Person, how: str) -> None:
    bits = f"{1 << 2 | 1 << 24}"  # badRequest, systemUnavail
    with pytest.raises(CaFailed) as caught:
        person.asks(how, "-pkistatus", "2", "-failurebits", bits)
    assert caught.value.facts["status"] == "systemUnavail"


@pytest.mark.parametrize("how", ORDERS)
@pytest.mark.parametrize("status", [(), ("-pkistatus", "2")], ids=["granted", "refused"])
def test_an_error_in_place_of_an_answer_is_a_refusal(
    person: Person, status: tuple[str, ...], how: str
) -> None:
    assert person.asks(how, "-send_error", *status) == Refused("error processing message")


@pytest.mark.parametrize("how", ORDERS)
def test_a_refusal_in_russian_is_shown(person: Person, how: str) -> None:
    text = "Нет такого человека"
    answer = person.asks(how, "-pkistatus", "2", "-statusstring", text)
    assert answer == Refused(text)


@pytest.mark.parametrize("how", ORDERS)
def test_an_answer_that_nothing_protects_is_not_taken(person: Person, how: str) -> None:
    with pytest.raises(CaAnswerBroken) as caught:
        person.asks(how, "-send_unprotected")
    assert caught.value.facts["reason"] == "it is not protected"


@pytest.mark.parametrize("how", ORDERS)
def test_an_unprotected_refusal_is_that_of_a_login_or_nobodys(person: Person, how: str) -> None:
    """Where a password protects, the CA may not know it; where the old key does, it knows that."""
    error: type[CaError] = CaAnswerBroken if how == "kur" else CaLoginRefused
    with pytest.raises(error):
        person.asks(how, "-pkistatus", "2", "-send_unprot_err")


@pytest.mark.parametrize("how", ["p10cr", "ir", "cr"])
def test_a_server_that_takes_any_protection_is_not_believed_without_the_right_one(
    person: Person, how: str
) -> None:
    with pytest.raises(CaAnswerBroken) as caught:
        person.asks(how, "-accept_unprotected", password="wrong")
    assert "does not match the one-time password" in str(caught.value)


@pytest.mark.parametrize("how", ["p10cr", "ir", "cr"])
def test_a_server_that_names_the_password_otherwise_is_known_by_the_password(
    person: Person, how: str
) -> None:
    """OpenSSL looks at no ``senderKID``; that of its answer is its own."""
    assert isinstance(person.asks(how, "-srv_ref", "somebody"), Issued)


@pytest.mark.parametrize("how", ORDERS)
def test_a_server_that_is_gone_before_the_confirmation_has_refused_nothing(
    person: Person, how: str
) -> None:
    with pytest.raises(CaBroke):
        person.asks(how, "-max_msgs", "1")
