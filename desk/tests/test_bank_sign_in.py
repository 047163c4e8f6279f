"""What a provider must say of somebody before the desk believes it; `make oidc` has a real one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from lockwright_desk.errors import DeskConfigurationBroken
from lockwright_desk.signin import credentials
from lockwright_desk.signin.front import BACK
from sign_in_desk import ROOT, WHO, Browser, Clock, Reply, SignInDesk
from soft_passkey import base64url

CLIENT = "desk"


class Forger:
    """A provider that says whatever it is told to: no real one does."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig"})
        self.token = ""
        self.announced: dict[str, Any] = {}
        forger = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                said = forger.about if "well-known" in self.path else forger.keys
                self._say(said)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self._say({"access_token": "x", "token_type": "Bearer", "id_token": forger.token})

            def _say(self, said: Mapping[str, Any]) -> None:
                body = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def about(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
            **self.announced,
        }

    @property
    def keys(self) -> dict[str, Any]:
        """Its keys."""
        return {"keys": [self.key.as_dict(private=False)]}


@pytest.fixture
def forger() -> Iterator[Forger]:
    made = Forger()
    with made.server:
        yield made
        made.server.shutdown()


def more(issuer: str) -> str:
    return f'[signin.oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT}"\n'


@pytest.fixture
def desk(forger: Forger, tmp_path: Path) -> Iterator[SignInDesk]:
    """A desk that has Anna sign in there."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    made = SignInDesk(tmp_path, url, Clock(), more(forger.issuer))
    with closing(made.database):
        made.operator("anna")
        credentials.add_subject(made.database, WHO, "anna", forger.issuer, "sub", made.clock())
        yield made


def goes(browser: Browser) -> dict[str, str]:
    """Go to the provider; what the desk has sent along."""
    place = browser.send("GET", f"{ROOT}/oidc").headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


def comes_back(browser: Browser, state: str, **said: str) -> Reply:
    return browser.send("GET", f"{BACK}?{urlencode({'code': 'x', 'state': state, **said})}")


def claims(desk: SignInDesk, forger: Forger, nonce: str) -> dict[str, Any]:
    now = int(desk.clock().timestamp())
    return {
        "iss": forger.issuer,
        "sub": "sub",
        "aud": CLIENT,
        "nonce": nonce,
        "iat": now,
        "exp": now + 300,
    }


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
