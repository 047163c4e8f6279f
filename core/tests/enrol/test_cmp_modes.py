"""The CMP client against OpenSSL's mock server, in every mode that the server has."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from lockwright.enrol.ca import cmp
from lockwright.enrol.trust import der
from lockwright.errors import CaAnswerBroken, CaLoginRefused
from lockwright.models import CaAnswer, CaOrder, Issued, Pending, Refused
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD
from lockwright_testkit.cmp_server import CmpServer, KeepingCmpServer
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.odd_signatures import Signer, issued_by
from lockwright_testkit.pki import TestCa

Serve = Callable[..., CmpServer]

GRANTED = {
    "as it is": ((), 2),
    "implicit confirmation": (("-grant_implicitconf",), 1),
    "polled": (("-poll_count", "1", "-check_after", "1"), 3),
    "with changes": (("-pkistatus", "1"), 2),
    "unprotected errors": (("-send_unprot_err",), 2),
    "any proof of the key": (("-accept_raverified",), 2),
}
"""Options of the server that end with a certificate, and messages at least."""
REFUSED = {
    "rejection": ("-pkistatus", "2", "-statusstring", "no such person"),
    "an error in place of an answer": ("-send_error", "-pkistatus", "2"),
    "badPOP": ("-pkistatus", "2", "-failure", "9"),
    "badPOP in bits": ("-pkistatus", "2", "-failurebits", "512"),
}


FIRST = ("p10cr", "ir", "cr")
"""How a first certificate is asked for."""
MACS: dict[str, dict[str, str | int]] = {
    "SHA-256": {},
    "SHA-1": {"mac": "pbm-sha1"},
    "SHA-1, few": {"mac": "pbm-sha1", "iterations": 1024},
    "the fewest": {"iterations": 100},
    "the most that it takes": {"iterations": 100_000},
}
NOT_TAKEN: dict[str, dict[str, str | int]] = {
    "more than it takes": {"iterations": 100_001},
    "PBMAC1": {"mac": "pbmac1", "iterations": 100},
}
"""MACs that OpenSSL 3.0 has not; it answers with an error that it protects in its own way."""


def enrol(
    server: CmpServer, ca: TestCa, order: CaOrder, keys: Keys, **settings: str | int
) -> CaAnswer:
    return cmp.lockwright_ca_enrol(server.profile(ca, **settings), order, Secret(PASSWORD), keys)


@pytest.mark.parametrize("request_", FIRST)
@pytest.mark.parametrize(("options", "messages"), GRANTED.values(), ids=GRANTED)
def test_a_certificate_comes_however_it_is_asked_for(
    serve: Serve,
    ca: TestCa,
    order: CaOrder,
    keys: Keys,
    options: tuple[str, ...],
    messages: int,
    request_: str,
) -> None:
    with serve(*options, "-verbosity", "7") as server:
        answer = enrol(server, ca, order, keys, request=request_)
    assert isinstance(answer, Issued)
    assert server.requests() >= messages
    assert server.said(request_.upper())


@pytest.mark.parametrize("request_", FIRST)
@pytest.mark.parametrize(("options", "messages"), GRANTED.values(), ids=GRANTED)
def test_a_trusted_ca_may_sign_the_answer_in_place_of_the_password(
    serve: Serve,
    ca: TestCa,
    order: CaOrder,
    keys: Keys,
    options: tuple[str, ...],
    messages: int,
    request_: str,
) -> None:
    with serve(*options, password=None) as server:
        assert isinstance(enrol(server, ca, order, keys, request=request_), Issued)
    assert server.requests() >= messages


@pytest.mark.parametrize("options", REFUSED.values(), ids=REFUSED)
def test_a_refusal_comes_however_it_is_said(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys, options: tuple[str, ...]
) -> None:
    with serve(*options) as server:
        assert isinstance(enrol(server, ca, order, keys), Refused)


@pytest.mark.parametrize("error", [(), ("-send_error",)])
def test_a_refusal_that_nothing_protects_is_that_of_a_login(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys, error: tuple[str, ...]
) -> None:
    """The CA cannot protect an answer to somebody whom it does not know."""
    options = ("-pkistatus", "2", "-send_unprot_err", *error)
    with serve(*options) as server, pytest.raises(CaLoginRefused):
        enrol(server, ca, order, keys)


@pytest.mark.parametrize("request_", FIRST)
@pytest.mark.parametrize("settings", MACS.values(), ids=MACS)
def test_a_ca_that_wants_its_own_mac_is_asked_with_it(
    serve: Serve,
    ca: TestCa,
    order: CaOrder,
    keys: Keys,
    settings: dict[str, str | int],
    request_: str,
) -> None:
    with serve() as server:
        answer = enrol(server, ca, order, keys, request=request_, **settings)
    assert isinstance(answer, Issued)


@pytest.mark.parametrize("request_", FIRST)
@pytest.mark.parametrize("settings", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_a_mac_that_the_ca_does_not_take_is_told_with_its_word(
    serve: Serve,
    ca: TestCa,
    order: CaOrder,
    keys: Keys,
    settings: dict[str, str | int],
    request_: str,
) -> None:
    with serve() as server:
        answer = enrol(server, ca, order, keys, request=request_, **settings)
    assert isinstance(answer, Refused)
    assert answer.text in {"bad pbm iterationcount", "no suitable sender cert"}


@pytest.mark.parametrize("options", [(), ("-accept_unprotected",)])
def test_a_ca_that_has_no_word_of_its_own_certificates_stops_nothing(
    serve: Serve, ca: TestCa, options: tuple[str, ...]
) -> None:
    """OpenSSL 3.0 answers a genm with an error, or with the question; newer ones may know more."""
    found: Sequence[bytes] = ()
    with serve(*options) as server, suppress(CaAnswerBroken):
        found = cmp.lockwright_ca_certificates(server.profile(ca))
    assert set(found) <= {der(ca.certificate)}


@pytest.mark.parametrize(("options", "messages"), GRANTED.values(), ids=GRANTED)
def test_a_renewal_ends_with_a_certificate(
    serve: Serve,
    ca: TestCa,
    order: CaOrder,
    key: ec.EllipticCurvePrivateKey,
    options: tuple[str, ...],
    messages: int,
) -> None:
    """The mock server gives again what it wants to be the old certificate, so its key stays."""
    old = ca.issue(key.public_key())
    renewal = CaOrder(order.request, renews=der(old))
    with serve(*options, issued=old) as server:
        answer = cmp.lockwright_ca_renew(server.profile(ca), renewal, Keys(key, key))
    assert isinstance(answer, Issued)
    assert server.requests() >= messages


@pytest.mark.parametrize(
    "signer", [ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()]
)
def test_a_certificate_whose_signature_names_no_hash_comes_as_any_other(
    serve: Serve,
    ca: TestCa,
    order: CaOrder,
    keys: Keys,
    key: ec.EllipticCurvePrivateKey,
    signer: Signer,
) -> None:
    """OpenSSL 3.0 cannot read a confirmation that names the hash, so it asks for none."""
    issued = x509.load_der_x509_certificate(issued_by(signer, key))
    with serve("-grant_implicitconf", issued=issued) as server:
        answer = enrol(server, ca, order, keys)
    assert isinstance(answer, Issued)
    assert answer.certificate == der(issued)


def test_a_polled_order_survives_a_restart_of_the_client(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys
) -> None:
    with serve("-poll_count", "3", "-check_after", "2", kind=KeepingCmpServer) as server:
        its, impatient = server.profile(ca), replace(order, patience=1)
        answer = cmp.lockwright_ca_enrol(its, impatient, Secret(PASSWORD), keys)
        polls = 0
        while isinstance(answer, Pending):
            time.sleep(max((answer.not_before - datetime.now(UTC)).total_seconds(), 0))
            answer = cmp.lockwright_ca_poll(its, impatient, answer, Secret(PASSWORD), keys)
            polls += 1
    assert isinstance(answer, Issued)
    assert polls == server.connections - 1 >= 2
