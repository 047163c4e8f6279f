"""Operators sign in with certificates: through the desk's own TLS, and through nginx."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from behind_nginx import HEADER, behind_nginx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from desk_client import Client, Place, Reply, new_key, new_login, request, write_identity
from desk_home import Home, Server
from lockwright_desk import clock
from lockwright_desk.signin import credentials, operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.new_credentials import of_certificate
from lockwright_desk.signin.roles import Role
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.store.database import Database
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa, pem

ORIGIN = "https://desk.bank.test"
WHO = at_the_console("tests")
MORE = f"""
[signin]
origin = "{ORIGIN}"
client_ca = "operators.pem"
[helpdesk]
means = ["call-back"]
[keeper]
socket = "keeper.sock"
"""
BANK = TestCa.root("CN=CA of the bank's own cards")


@dataclass
class Card:
    """An operator's own certificate and its key."""

    certificate: x509.Certificate
    files: tuple[Path, Path]


def card(folder: Path, ca: TestCa = BANK) -> Card:
    """One of a CA's."""
    key, name = new_key(), new_login()
    certificate = ca.issue(key.public_key(), f"CN={name}")
    own = folder / name
    own.mkdir()
    return Card(certificate, write_identity(own, certificate, key))


def operator(home: Home, certificate: x509.Certificate) -> str:
    """Somebody who signs in with a certificate."""
    name, now = new_login(), clock.now()
    with closing(Database(home.settings.database)) as database:
        operators.add(database, WHO, name, "", [Role.OPERATOR], now)
        credentials.add(database, WHO, name, of_certificate(certificate), now)
    return name


def signs_in(client: Client, headers: Mapping[str, str] | None = None) -> Reply:
    """Press the button of the sign-in page."""
    said = {"Content-Type": "application/json", "Accept": "application/json", "Origin": ORIGIN}
    return client.send("POST", "/desk/sign-in/certificate", b"{}", {**said, **(headers or {})})


def queue(client: Client, signed_in: Reply) -> Reply:
    """The first page that is somebody's own, with the cookie that signing in gave."""
    return client.get("/desk/queue", {"Cookie": f"{COOKIE}={signed_in.cookies[COOKIE]}"})


def code(reply: Reply) -> str:
    assert reply.status >= 400, reply.text
    return str(json.loads(reply.text)["code"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Nginx]]:
    """A desk that speaks TLS itself, and nginx before it; tests share both."""
    folder = tmp_path_factory.mktemp("desk")
    ca = folder / "operators.pem"
    ca.write_bytes(pem(BANK.certificate))
    with behind_nginx(folder, MORE, clients=ca) as running:
        yield running


@pytest.fixture
def desk(served: tuple[Server, Nginx]) -> Server:
    """The desk."""
    return served[0]


@pytest.fixture(params=["own TLS", "nginx"])
def place(served: tuple[Server, Nginx], request: pytest.FixtureRequest) -> Place:
    """Either way in."""
    return served[0] if request.param == "own TLS" else served[1]


def test_a_certificate_signs_in_and_its_session_is_worth_nothing_without_it(
    desk: Server, place: Place, tmp_path: Path
) -> None:
    mine, other = card(tmp_path), card(tmp_path)
    name = operator(desk.home, mine.certificate)
    operator(desk.home, other.certificate)
    client = Client(place, mine.files)

    entered = signs_in(client)

    assert (entered.status, entered.headers["cache-control"]) == (200, "no-store")
    assert name in queue(client, entered).text
    for thief in (Client(place), Client(place, other.files)):
        stolen = queue(thief, entered)
        assert (stolen.status, stolen.headers["location"][:13]) == (303, "/desk/sign-in")
    told = "".join(desk.log) + desk.home.settings.audit.read_text()
    assert name in told
    assert entered.cookies[COOKIE] not in told


def test_a_certificate_of_nobody_or_none_signs_nobody_in(place: Place, tmp_path: Path) -> None:
    assert code(signs_in(Client(place, card(tmp_path).files))) == "sign-in-certificate-unknown"
    assert code(signs_in(Client(place))) == "sign-in-certificate-missing"


def test_another_certificate_of_the_same_name_signs_nobody_in(
    desk: Server, place: Place, tmp_path: Path
) -> None:
    """Whatever CA is trusted may write any name."""
    mine = card(tmp_path)
    operator(desk.home, mine.certificate)
    key = new_key()
    twin = BANK.issue(key.public_key(), mine.certificate.subject.rfc4514_string())
    folder = tmp_path / "twin"
    folder.mkdir()

    refused = signs_in(Client(place, write_identity(folder, twin, key)))

    assert code(refused) == "sign-in-certificate-unknown"


def test_a_certificate_of_a_ca_that_is_not_trusted_comes_not_so_far(
    served: tuple[Server, Nginx], tmp_path: Path
) -> None:
    """Even if somebody has registered it."""
    desk, nginx = served
    foreign = card(tmp_path, TestCa.root("CN=Some CA"))
    operator(desk.home, foreign.certificate)

    assert signs_in(Client(nginx, foreign.files)).status == 400
    with pytest.raises((ssl.SSLError, ConnectionError)):
        signs_in(Client(desk, foreign.files))


def test_a_certificate_that_the_desk_issued_signs_in_until_it_is_revoked(
    desk: Server, place: Place, tmp_path: Path
) -> None:
    key, login = new_key(), new_login()
    password = desk.home.otp(login, name="Anna")
    reply = Client(place).enroll(request(key, ""), login=login, password=password)
    files = write_identity(tmp_path, reply.certificate, key)
    name = operator(desk.home, reply.certificate)
    client = Client(place, files)
    entered = signs_in(client)
    assert name in queue(client, entered).text

    desk.home.run("certificates", "revoke", f"{reply.certificate.serial_number:040x}")

    assert queue(client, entered).status == 303
    assert code(signs_in(client)) == "sign-in-certificate-over"


def test_the_certificate_of_an_operators_card_enrols_nobody(
    desk: Server, place: Place, tmp_path: Path
) -> None:
    """TLS believes it; enrolment knows only what it has issued itself."""
    mine = card(tmp_path)
    operator(desk.home, mine.certificate)

    refused = Client(place, mine.files).enroll(request(new_key(), ""), operation="simplereenroll")

    assert (refused.status, refused.text) == (
        403,
        "The client certificate was not issued here for this profile.\n",
    )


def test_a_header_that_no_proxy_wrote_signs_nobody_in(
    served: tuple[Server, Nginx], tmp_path: Path
) -> None:
    desk, nginx = served
    stolen = card(tmp_path)
    operator(desk.home, stolen.certificate)
    forged = {HEADER: quote(stolen.certificate.public_bytes(Encoding.PEM).decode(), safe="")}
    mine = card(tmp_path)

    for place in (desk, nginx):
        assert code(signs_in(Client(place), forged)) == "sign-in-certificate-missing"
        assert code(signs_in(Client(place, mine.files), forged)) == "sign-in-certificate-unknown"


def test_another_sites_page_signs_nobody_in(desk: Server, tmp_path: Path) -> None:
    mine = card(tmp_path)
    operator(desk.home, mine.certificate)
    client = Client(desk, mine.files)

    for said in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert code(signs_in(client, said)) == "from-elsewhere"
    assert signs_in(client).status == 200
