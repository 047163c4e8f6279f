"""The EST client against a real server over TLS, as a bank's own clients meet it."""

from __future__ import annotations

import base64
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.ca import est
from lockwright.enrol.request import public_key_of
from lockwright.enrol.trust import der, spki
from lockwright.errors import (
    CaAnswerBroken,
    CaBroke,
    CaConflict,
    CaFailed,
    CaLoginRefused,
    CaNameMismatch,
    CaNotSecure,
    CaServerUntrusted,
    CaSilent,
    CaUnreachable,
    NotSupported,
)
from lockwright.models import CaOrder, CaProfile, CaRequirements, Issued, Pending, Refused
from lockwright.secret import Secret
from lockwright_testkit.est import PKCS7, EstServer, Reply, certs_only
from lockwright_testkit.pki import TestCa
from lockwright_testkit.wishes import P384, RFC_7030_EXAMPLE, ec_key, template

TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def changed(profile: CaProfile, **what: object) -> CaProfile:
    from dataclasses import replace  # noqa: PLC0415  # its types are in the way

    return replace(profile, **what)  # type: ignore[arg-type]  # each test names a real field


def enrol(profile: CaProfile, order: CaOrder, password: Secret) -> object:
    return est.lockwright_ca_enrol(profile, order, password)


def sent_password(server: EstServer) -> bool:
    return any("authorization" in asked.headers for asked in server.asked)


