"""The CMP client against OpenSSL's mock server, over TLS."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.ca import cmp
from lockwright.enrol.trust import der
from lockwright.errors import CaLoginRefused, CaNotSecure, CaServerUntrusted
from lockwright.models import CaOrder, CaProfile, Issued, Pending, Refused
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.pki import TestCa

Serve = Callable[..., CmpServer]


@pytest.mark.parametrize("options", [(), ("-grant_implicitconf",)])
def test_a_certificate_comes_for_login_and_password(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys, options: tuple[str, ...]
) -> None:
    with serve(*options) as server:
        answer = cmp.lockwright_ca_enrol(server.profile(ca), order, Secret(PASSWORD), keys)
    assert isinstance(answer, Issued)
    assert server.requests() == (1 if options else 2)
    assert server.connections == 1


def test_a_wrong_password_is_told(serve: Serve, ca: TestCa, order: CaOrder, keys: Keys) -> None:
    with serve() as server, pytest.raises(CaLoginRefused):
        cmp.lockwright_ca_enrol(server.profile(ca), order, Secret("wrong"), keys)


def test_a_short_wait_is_waited_out(serve: Serve, ca: TestCa, order: CaOrder, keys: Keys) -> None:
    with serve("-poll_count", "2", "-check_after", "1") as server:
        answer = cmp.lockwright_ca_enrol(server.profile(ca), order, Secret(PASSWORD), keys)
    assert server.requests() >= 4  # asked, two polls, confirmed; newer releases keep that waiting
    assert server.connections == 1
    assert isinstance(answer, Issued)


def test_a_long_wait_is_pending(serve: Serve, ca: TestCa, order: CaOrder, keys: Keys) -> None:
    with serve("-poll_count", "2", "-check_after", "3600") as server:
        answer = cmp.lockwright_ca_enrol(server.profile(ca), order, Secret(PASSWORD), keys)
    assert isinstance(answer, Pending)
    assert PASSWORD not in answer.handle


def test_a_refusal_shows_what_the_server_says(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys
) -> None:
    said = ("-pkistatus", "2", "-failure", "2", "-statusstring", "no such person")
    with serve(*said) as server:
        answer = cmp.lockwright_ca_enrol(server.profile(ca), order, Secret(PASSWORD), keys)
    assert answer == Refused("no such person")


def test_a_renewal_is_signed_by_the_old_key(
    serve: Serve, ca: TestCa, order: CaOrder, key: ec.EllipticCurvePrivateKey
) -> None:
    """The mock server gives again what it wants to be the old certificate, so its key stays."""
    old = ca.issue(key.public_key())
    renewal = CaOrder(order.request, renews=der(old))
    with serve(issued=old) as server:
        answer = cmp.lockwright_ca_renew(server.profile(ca), renewal, Keys(key, key))
    assert isinstance(answer, Issued)
    assert answer.certificate == der(old)


def test_the_server_must_be_trusted(serve: Serve, order: CaOrder, keys: Keys) -> None:
    stranger = TestCa.root("CN=Stranger")
    with serve() as server, pytest.raises(CaServerUntrusted):
        cmp.lockwright_ca_enrol(server.profile(stranger), order, Secret(PASSWORD), keys)


def test_plain_http_is_refused_unless_it_is_set(order: CaOrder, keys: Keys, ca: TestCa) -> None:
    plain = CaProfile("bank", "cmp", "http://localhost:1/pkix", anchors=(der(ca.certificate),))
    with pytest.raises(CaNotSecure):
        cmp.lockwright_ca_enrol(plain, order, Secret(PASSWORD), keys)
