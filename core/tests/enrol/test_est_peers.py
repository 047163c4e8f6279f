"""Enrolment and renewal at EST servers as the field has them, through the runner."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from lockwright.errors import (
    CaAddressUnclear,
    CaConflict,
    CaGatewayFailed,
    CaLoginRefused,
    CaLoginScheme,
    CaRenewalRefused,
    CaWantsBinding,
    LoginUnfit,
    NotSupported,
)
from lockwright.models import Container
from lockwright.operations.enrolment.orders import Asked
from lockwright.pkcs11.der import oid
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, Bank
from lockwright_testkit.csrattrs_answers import (
    EC,
    P256,
    P384,
    RSA,
    attribute,
    ec_key,
    integer,
    sequence,
    template,
)
from lockwright_testkit.est_peers import GatewayBefore, GlobalSignServer, LibestServer, shouting
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim.simulator import USER_PIN


@pytest.fixture
def server(ca: TestCa, request: pytest.FixtureRequest) -> Iterator[EstServer]:
    """The peer that a test names; the plain one otherwise."""
    kind = getattr(request, "param", EstServer)
    with kind(ca, {LOGIN: PASSWORD}) as running:
        yield running


libest = pytest.mark.parametrize("server", [LibestServer], indirect=True)
globalsign = pytest.mark.parametrize("server", [GlobalSignServer], indirect=True)
both = pytest.mark.parametrize("server", [LibestServer, GlobalSignServer], indirect=True)


def containers(bank: Bank) -> list[Container]:
    return list(bank.runner.list(bank.token, Secret(USER_PIN)).containers)


def renew(bank: Bank) -> None:
    bank.server.forget()
    ca = bank.runner.authorities.get("bank")
    bank.runner.enrolments.renew(bank.storage(), ca, Asked(LOGIN, Secret(PASSWORD)))


def wish(bank: Bank, wishes: bytes) -> None:
    bank.server.script("csrattrs", Reply(200, base64.encodebytes(wishes)))


# --- how they answer -----------------------------------------------------------------------------


@both
def test_a_certificate_comes_from_peers_as_they_are(bank: Bank) -> None:
    bank.enrol()
    assert [each.label for each in containers(bank)] == [LOGIN]


@libest
def test_a_nul_behind_the_wishes_stops_nothing_and_is_told(bank: Bank) -> None:
    found = bank.runner.authorities.requirements(bank.runner.authorities.get("bank"))
    assert (found.passed_over, found.key_type) == ("something follows that is not base64", None)


def test_a_media_type_in_capitals_with_parameters_is_the_same(bank: Bank) -> None:
    server = bank.server

    def answer(asked: object) -> Reply | None:
        body = getattr(asked, "body", b"")
        if not body:
            return None
        return shouting(server.certificate_for(LOGIN, base64.b64decode(body)))

    server.instead = answer
    bank.enrol()


# --- how they take a login -----------------------------------------------------------------------


@libest
def test_a_server_of_digest_alone_gets_no_password_and_costs_no_key(bank: Bank) -> None:
    assert isinstance(bank.server, LibestServer)
    bank.server.digest()
    assert bank.fails(CaLoginScheme).facts["schemes"] == "Digest"
    assert not any("authorization" in asked.headers for asked in bank.server.asked)
    bank.nothing_changed()


def test_a_page_of_wishes_that_asks_for_a_login_tells_the_scheme_too(bank: Bank) -> None:
    challenge = {"WWW-Authenticate": 'Digest realm="x"'}
    bank.server.script("csrattrs", Reply(401, headers=challenge))
    bank.fails(CaLoginScheme)
    assert bank.server.questions == []


def test_a_server_that_says_so_only_of_an_order_is_told_apart_from_a_wrong_password(
    bank: Bank,
) -> None:
    bank.server.challenge = ""
    bank.server.script("simpleenroll", Reply(401, headers={"WWW-Authenticate": "Digest realm=x"}))
    bank.fails(CaLoginScheme)
    bank.nothing_changed()
    bank.fails(CaLoginRefused, otp="wrong")


@pytest.mark.parametrize("login", [f"{LOGIN}:{PASSWORD}", "an\x07na"])
def test_a_login_that_basic_cannot_carry_is_refused_before_anything_is_sent(
    bank: Bank, login: str
) -> None:
    error = bank.fails(LoginUnfit, login=login)
    assert PASSWORD not in str(error)
    assert bank.server.asked == []
    bank.nothing_changed()


# --- what they wish ------------------------------------------------------------------------------


@libest
def test_a_wish_for_channel_binding_is_told_as_the_cas(bank: Bank) -> None:
    assert isinstance(bank.server, LibestServer)
    bank.server.bound = True
    assert "token has no part in it" in str(bank.fails(CaWantsBinding))
    bank.nothing_changed()


CHOICE = sequence(attribute(EC, oid(P384), oid(P256)), attribute(RSA, integer(2048)))


@pytest.mark.parametrize(
    ("set_", "asked", "made"),
    [
        (None, {}, "ec:p384"),
        ("ec:p256", {}, "ec:p256"),
        (None, {"key_type": "rsa:2048"}, "rsa:2048"),
    ],
)
def test_of_several_keys_the_one_that_is_set_or_the_first_is_made(
    bank: Bank, set_: str | None, asked: dict[str, str], made: str
) -> None:
    wish(bank, CHOICE)
    bank.configured(key_type=set_)
    bank.enrol(**asked)
    assert [each.key_type for each in containers(bank)] == [made]


def test_a_key_that_is_not_among_several_is_told(bank: Bank) -> None:
    wish(bank, sequence(attribute(EC, oid(P384)), attribute(RSA, integer(2048))))
    facts = bank.fails(CaConflict).facts
    assert (facts["wanted"], facts["asked"]) == ("ec:p384, rsa:2048", "ec:p256")


def test_of_several_keys_that_the_token_cannot_make_all_are_told(bank: Bank) -> None:
    wish(bank, sequence(attribute(RSA, integer(512), integer(768))))
    bank.configured(key_type=None)
    assert "rsa:512, rsa:768" in str(bank.fails(NotSupported))


def test_a_template_is_filled_by_what_a_person_gives(bank: Bank) -> None:
    wish(bank, template("CN=,O=Bank", key=ec_key(P256)))
    bank.configured(subject=None)
    bank.enrol(subject="CN=Anna")
    (container,) = containers(bank)
    assert container.certificates[0].subject == "CN=Anna,O=Bank"


# --- renewals, addresses, gateways ---------------------------------------------------------------


@libest
def test_a_renewal_by_password_goes_to_simplereenroll(bank: Bank) -> None:
    bank.enrol()
    renew(bank)
    assert bank.server.operations()[-1] == "simplereenroll"


@globalsign
def test_a_renewal_that_wants_a_client_certificate_names_the_setting(bank: Bank) -> None:
    bank.enrol()
    before = containers(bank)
    with pytest.raises(CaRenewalRefused, match="client certificate must be provided") as caught:
        renew(bank)
    assert 'ca.bank.renewal = "simpleenroll"' in str(caught.value)
    assert (containers(bank), bank.runner.enrolments.unfinished()) == (before, [])


@globalsign
def test_a_renewal_goes_to_simpleenroll_where_the_ca_is_set_so_and_spends_one_password(
    bank: Bank,
) -> None:
    bank.enrol()
    bank.configured(further={"renewal": "simpleenroll"})
    before = len(bank.server.asked)
    renew(bank)
    sent = [each.operation for each in bank.server.asked[before:] if each.login]
    assert sent == ["simpleenroll"]
    old, new = containers(bank)
    assert old.certificates[0].subject == new.certificates[0].subject


@globalsign
def test_an_address_with_the_profile_in_it_is_taken(bank: Bank) -> None:
    bank.configured(url=f"{bank.server.url}/.well-known/est/staff")
    bank.enrol()
    assert {asked.path.rpartition("/")[0] for asked in bank.server.asked} == {
        "/.well-known/est/staff"
    }


def test_an_address_of_two_profiles_is_told_before_a_key_is_made(bank: Bank) -> None:
    bank.configured(url=f"{bank.server.url}/.well-known/est/staff", label="guests")
    bank.fails(CaAddressUnclear)
    bank.nothing_changed()


@pytest.mark.parametrize("server", [GatewayBefore], indirect=True)
def test_a_page_of_a_gateway_is_told_by_its_name_and_leaves_the_key(bank: Bank) -> None:
    error = bank.fails(CaGatewayFailed)
    assert error.facts == {"ca": "bank", "gateway": "1.1 gate.bank.example", "status": 502}
    (entry,) = bank.runner.enrolments.unfinished()
    assert entry.sent
