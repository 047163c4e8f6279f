"""The provider's word that somebody has signed out there, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from forger import Forger, claims, desk_of, forging, signs_in
from joserfc import jwt
from joserfc.jwk import ECKey
from lockwright_desk.signin.front import SIGNED_OUT
from sign_in_desk import Browser, Reply, SignInDesk

SIGNED_OUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def forger() -> Iterator[Forger]:
    """A provider that says whatever it is told to."""
    with forging() as made:
        yield made


@pytest.fixture
def desk(forger: Forger, tmp_path: Path) -> Iterator[SignInDesk]:
    """A desk that has Anna sign in there."""
    with desk_of(forger, tmp_path) as made:
        yield made


def says_signed_out(desk: SignInDesk, forger: Forger, **change: Any) -> Reply:
    """The provider's word that somebody has signed out there, or what a forger makes of it."""
    said = claims(desk, forger, "") | {"jti": "1", "events": {SIGNED_OUT_EVENT: {}}} | change
    said = {name: value for name, value in said.items() if value not in (None, "")}
    token = jwt.encode({"alg": "ES256", "kid": "1"}, said, forger.key)
    provider = Browser(desk, address="192.0.2.200")
    return provider.send("POST", SIGNED_OUT, urlencode({"logout_token": token}).encode(), FORM)


def test_whoever_signs_out_at_the_bank_is_signed_out_here(desk: SignInDesk, forger: Forger) -> None:
    first, second = signs_in(desk, forger), signs_in(desk, forger)
    other = Browser(desk)
    other.sign_in(desk.enrolled("boris"))

    told = says_signed_out(desk, forger)

    assert (told.status, told.headers["cache-control"]) == (200, "no-store")
    assert (first.seen(), second.seen(), other.seen()) == (None, None, "boris")
    assert desk.audit("desk_bank_sign_out")[0]["facts"] == {"sessions": 2}


def test_nobody_else_signs_people_out(desk: SignInDesk, forger: Forger) -> None:
    browser = signs_in(desk, forger)
    before = int(desk.clock().timestamp()) - 400
    wrong: tuple[dict[str, Any], ...] = (
        {"events": None},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"events": SIGNED_OUT_EVENT},
        {"nonce": "x"},
        {"aud": "another"},
        {"iss": "http://127.0.0.1:1"},
        {"sub": None},
        {"jti": None},
        {"iat": before},
    )
    for change in wrong:
        assert (change, says_signed_out(desk, forger, **change).status) == (change, 400)
    real, forger.key = forger.key, ECKey.generate_key("P-256", {"kid": "1"})
    assert says_signed_out(desk, forger).status == 400
    forger.key = real
    for body in (b"", b"logout_token=x", b"\xff", b"logout_token=" + b"x" * 20000):
        assert Browser(desk).send("POST", SIGNED_OUT, body, FORM).status in {400, 413}

    assert browser.seen() == "anna"


def test_forged_tokens_do_not_have_the_desk_ask_the_provider_each_time(
    desk: SignInDesk, forger: Forger
) -> None:
    signs_in(desk, forger)
    asked, key = forger.asked, ECKey.generate_key("P-256", {"kid": "2"})
    token = jwt.encode({"alg": "ES256", "kid": "2"}, claims(desk, forger, "x"), key)
    body = urlencode({"logout_token": token}).encode()
    for _each in range(3):
        assert Browser(desk).send("POST", SIGNED_OUT, body, FORM).status == 400

    assert forger.asked == asked + 1, "the first may have come with a new key"
    desk.clock.on(minutes=1)
    assert Browser(desk).send("POST", SIGNED_OUT, body, FORM).status == 400
    assert forger.asked == asked + 2
