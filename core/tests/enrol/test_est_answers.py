"""EST answers that are none, that come slowly, or that wish something of the request."""

from __future__ import annotations

import base64
import socket
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.ca import est
from lockwright.enrol.trust import der
from lockwright.errors import (
    CaAnswerBroken,
    CaBroke,
    CaFailed,
    CaSilent,
    CaTooMany,
    CaUnreachable,
    CaWantsBinding,
)
from lockwright.models import CaOrder, CaProfile, CaRequirements, Issued
from lockwright.pkcs11.der import oid
from lockwright.secret import Secret
from lockwright_testkit.csrattrs_answers import (
    EC,
    P256,
    P384,
    RFC_7030_EXAMPLE,
    RSA,
    attribute,
    ec_key,
    integer,
    sequence,
    template,
)
from lockwright_testkit.est_server import PKCS7, EstServer, Reply, certs_only
from lockwright_testkit.pki import TestCa

TEXT = {"Content-Type": "text/plain; charset=utf-8"}
HTML, PAGE = {"Content-Type": "text/html"}, b"<html><body>Please sign in</body></html>"
CSRATTRS = "application/csrattrs"


def changed(profile: CaProfile, **what: object) -> CaProfile:
    from dataclasses import replace  # noqa: PLC0415  # its types are in the way

    return replace(profile, **what)  # type: ignore[arg-type]  # each test names a real field


def enrol(profile: CaProfile, order: CaOrder, password: Secret) -> object:
    return est.lockwright_ca_enrol(profile, order, password)


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


@pytest.mark.parametrize(
    "headers", [{f"X-{n}": "x" for n in range(200)}, {"X": "x" * 70_000}], ids=["many", "long"]
)
def test_headers_without_end_are_no_answer(
    server: EstServer,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
    headers: dict[str, str],
) -> None:
    server.script("simpleenroll", Reply(200, headers=headers))
    with pytest.raises(CaAnswerBroken, match="not HTTP"):
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
    server.script("simpleenroll", Reply(200, b"x" * 200, pause=0.5))
    begun = time.monotonic()
    with pytest.raises(CaSilent, match="within 1 s"):
        enrol(changed(profile, deadline=1.0), order, password)
    assert time.monotonic() - begun < 50


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
    with pytest.raises(CaUnreachable, match=f"localhost:{port}: .*refused"):
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


@pytest.mark.parametrize("media", ["application/x-pkcs7-mime; smime-type=certs-only", None])
def test_certificates_under_an_old_media_type_or_none_are_read(
    server: EstServer,
    profile: CaProfile,
    order: CaOrder,
    password: Secret,
    key: ec.EllipticCurvePrivateKey,
    media: str | None,
) -> None:
    leaf = server.ca.issue(key.public_key())
    headers = {} if media is None else {"Content-Type": media}
    server.script("simpleenroll", Reply(200, certs_only(leaf).body, headers))
    assert enrol(profile, order, password) == Issued(der(leaf))


# --- what the server wishes ----------------------------------------------------------------------


def wishing(server: EstServer, wishes: bytes, after: bytes = b"", media: str = CSRATTRS) -> None:
    body = base64.encodebytes(wishes) + after
    server.script("csrattrs", Reply(200, body, {"Content-Type": media}))


@pytest.mark.parametrize("reply", [Reply(204), Reply(404), Reply(200)])
def test_no_wishes_are_none(server: EstServer, profile: CaProfile, reply: Reply) -> None:
    server.script("csrattrs", reply)
    assert est.lockwright_ca_requirements(profile) == CaRequirements()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(401), "the status is 401"),
        (Reply(403, b"no", TEXT), "the status is 403"),
        (Reply(405), "the status is 405"),
        (Reply(410), "the status is 410"),
        (Reply(500, b"trouble", TEXT), "the status is 500"),
        (Reply(501), "the status is 501"),
        (Reply(302, headers={"Location": "/login"}), "the status is 302"),
        (Reply(200, PAGE, HTML), "it is not base64"),
        (Reply(200, b"\x00"), "it is not base64"),
        (Reply(200, b"junk!"), "its attributes for the request (csrattrs) cannot be read"),
        (Reply(200, b"MII"), "it is not base64"),
    ],
)
def test_a_page_of_wishes_that_cannot_be_read_is_passed_over_with_a_word(
    server: EstServer, profile: CaProfile, reply: Reply, reason: str
) -> None:
    server.script("csrattrs", reply)
    assert est.lockwright_ca_requirements(profile) == CaRequirements(passed_over=reason)


@pytest.mark.parametrize("media", [CSRATTRS, "Application/CSRATTRS; x=y", "text/plain", ""])
@pytest.mark.parametrize("after", [b"\x00", b"\x00\r\n", b"-- end"])
def test_what_can_be_read_before_garbage_is_wished(
    server: EstServer, profile: CaProfile, after: bytes, media: str
) -> None:
    wishing(server, template(key=ec_key(P384)), after, media)
    found = est.lockwright_ca_requirements(profile)
    assert (found.key_type, found.passed_over) == (
        "ec:p384",
        "something follows that is not base64",
    )


def test_what_can_be_read_beside_a_broken_attribute_is_wished(
    server: EstServer, profile: CaProfile
) -> None:
    wishing(server, sequence(attribute(EC, oid(P384)), attribute(RSA, b"\x02")))
    found = est.lockwright_ca_requirements(profile)
    assert (found.key_type, found.passed_over) == (
        "ec:p384",
        "some of its attributes cannot be read",
    )


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_fails_is_told_before_a_key_is_made(
    server: EstServer, profile: CaProfile, status: int
) -> None:
    server.script("csrattrs", Reply(status, b"down", TEXT))
    with pytest.raises((CaFailed, CaTooMany)):
        est.lockwright_ca_requirements(profile)


def test_a_server_that_has_moved_is_told_before_a_key_is_made(
    server: EstServer, profile: CaProfile
) -> None:
    there = {"Location": "https://elsewhere.example/.well-known/est/csrattrs"}
    server.script("csrattrs", Reply(301, headers=there))
    with pytest.raises(CaAnswerBroken, match="not followed"):
        est.lockwright_ca_requirements(profile)


def test_a_demand_for_channel_binding_is_the_cas_wish_and_no_lack_of_the_token(
    server: EstServer, profile: CaProfile
) -> None:
    wishing(server, RFC_7030_EXAMPLE)
    with pytest.raises(CaWantsBinding, match="challengePassword"):
        est.lockwright_ca_requirements(profile)


def test_a_template_dictates_subject_and_key(server: EstServer, profile: CaProfile) -> None:
    wishing(server, template("CN=Anna Petrova,O=Bank", key=ec_key(P384)))
    asked = est.lockwright_ca_requirements(profile)
    assert asked == CaRequirements(key_type="ec:p384", subject="CN=Anna Petrova,O=Bank")


def test_several_keys_are_a_choice_and_an_open_value_is_empty(
    server: EstServer, profile: CaProfile
) -> None:
    wishing(server, sequence(attribute(EC, oid(P384), oid(P256)), attribute(RSA, integer(2048))))
    expected = CaRequirements(key_types=("ec:p384", "ec:p256", "rsa:2048"))
    assert est.lockwright_ca_requirements(profile) == expected
    wishing(server, template("CN=,O=Bank"))
    assert est.lockwright_ca_requirements(profile) == CaRequirements(subject="CN=,O=Bank")