def test_a_certificate_comes_for_login_and_password(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    answer = enrol(profile, order, password)
    assert isinstance(answer, Issued)
    issued = x509.load_der_x509_certificate(answer.certificate)
    assert spki(issued) == public_key_of(order.request)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/.well-known/est/simpleenroll")
    assert asked.headers["content-type"] == "application/pkcs10"
    assert asked.headers["content-transfer-encoding"] == "base64"
    assert asked.body == base64.encodebytes(order.request)


@pytest.mark.parametrize(
    ("url", "label", "path"),
    [
        ("", "staff", "/.well-known/est/staff/csrattrs"),
        ("/", "", "/.well-known/est/csrattrs"),
        ("/.well-known/est/", "", "/.well-known/est/csrattrs"),
        ("/ca7/.well-known/est", "staff", "/ca7/.well-known/est/staff/csrattrs"),
        ("/ca7", "", "/ca7/.well-known/est/csrattrs"),
    ],
)
def test_a_label_and_a_path_name_the_profile(
    server: EstServer, profile: CaProfile, url: str, label: str, path: str
) -> None:
    est.lockwright_ca_requirements(changed(profile, url=server.url + url, label=label))
    assert server.asked[0].path == path


def test_the_password_is_sent_in_the_order_alone(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    est.lockwright_ca_requirements(profile)
    est.lockwright_ca_certificates(profile)
    assert not sent_password(server)
    enrol(profile, order, password)
    assert [a.operation for a in server.asked if "authorization" in a.headers] == ["simpleenroll"]


def test_a_renewal_goes_to_simplereenroll(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    renewal = CaOrder(order.request, order.login, renews=b"the old one")
    assert isinstance(est.lockwright_ca_renew(profile, renewal, password), Issued)
    assert isinstance(est.lockwright_ca_poll(profile, renewal, password), Issued)
    assert server.operations() == ["simplereenroll"] * 2


# --- an answer that takes its time ---------------------------------------------------------------


@pytest.mark.parametrize("form", ["seconds", "date", "none", "rubbish", "past", "aeons"])
def test_pending_says_when_to_ask_again(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, form: str
) -> None:
    now = datetime.now(UTC)
    told, expected = {
        "seconds": ("90", timedelta(seconds=90)),
        "date": (format_datetime(now + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        "none": (None, timedelta(minutes=1)),
        "rubbish": ("soon", timedelta(minutes=1)),
        "past": (format_datetime(now - timedelta(hours=2), usegmt=True), timedelta()),
        "aeons": ("9" * 40, timedelta(days=30)),
    }[form]
    headers = {**TEXT, **({"Retry-After": told} if told else {})}
    server.script("simpleenroll", Reply(202, b"Waiting for the manager.", headers))
    answer = enrol(profile, order, password)
    assert isinstance(answer, Pending)
    assert answer.text == "Waiting for the manager."
    assert abs(answer.not_before - now - expected) < timedelta(seconds=20)


def test_the_same_request_is_sent_again_after_pending(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    server.script("simpleenroll", Reply(202, headers={"Retry-After": "0"}))
    assert isinstance(enrol(profile, order, password), Pending)
    assert isinstance(est.lockwright_ca_poll(profile, order, password), Issued)
    first, second = server.asked
    assert (first.path, first.body) == (second.path, second.body)


# --- no -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"WWW-Authenticate": "Basic realm=x"}])
def test_a_wrong_password_is_told(
    server: EstServer, profile: CaProfile, order: CaOrder, headers: dict[str, str]
) -> None:
    server.script("simpleenroll", Reply(401, b"expired", headers))
    with pytest.raises(CaLoginRefused) as caught:
        enrol(profile, order, Secret("wrong"))
    assert caught.value.facts["reason"] == "expired"
    with pytest.raises(CaLoginRefused):
        enrol(profile, order, Secret("wrong"))


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_refusal_shows_what_the_server_says(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, status: int
) -> None:
    text = "Такого субъекта\r\nнет\x1b[31m\u202e в профиле\x00 " + "x" * 5000
    server.script("simpleenroll", Reply(status, text.encode(), TEXT))
    answer = enrol(profile, order, password)
    assert isinstance(answer, Refused)
    assert answer.text.startswith("Такого субъекта нет [31m в профиле xxx")
    assert answer.text.isprintable()
    assert len(answer.text) <= 301


def test_a_page_for_a_browser_is_not_shown(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    page = Reply(400, b"<html>trick</html>", {"Content-Type": "text/html"})
    server.script("simpleenroll", page)
    assert enrol(profile, order, password) == Refused("nothing more")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_trouble_of_the_server_is_no_refusal(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, status: int
) -> None:
    server.script("simpleenroll", Reply(status, b"full", TEXT))
    with pytest.raises(CaFailed) as caught:
        enrol(profile, order, password)
    assert caught.value.facts == {"ca": "bank", "status": status, "reason": "full"}


# --- whom the password is given to ---------------------------------------------------------------


def test_a_redirect_is_not_followed(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with EstServer(server.ca, server.logins) as other:
        where = {"Location": f"{other.url}/.well-known/est/simpleenroll"}
        for status in (301, 302, 307, 308):
            server.script("simpleenroll", Reply(status, headers=where))
            with pytest.raises(CaAnswerBroken, match="not followed"):
                enrol(profile, order, password)
        assert other.asked == []


def test_a_server_of_another_ca_gets_no_password(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    stranger = changed(profile, anchors=(der(TestCa.root("CN=Stranger").certificate),))
    with pytest.raises(CaServerUntrusted) as caught:
        enrol(stranger, order, password)
    assert not isinstance(caught.value, CaNameMismatch)
    assert server.asked == []


def test_a_server_of_another_name_gets_no_password(
    ca: TestCa, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with EstServer(ca, {}, names=("elsewhere.example",)) as server:
        with pytest.raises(CaNameMismatch, match="localhost"):
            enrol(changed(profile, url=server.url), order, password)
        assert server.asked == []


def test_the_server_may_have_a_trust_of_its_own(
    ca: TestCa, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    web = TestCa.root("CN=Web CA")
    with EstServer(ca, {order.login or "": password.reveal_text()}, server_ca=web) as server:
        its = changed(profile, url=server.url, server_anchors=(der(web.certificate),))
        assert isinstance(enrol(its, order, password), Issued)
        with pytest.raises(CaServerUntrusted):
            enrol(changed(its, server_anchors=()), order, password)


def test_without_any_trust_nothing_is_asked(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with pytest.raises(CaServerUntrusted):
        enrol(changed(profile, anchors=()), order, password)
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://{}", "ftp://{}", "{}", "https://", "https://user:secret@{}", "https://{}/?a=b"),
        "https://[broken",
    ],
)
def test_an_address_that_is_not_secure_is_refused(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, url: str
) -> None:
    bad = changed(profile, url=url.format(f"localhost:{server.port}"))
    with pytest.raises(CaNotSecure) as caught:
        enrol(bad, order, password)
    assert "secret" not in str(caught.value)
    assert server.asked == []


# --- a CA that is not known yet ------------------------------------------------------------------


def test_the_certificates_of_an_unknown_ca_can_be_had_to_be_confirmed(
    server: EstServer, profile: CaProfile
) -> None:
    unknown = changed(profile, anchors=())
    assert est.lockwright_ca_certificates(unknown) == [der(server.ca.certificate)]


# --- answers that are none -----------------------------------------------------------------------


def as_pkcs7(body: bytes) -> Reply:
    return Reply(200, body, {"Content-Type": PKCS7})


@pytest.mark.parametrize(
    "reply",
    [
        as_pkcs7(b""),
        as_pkcs7(b"certainly no base64!"),
        as_pkcs7(base64.b64encode(b"certainly no CMS")),
        as_pkcs7(base64.b64encode(b"\x30\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x80")),
        Reply(200, certs_only(TestCa.root().certificate).body, {"Content-Type": "text/html"}),
        Reply(200, b"OK"),
        Reply(204),
    ],
)
def test_a_success_without_certificates_is_none(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, reply: Reply
) -> None:
    server.script("simpleenroll", reply)
    with pytest.raises(CaAnswerBroken):
        enrol(profile, order, password)


def test_an_answer_that_is_too_long_is_cut_off(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    server.script("simpleenroll", as_pkcs7(b"A" * (1024 * 1024 + 1)))
    with pytest.raises(CaAnswerBroken, match="too long"):
        enrol(profile, order, password)


def test_headers_without_end_are_no_answer(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    server.script("simpleenroll", Reply(200, headers={f"X-{n}": "x" * 50_000 for n in range(4)}))
    with pytest.raises(CaAnswerBroken, match="no HTTP"):
        enrol(profile, order, password)


def test_a_server_that_closes_midway_is_told(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    whole = certs_only(server.ca.certificate)
    server.script("simpleenroll", Reply(200, whole.body, whole.headers, cut=20))
    with pytest.raises(CaBroke):
        enrol(profile, order, password)


def test_a_server_that_drips_is_cut_off_at_the_deadline(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    server.script("simpleenroll", Reply(200, b"x" * 200, pause=0.1))
    begun = time.monotonic()
    with pytest.raises(CaSilent, match="1 seconds"):
        enrol(changed(profile, deadline=1.0), order, password)
    assert time.monotonic() - begun < 3


def test_a_server_that_says_nothing_is_cut_off_at_the_deadline(
    profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://localhost:{mute.getsockname()[1]}"
        with pytest.raises(CaSilent):
            enrol(changed(profile, url=url, deadline=0.5), order, password)


def test_a_server_that_is_not_there_is_told_with_the_reason(
    profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(CaUnreachable, match="refused"):
        enrol(changed(profile, url=f"https://localhost:{port}"), order, password)


def test_a_name_that_is_not_known_is_told(
    profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    with pytest.raises(CaUnreachable, match=r"nowhere\.invalid"):
        enrol(changed(profile, url="https://nowhere.invalid"), order, password)


# --- certificates as servers wrap them -----------------------------------------------------------


def test_the_leaf_is_found_in_a_chain_in_any_order(
    server: EstServer,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
    key: ec.EllipticCurvePrivateKey,
) -> None:
    sub = server.ca.intermediate()
    leaf = sub.issue(key.public_key())
    for chain in ((sub.certificate, leaf), (leaf, sub.certificate)):
        server.script("simpleenroll", certs_only(*chain))
        assert enrol(profile, order, password) == Issued(der(leaf), (der(sub.certificate),))


# --- what the server wishes ----------------------------------------------------------------------


def wishing(server: EstServer, wishes: bytes) -> None:
    body = base64.encodebytes(wishes)
    server.script("csrattrs", Reply(200, body, {"Content-Type": "application/csrattrs"}))


@pytest.mark.parametrize("reply", [Reply(204), Reply(404), Reply(401), Reply(200)])
def test_no_wishes_are_none(server: EstServer, profile: CaProfile, reply: Reply) -> None:
    server.script("csrattrs", reply)
    assert est.lockwright_ca_requirements(profile) == CaRequirements()


def test_wishes_that_cannot_be_read_are_told(server: EstServer, profile: CaProfile) -> None:
    server.script("csrattrs", Reply(200, b"junk!"))
    with pytest.raises(CaAnswerBroken, match="base64"):
        est.lockwright_ca_requirements(profile)
    wishing(server, b"\x30\x05junk!")
    with pytest.raises(CaAnswerBroken, match="csrattrs"):
        est.lockwright_ca_requirements(profile)


def test_a_server_that_fails_is_told_before_a_key_is_made(
    server: EstServer, profile: CaProfile
) -> None:
    server.script("csrattrs", Reply(500, b"down", TEXT))
    with pytest.raises(CaFailed):
        est.lockwright_ca_requirements(profile)


def test_a_demand_for_channel_binding_is_told(server: EstServer, profile: CaProfile) -> None:
    wishing(server, RFC_7030_EXAMPLE)
    with pytest.raises(NotSupported, match="challengePassword"):
        est.lockwright_ca_requirements(profile)


def test_a_template_dictates_subject_and_key(server: EstServer, profile: CaProfile) -> None:
    wishing(server, template("CN=Anna Petrova,O=Bank", key=ec_key(P384)))
    asked = est.lockwright_ca_requirements(profile)
    assert asked == CaRequirements(key_type="ec:p384", subject="CN=Anna Petrova,O=Bank")


def test_gaps_of_a_template_are_filled_from_the_banks_own_subject(
    server: EstServer, profile: CaProfile
) -> None:
    wishing(server, template("CN=,O=Bank"))
    bank = changed(profile, subject="CN={login},O=Other")
    assert est.lockwright_ca_requirements(bank).subject == "CN={login},O=Bank"
    wishing(server, template("CN=,O=Bank"))
    with pytest.raises(CaConflict, match="subject"):
        est.lockwright_ca_requirements(profile)
