"""What a provider must say of somebody before the desk believes it; `make oidc` has a real one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forger import CLIENT, Forger, claims, comes_back, desk_of, forging, goes, more
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from lockwright.errors import LockwrightError, SecretFileExposed, SecretFileMissing
from lockwright_desk.errors import DeskConfigurationBroken, DeskNotReady
from sign_in_desk import ROOT, Browser, Clock, SignInDesk
from soft_passkey import base64url

SSO = "https://sso.bank.test"


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


def test_a_token_that_says_all_it_must_signs_in(desk: SignInDesk, forger: Forger) -> None:
    browser = Browser(desk)
    sent = goes(browser)
    forger.token = jwt.encode(
        {"alg": "ES256", "kid": "1"}, claims(desk, forger, sent["nonce"]), forger.key
    )

    assert comes_back(browser, sent["state"]).status == 303
    assert browser.seen() == "anna"


def test_a_token_that_lacks_anything_signs_nobody_in(desk: SignInDesk, forger: Forger) -> None:
    now = int(desk.clock().timestamp())
    wrong: list[dict[str, Any]] = [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"nonce": "forged"},
        {"exp": now - 61},
        {"iat": now + 61},
        {"sub": 7},
        {"sub": ""},
        *({name: None} for name in ("iss", "aud", "sub", "nonce", "exp", "iat")),
    ]
    for number, change in enumerate(wrong):
        browser = Browser(desk, address=f"192.0.2.{number + 1}")
        sent = goes(browser)
        said = claims(desk, forger, sent["nonce"]) | change
        said = {name: value for name, value in said.items() if value is not None}
        forger.token = jwt.encode({"alg": "ES256", "kid": "1"}, said, forger.key)

        assert (change, comes_back(browser, sent["state"]).code) == (change, "oidc-refused")
        assert browser.seen() is None


def test_a_token_that_the_provider_has_not_signed_signs_nobody_in(
    desk: SignInDesk, forger: Forger
) -> None:
    """Nor one without a signature, nor one of a kind that needs no key of the provider's."""
    forged: list[tuple[dict[str, str], ECKey | OctKey | None]] = [
        ({"alg": "ES256", "kid": "1"}, ECKey.generate_key("P-256", {"kid": "1"})),
        ({"alg": "ES256", "kid": "2"}, ECKey.generate_key("P-256", {"kid": "2"})),
        ({"alg": "HS256", "kid": "1"}, OctKey.generate_key(256)),
        ({"alg": "none"}, None),
    ]
    for number, (header, key) in enumerate(forged):
        browser = Browser(desk, address=f"192.0.2.{number + 1}")
        sent = goes(browser)
        said = claims(desk, forger, sent["nonce"])
        if key is None:
            parts = (base64url(json.dumps(each).encode()) for each in (header, said))
            forger.token = ".".join((*parts, ""))
        else:
            forger.token = jwt.encode(header, said, key)

        assert (header, comes_back(browser, sent["state"]).code) == (header, "oidc-refused")
        assert browser.seen() is None


def test_a_provider_that_names_itself_has_to_name_itself_each_time(
    desk: SignInDesk, forger: Forger
) -> None:
    """Otherwise another one's answer is taken for its own (RFC 9207)."""
    forger.announced = {"authorization_response_iss_parameter_supported": True}
    for said in ({}, {"iss": "http://127.0.0.1:1"}):
        browser = Browser(desk)
        sent = goes(browser)
        forger.token = jwt.encode(
            {"alg": "ES256", "kid": "1"}, claims(desk, forger, sent["nonce"]), forger.key
        )

        assert comes_back(browser, sent["state"], **said).code == "oidc-refused"
    browser = Browser(desk)
    sent = goes(browser)
    forger.token = jwt.encode(
        {"alg": "ES256", "kid": "1"}, claims(desk, forger, sent["nonce"]), forger.key
    )
    assert comes_back(browser, sent["state"], iss=forger.issuer).status == 303


def test_an_answer_to_what_another_browser_asked_signs_nobody_in(
    desk: SignInDesk, forger: Forger
) -> None:
    """So nobody is led to sign in as somebody else."""
    mine, theirs = Browser(desk), Browser(desk)
    sent, other = goes(mine), goes(theirs)
    forger.token = jwt.encode(
        {"alg": "ES256", "kid": "1"}, claims(desk, forger, sent["nonce"]), forger.key
    )

    assert comes_back(mine, other["state"]).code == "oidc-refused"
    assert mine.seen() is None


@pytest.mark.parametrize(
    "announced",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"token_endpoint": "http://bank.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_is_another_or_leads_astray_is_not_gone_to(
    desk: SignInDesk, forger: Forger, announced: dict[str, Any]
) -> None:
    forger.announced = announced

    assert Browser(desk).send("GET", f"{ROOT}/oidc").code == "oidc-refused"


@pytest.mark.parametrize("issuer", ["http://bank.example", "bank.example", "https://"])
def test_a_provider_that_others_can_listen_to_is_not_configured(
    tmp_path: Path, issuer: str
) -> None:
    with pytest.raises(DeskConfigurationBroken, match="begins with https"):
        SignInDesk(tmp_path, "sqlite://", Clock(), more(issuer))


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('secret_file = "secret"', SecretFileExposed),
        ('secret_file = "nothing"', SecretFileMissing),
        ('ca = "nothing"', DeskNotReady),
        ('ca = "desk.toml"', DeskNotReady),
    ],
)
def test_files_of_a_provider_that_cannot_be_used_are_told_at_the_start(
    tmp_path: Path, line: str, error: type[LockwrightError]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    secret.chmod(0o644)

    with pytest.raises(error):
        SignInDesk(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", Clock(), more(SSO) + line)


def test_what_the_extra_brings_is_named_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lockwright_desk.signin.bank", None)

    with pytest.raises(DeskNotReady, match="lockwright-desk\\[oidc\\]"):
        SignInDesk(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", Clock(), more(SSO))
