"""Independent programs as peers: curl as the client, openssl as the judge."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk_client import new_login
from desk_home import Server

EST = "/.well-known/est/client/"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "run-the-desk.md"


@dataclass(frozen=True)
class Peer:
    """Somebody who has openssl and curl, and none of our code."""

    folder: Path
    server: Server

    def openssl(self, line: str, *, fails: bool = False) -> str:
        """What openssl says."""
        done = self._run(["openssl", *shlex.split(line)])
        assert (done.returncode != 0) is fails, done.stderr
        return (done.stdout + done.stderr).decode() if fails else done.stdout.decode()

    def curl(self, path: str, *options: str) -> bytes:
        """What curl gets."""
        trust = ("--cacert", str(self.server.ca))
        return self._run(["curl", "-sS", *trust, *options, self.server.url + path]).stdout

    def order(self, operation: str, *options: str) -> bytes:
        """Post the request; the answer, base64."""
        post = ("-H", "Content-Type: application/pkcs10", "--data-binary", "@r.b64")
        return self.curl(EST + operation, *post, *options)

    def enrol(self) -> None:
        """Make a key, ``k.pem``, and have its request answered: ``got.pem``."""
        self.make_request()
        login = new_login()
        password = self.server.home.otp(login, name="Anna Petrova")
        got = self.order("simpleenroll", "-u", f"{login}:{password}")
        self.read(got)

    def make_request(self) -> None:
        """Make a key, ``k.pem``, and its request, ``r.b64`` and ``r.der``."""
        self.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k.pem")
        subject = "'/C=RU/O=Bank/CN=Anna Petrova'"
        self.openssl(f"req -new -key k.pem -subj {subject} -outform DER -out r.der")
        self.openssl("base64 -in r.der -out r.b64")

    def read(self, answer: bytes) -> None:
        """Write the certificates of an answer to ``got.pem``."""
        (self.folder / "got.b64").write_bytes(answer)
        self.openssl("base64 -d -in got.b64 -out got.p7")
        self.openssl("pkcs7 -inform DER -in got.p7 -print_certs -out got.pem")

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, cwd=self.folder, check=False, capture_output=True)


@pytest.fixture
def peer(server: Server, tmp_path: Path) -> Peer:
    return Peer(tmp_path, server)


def test_curl_enrols_and_renews_and_openssl_agrees(peer: Peer) -> None:
    peer.enrol()

    again = peer.order("simplereenroll", "--cert", "got.pem", "--key", "k.pem")

    ca = peer.server.ca
    verify = f"verify -x509_strict -purpose sslclient -CAfile {ca} got.pem"
    shown = peer.openssl(
        "x509 -in got.pem -noout -subject -nameopt RFC2253 -ext keyUsage,extendedKeyUsage"
    )
    assert peer.openssl(verify) == "got.pem: OK\n"
    assert "CN=Anna Petrova,O=Bank,C=RU" in shown
    assert "TLS Web Client Authentication" in shown
    assert again.startswith(b"MII")


def test_what_the_documentation_has_a_person_type_enrols(peer: Peer) -> None:
    login = new_login()
    password = peer.server.home.otp(login, name="Anna Petrova")
    here = {
        "https://desk.bank.example:8443": peer.server.url,
        "ca.pem": str(peer.server.ca),
        "--user anna": f"--user {login}:{password}",
        "O=Demo Bank": "O=Bank",
        "rsa:2048": "ec -pkeyopt ec_paramgen_curve:P-256",
    }
    blocks = re.findall(r"^```sh\n(.+?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    script = "".join(block for block in blocks if "curl " in block).replace(
        "lockwright-desk init", ""
    )
    for documented, real in here.items():
        assert documented in script
        script = script.replace(documented, real)

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=peer.folder,
        check=True,
        capture_output=True,
        text=True,
    )

    assert "Bank CA" in done.stdout
    verify = f"verify -x509_strict -CAfile {peer.server.ca} anna.pem"
    assert peer.openssl(verify) == "anna.pem: OK\n"


@pytest.mark.parametrize(
    ("media_type", "body", "asks"),
    [
        ("application/pkcs10", "r.b64", "--anyauth"),
        ("application/pkcs10", "r.b64", "-H 'Expect: 100-continue'"),
        ("application/pkcs10", "r.b64", "-H 'Transfer-Encoding: chunked'"),
        ("application/pkcs10", "r.b64", "-H 'Content-Transfer-Encoding: BASE64' --http1.0"),
        ('Application/PKCS10; charset="x"; a', "r.b64", ""),
        ("application/pkcs10", "r.der", "-H 'Content-Transfer-Encoding: binary'"),
    ],
)
def test_curl_enrols_in_whatever_way_it_asks(
    peer: Peer, media_type: str, body: str, asks: str
) -> None:
    peer.make_request()
    login = new_login()
    password = peer.server.home.otp(login, name="Anna Petrova")
    post = ("-H", f"Content-Type: {media_type}", "--data-binary", f"@{body}")

    answer = peer.curl(
        EST + "simpleenroll/", "-u", f"{login}:{password}", *post, *shlex.split(asks)
    )

    peer.read(answer)
    assert "Petrova" in peer.openssl("x509 -in got.pem -noout -subject")


@pytest.mark.parametrize("scheme", ["--digest", "--ntlm"])
def test_a_curl_that_may_not_show_a_password_is_told_what_is_wanted(
    peer: Peer, scheme: str
) -> None:
    """It asks without a body first, to learn how it may say who it is."""
    peer.make_request()

    answer = peer.order("simpleenroll", "-i", scheme, "-u", "anna:secret").decode()

    assert "HTTP/1.1 401 Unauthorized" in answer
    assert 'WWW-Authenticate: Basic realm="lockwright-desk", charset="UTF-8"\r\n' in answer
    assert answer.endswith("\r\nA login and a one-time password are needed.\n")


def test_curl_asks_for_the_head_alone(peer: Peer) -> None:
    whole = peer.curl(EST + "cacerts")

    head = peer.curl(EST + "cacerts", "--head").decode()

    assert f"Content-Length: {len(whole)}\r\n" in head
    assert head.endswith("\r\n\r\n")


def test_openssl_sees_a_revocation_in_the_list(peer: Peer) -> None:
    peer.enrol()
    serial = peer.openssl("x509 -in got.pem -noout -serial").strip().partition("=")[2]

    before = judged(peer, revoked=False)
    peer.server.home.run("certificates", "revoke", serial, "--reason", "key-compromise")
    after = judged(peer, revoked=True)

    assert before == "got.pem: OK\n"
    assert "certificate revoked" in after
    assert "Key Compromise" in peer.openssl("crl -in crl.pem -noout -text")


def judged(peer: Peer, *, revoked: bool) -> str:
    """What openssl says of the certificate by the list that the server gives now."""
    peer.curl("/crl", "-o", "crl.der")
    peer.openssl("crl -inform DER -in crl.der -out crl.pem")
    verify = f"verify -crl_check -CAfile {peer.server.ca} -CRLfile crl.pem got.pem"
    return peer.openssl(verify, fails=revoked)
