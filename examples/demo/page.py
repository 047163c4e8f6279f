"""The page of the bank's help desk as its operator has it, over HTTPS with a certificate."""

from __future__ import annotations

import html
import re
import ssl
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from lockwright.i18n import language
from screen import found

_LONGEST = 60


class Page:
    """A browser without a window.

    Args:
        told: what ``lockwright-desk demo --json`` has said.
        folder: where the certificate is kept for TLS to read it.
    """

    def __init__(self, told: dict[str, Any], folder: Path) -> None:
        address = urlsplit(told["url"])
        self._origin = f"{address.scheme}://{address.netloc}"
        self._host, self._port = str(address.hostname), address.port
        self._cookie = ""
        self._context = ssl.create_default_context(cafile=told["ca"])
        operator = told["operators"][0]
        key, certificate, _more = pkcs12.load_key_and_certificates(
            Path(operator["certificate"]).read_bytes(), operator["password"].encode()
        )
        if key is None or certificate is None:
            raise SystemExit("the operator's file holds no certificate")
        file = folder / "operator.pem"
        file.touch(0o600)
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(plain + certificate.public_bytes(Encoding.PEM))
        self._context.load_cert_chain(file)
        self.case = ""
        """Where the case is."""
        self.text = ""
        """The page that is open, HTML."""

    def sign_in(self) -> None:
        """With the certificate of the connection."""
        self._ask("POST", "/desk/sign-in/certificate", "{}", "application/json")
        self.open("/desk/find")

    def open(self, path: str) -> None:
        """Go to a page."""
        self.text = self._ask("GET", path)

    def follow(self, pattern: str) -> str:
        """Go where a link leads whose address has a form; the address."""
        place = found(rf'href="({pattern})"', self.text)
        self.open(place)
        return place

    def begin(self, token: str) -> None:
        """Open a case for a token."""
        self.case = self.send(f"{token}/cases")

    def send(self, path: str, **fields: str) -> str:
        """Send a form of the page that is open, and go where the answer leads; the address."""
        for name in ("forms", "revision"):
            if known := re.search(rf'name="([\w-]*{name})" value="(\w+)"', self.text):
                fields[known[1]] = known[2]
        said = urlencode(fields)
        self.text = self._ask("POST", path, said, "application/x-www-form-urlencoded")
        return self._place

    @property
    def step(self) -> str:
        """The step of the call that the page is at."""
        return html.unescape(found(r'aria-current="step">[\s\S]*?<h2>([^<]*?)\s*<', self.text))

    def groups(self) -> str:
        """The Response that is to be seen."""
        return " ".join(re.findall(r'class="digits">(\w+)<', self.text)[:5])

    def _ask(self, method: str, path: str, body: str = "", kind: str = "") -> str:
        self._place = path
        headers = {"Origin": self._origin, "Cookie": self._cookie, "Accept-Language": language()}
        connection = HTTPSConnection(
            self._host, self._port, timeout=_LONGEST, context=self._context
        )
        with closing(connection):
            connection.request(method, path, body or None, headers | _kind(kind))
            answer: HTTPResponse = connection.getresponse()
            text = answer.read().decode()
        if given := answer.getheader("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        if answer.status == HTTPStatus.SEE_OTHER:
            return self._ask("GET", str(answer.getheader("Location")))
        if answer.status != HTTPStatus.OK:
            raise SystemExit(f"{method} {path}: {answer.status}\n{_plain(text)}")
        return text


def _kind(kind: str) -> dict[str, str]:
    return {"Content-Type": kind} if kind else {}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())
