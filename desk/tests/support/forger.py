"""A provider that says whatever it is told to, and a desk that has Anna sign in there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey
from lockwright_desk.signin import credentials
from lockwright_desk.signin.front import BACK
from lockwright_desk.signin.new_credentials import of_subject
from sign_in_desk import ROOT, WHO, Browser, Clock, Reply, SignInDesk

CLIENT = "desk"


class Forger:
    """A provider that says whatever it is told to: no real one does."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig"})
        self.token = ""
        self.asked = 0
        self.announced: dict[str, Any] = {}
        forger = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                forger.asked += 1
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


@contextmanager
def forging() -> Iterator[Forger]:
    """One that listens, until the block ends."""
    made = Forger()
    with made.server:
        yield made
        made.server.shutdown()


def more(issuer: str) -> str:
    return f'[signin.oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT}"\n'


@contextmanager
def desk_of(forger: Forger, folder: Path) -> Iterator[SignInDesk]:
    """A desk that has Anna sign in there, until the block ends."""
    url = f"sqlite:///{folder / 'desk.db'}"
    made = SignInDesk(folder, url, Clock(), more(forger.issuer))
    with closing(made.database):
        made.operator("anna")
        new = of_subject(forger.issuer, "sub")
        credentials.add(made.database, WHO, "anna", new, made.clock())
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


def signs_in(desk: SignInDesk, forger: Forger) -> Browser:
    browser = Browser(desk)
    sent = goes(browser)
    forger.token = jwt.encode(
        {"alg": "ES256", "kid": "1"}, claims(desk, forger, sent["nonce"]), forger.key
    )
    assert comes_back(browser, sent["state"]).status == 303
    return browser
