"""The CMP client against OpenSSL's mock server, over TLS."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.ca import cmp
from lockwright.enrol.trust import der
from lockwright.errors import (
    CaAnswerBroken,
    CaFailed,
    CaForgot,
    CaGatewayFailed,
    CaLoginRefused,
    CaNotSecure,
    CaServerUntrusted,
)
from lockwright.models import CaOrder, CaProfile, Issued, Pending, Refused
from lockwright.secret import Secret
from lockwright_testkit.bank import PASSWORD
from lockwright_testkit.cmp_ca import BAD_REQUEST, CmpCa
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.est_server import Asked, EstServer, Reply
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


def test_a_server_that_forgot_a_transaction_is_told_apart_from_a_refusal(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys
) -> None:
    """OpenSSL's server keeps a transaction with its connection, so a new one finds none."""
    with serve("-poll_count", "2", "-check_after", "3600") as server:
        its = server.profile(ca)
        answer = cmp.lockwright_ca_enrol(its, order, Secret(PASSWORD), keys)
        assert isinstance(answer, Pending)
        with pytest.raises(CaForgot):
            cmp.lockwright_ca_poll(its, order, answer, Secret(PASSWORD), keys)
        with pytest.raises(CaLoginRefused):
            cmp.lockwright_ca_poll(its, order, answer, Secret("Mapel-Drum-77"), keys)


@pytest.mark.parametrize(("failure", "name"), [("3", "badTime"), ("24", "systemUnavail")])
def test_a_failure_of_the_moment_is_no_refusal(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys, failure: str, name: str
) -> None:
    with (
        serve("-pkistatus", "2", "-failure", failure) as server,
        pytest.raises(CaFailed) as caught,
    ):
        cmp.lockwright_ca_enrol(server.profile(ca), order, Secret(PASSWORD), keys)
    assert caught.value.facts["status"] == name


def test_an_unprotected_error_counts_for_nothing_where_the_old_key_signs(
    serve: Serve, ca: TestCa, order: CaOrder, key: ec.EllipticCurvePrivateKey
) -> None:
    old = ca.issue(key.public_key())
    renewal = CaOrder(order.request, renews=der(old))
    options = ("-send_error", "-send_unprot_err")
    with serve(*options, issued=old) as server, pytest.raises(CaAnswerBroken):
        cmp.lockwright_ca_renew(server.profile(ca), renewal, Keys(key, key))


def test_a_wait_ends_with_the_patience_of_the_person(
    serve: Serve, ca: TestCa, order: CaOrder, keys: Keys
) -> None:
    hurried = replace(order, patience=2)
    with serve("-poll_count", "1000", "-check_after", "0") as server:
        answer = cmp.lockwright_ca_enrol(server.profile(ca), hurried, Secret(PASSWORD), keys)
        assert isinstance(answer, Pending)
        assert server.requests() <= 4


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


def test_without_tls_an_unprotected_error_is_nobodys_word(
    order: CaOrder, keys: Keys, ca: TestCa, server: EstServer
) -> None:
    """Anybody on the way may say it, so the key must stay."""
    cas = CmpCa(server)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            reply = cas.denied(Asked("POST", self.path, {}, body), BAD_REQUEST, authentic=False)
            self.send_response(200)
            self.send_header("Content-Type", "application/pkixcmp")
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_what: object) -> None:
            """Nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Handler) as plain:
        threading.Thread(target=plain.serve_forever, args=(0.01,), daemon=True).start()
        its = CaProfile(
            "bank",
            "cmp",
            f"http://127.0.0.1:{plain.server_port}/pkix",
            anchors=(der(ca.certificate),),
            settings={"plain_http": True},
        )
        with pytest.raises(CaAnswerBroken):
            cmp.lockwright_ca_enrol(its, order, Secret(PASSWORD), keys)
        plain.shutdown()


@pytest.mark.parametrize("media", ["Application/PKIXCMP", "application/pkixcmp ; charset=x"])
def test_a_media_type_in_capitals_or_with_parameters_is_the_same(
    server: EstServer, order: CaOrder, password: Secret, keys: Keys, media: str
) -> None:
    ca = CmpCa(server)

    def answer(asked: Asked) -> Reply:
        return replace(ca.answer(asked), headers={"Content-Type": media})

    server.instead = answer
    profile = CaProfile("bank", "cmp", server.url, anchors=(der(server.ca.certificate),))
    assert isinstance(cmp.lockwright_ca_enrol(profile, order, password, keys), Issued)


def test_a_page_of_a_gateway_before_a_cmp_server_is_told_by_its_name(
    server: EstServer, order: CaOrder, password: Secret, keys: Keys
) -> None:
    page = {"Content-Type": "text/html", "Via": "1.1 gate"}
    server.instead = lambda _asked: Reply(502, b"<html></html>", page)
    profile = CaProfile("bank", "cmp", server.url, anchors=(der(server.ca.certificate),))
    with pytest.raises(CaGatewayFailed, match=r"\(1\.1 gate\)"):
        cmp.lockwright_ca_enrol(profile, order, password, keys)
