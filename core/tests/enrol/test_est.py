"""The EST client against a real server over TLS, as a bank's own clients meet it."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography import x509
from lockwright.enrol.ca import est
from lockwright.enrol.request import public_key_of
from lockwright.enrol.trust import der, spki
from lockwright.errors import (
    CaAddressUnclear,
    CaAnswerBroken,
    CaFailed,
    CaLoginRefused,
    CaLoginScheme,
    CaNameMismatch,
    CaNotSecure,
    CaServerUntrusted,
    CaTooMany,
    CaUnreachable,
)
from lockwright.models import CaOrder, CaProfile, CaRequirements, Issued, Pending, Refused
from lockwright.secret import Secret
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa, server_context

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
        ("/.well-known/est/staff", "", "/.well-known/est/staff/csrattrs"),
        ("/.well-known/est/staff/", "staff", "/.well-known/est/staff/csrattrs"),
        ("", "отдел 7", "/.well-known/est/%D0%BE%D1%82%D0%B4%D0%B5%D0%BB%207/csrattrs"),
    ],
)
def test_a_label_and_a_path_name_the_profile(
    server: EstServer, profile: CaProfile, url: str, label: str, path: str
) -> None:
    est.lockwright_ca_requirements(changed(profile, url=server.url + url, label=label))
    assert server.asked[0].path == path


@pytest.mark.parametrize("path", ["/.well-known/est/staff/cacerts", "/.well-known/est/cacerts"])
def test_an_address_of_an_operation_is_told(
    server: EstServer, profile: CaProfile, path: str
) -> None:
    with pytest.raises(CaAddressUnclear, match="not the name of a profile"):
        est.lockwright_ca_requirements(changed(profile, url=server.url + path))


def test_an_address_and_a_label_that_name_two_profiles_are_told(
    server: EstServer, profile: CaProfile
) -> None:
    both = changed(profile, url=f"{server.url}/.well-known/est/staff", label="guests")
    with pytest.raises(CaAddressUnclear, match="profile staff, and the configuration guests"):
        est.lockwright_ca_requirements(both)
    assert server.asked == []


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


@pytest.fixture
def _far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The computer stands where it is ten hours later than at Greenwich."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "Asia/Vladivostok")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_far_east")
@pytest.mark.parametrize("form", ["seconds", "date", "asctime", "none", "rubbish", "past", "aeons"])
def test_pending_says_when_to_ask_again(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, form: str
) -> None:
    now = datetime.now(UTC)
    told, expected = {
        "seconds": ("90", timedelta(seconds=90)),
        "date": (format_datetime(now + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        "asctime": (f"{now + timedelta(hours=2):%a %b %d %H:%M:%S %Y}", timedelta(hours=2)),
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


def test_a_page_for_a_browser_is_not_shown_and_no_word_of_the_ca(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    page = Reply(400, b"<html>trick</html>", {"Content-Type": "text/html"})
    server.script("simpleenroll", page)
    with pytest.raises(CaAnswerBroken) as caught:
        enrol(profile, order, password)
    assert "trick" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 500, 503])
def test_trouble_of_the_server_is_no_refusal(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, status: int
) -> None:
    server.script("simpleenroll", Reply(status, b"full", TEXT))
    with pytest.raises(CaFailed) as caught:
        enrol(profile, order, password)
    assert caught.value.facts == {"ca": "bank", "status": status, "reason": "full"}


def test_too_many_attempts_are_no_refusal(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret
) -> None:
    server.script("simpleenroll", Reply(429, b"try again in 15 minutes", TEXT))
    with pytest.raises(CaTooMany, match="try again in 15 minutes"):
        enrol(profile, order, password)


# --- in which ways a login is taken --------------------------------------------------------------


@pytest.mark.parametrize(
    ("challenge", "schemes"),
    [
        ("Negotiate", "Negotiate"),
        ('Digest realm="x", qop="auth,auth-int", nonce="Basic "', "Digest"),
        ('Bearer realm="a, Basic b", error="x\\", Basic", Digest realm="c"', "Bearer, Digest"),
    ],
)
def test_schemes_without_basic_are_named(
    server: EstServer, profile: CaProfile, challenge: str, schemes: str
) -> None:
    server.challenge = challenge
    with pytest.raises(CaLoginScheme) as caught:
        est.lockwright_ca_requirements(profile)
    assert caught.value.facts["schemes"] == schemes
    (question,) = server.questions
    assert (question.body, question.login) == (b"", None)


@pytest.mark.parametrize(
    "challenge",
    [
        'Digest realm="x", nonce="y", Basic realm="x"',
        'basic realm="x"',
        "Negotiate, BASIC",
        'Basic realm="x"\r\nWWW-Authenticate: Digest realm="x"',
        'Digest realm="x"\r\nWWW-Authenticate: Basic realm="x"',
        "",
    ],
)
def test_basic_beside_other_schemes_will_do(
    server: EstServer, profile: CaProfile, challenge: str
) -> None:
    server.challenge = challenge
    assert est.lockwright_ca_requirements(profile) == CaRequirements()


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


@pytest.mark.parametrize("url", ["http://{}", "ftp://user:secret@{}", "{}", "user:secret@{}"])
def test_an_address_that_is_not_secure_is_refused(
    server: EstServer, profile: CaProfile, order: CaOrder, password: Secret, url: str
) -> None:
    bad = changed(profile, url=url.format(f"localhost:{server.port}"))
    with pytest.raises(CaNotSecure) as caught:
        enrol(bad, order, password)
    assert "secret" not in str(caught.value)
    assert server.asked == []


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://", "https://..."),
        ("https://[broken", "https://[broken"),
        ("https://localhost:99999/", "https://localhost:99999/"),
        ("https://user:secret@localhost/est", "https://localhost/est"),
        ("https://user:se@cret@localhost/est", "https://localhost/est"),
        ("https://user:se#cret@localhost/est", "https://..."),
        ("https://localhost/est?login=user@secret", "https://..."),
        ("https://localhost/est?secret", "https://localhost/est"),
        ("https://localhost/est#secret", "https://localhost/est"),
    ],
)
def test_an_address_with_more_in_it_is_told_without_what_may_be_a_password(
    profile: CaProfile, order: CaOrder, password: Secret, url: str, shown: str
) -> None:
    with pytest.raises(CaAddressUnclear) as caught:
        enrol(changed(profile, url=url), order, password)
    assert caught.value.facts["url"] == shown
    assert "begin with" not in str(caught.value)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_that_wants_a_certificate_of_the_client_is_told(
    ca: TestCa, profile: CaProfile, version: ssl.TLSVersion
) -> None:
    context = server_context(ca, "localhost")
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=refuse_one, args=(listener, context))
        thread.start()
        url = f"https://localhost:{listener.getsockname()[1]}"
        with pytest.raises(CaUnreachable, match="certificate of the client"):
            est.lockwright_ca_requirements(changed(profile, url=url))
        thread.join(20)


def refuse_one(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Say no to a client without a certificate, and leave it the time to hear it."""
    client, _address = listener.accept()
    with client.dup() as kept, suppress(ssl.SSLError):
        try:
            context.wrap_socket(client, server_side=True).close()
        finally:
            while kept.recv(65536):
                pass


# --- a CA that is not known yet ------------------------------------------------------------------


def test_the_certificates_of_an_unknown_ca_can_be_had_to_be_confirmed(
    server: EstServer, profile: CaProfile
) -> None:
    unknown = changed(profile, anchors=())
    assert est.lockwright_ca_certificates(unknown) == [der(server.ca.certificate)]
