"""A client of EST that can also do what no client should."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_LONGEST = 60


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)
    """What cookies it gives, by their names; an empty one is taken back."""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def certificate(self) -> x509.Certificate:
        """The one certificate in it."""
        assert self.status == 200, self.text
        (found,) = pkcs7.load_der_pkcs7_certificates(base64.b64decode(self.body, validate=True))
        return found


class Place(Protocol):
    """Where a client goes: a desk, or a proxy before it."""

    @property
    def port(self) -> int:
        """Its port on this computer."""

    @property
    def ca(self) -> Path:
        """File with the CA certificate that vouches for it."""


class Client:
    """Talks to a server over TLS, each request over a connection of its own.

    Args:
        server: the server.
        identity: files with a certificate and its key, to show to the server.
        address: where it comes from, an address of this computer such as 127.0.0.2.
    """

    def __init__(
        self,
        server: Place,
        identity: tuple[Path, Path] | None = None,
        *,
        address: str = "127.0.0.1",
    ) -> None:
        self._port = server.port
        self._address = address
        self._context = ssl.create_default_context(cafile=str(server.ca))
        if identity is not None:
            self._context.load_cert_chain(*identity)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """GET."""
        return self.send("GET", path, b"", headers or {})

    def enroll(  # each is a fact of its own
        self,
        csr: bytes,
        *,
        login: str | None = None,
        password: str = "",
        profile: str = "client",
        operation: str = "simpleenroll",
        headers: Mapping[str, str] | None = None,
        repeated: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        """POST a request, DER, as base64."""
        said = {"Content-Type": "application/pkcs10"}
        if login is not None:
            said["Authorization"] = basic(login, password)
        path = f"/.well-known/est/{profile}/{operation}"
        all_said = {**said, **(headers or {})}
        return self.send("POST", path, base64.encodebytes(csr), all_said, repeated)

    def send(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        repeated: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        """Any request; headers of one name can be repeated."""
        connection = http.client.HTTPSConnection(
            "127.0.0.1",
            self._port,
            context=self._context,
            timeout=_LONGEST,
            source_address=(self._address, 0),
        )
        try:
            connection.putrequest(method, path)
            length = {"Content-Length": str(len(body))} if body or method == "POST" else {}
            for name, value in (*{**length, **headers}.items(), *repeated):
                connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            given = (each.partition(";")[0] for each in answer.headers.get_all("set-cookie", []))
            cookies = dict(each.partition("=")[::2] for each in given)
            return Reply(answer.status, named, answer.read(), cookies)
        finally:
            connection.close()


def connected(server: Place, address: str = "127.0.0.1") -> ssl.SSLSocket:
    """A connection after its TLS handshake, to say what one likes."""
    context = ssl.create_default_context(cafile=str(server.ca))
    raw = socket.create_connection(("127.0.0.1", server.port), _LONGEST, (address, 0))
    return context.wrap_socket(raw, server_hostname="127.0.0.1")


def basic(login: str, password: str) -> str:
    """The header ``Authorization``."""
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


def new_login() -> str:
    """A login that no other test has."""
    return f"login-{uuid.uuid4().hex[:12]}"


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def request(key: PrivateKey, subject: str, *extensions: x509.ExtensionType) -> bytes:
    """A PKCS #10 request, DER."""
    name = x509.Name.from_rfc4514_string(subject) if subject else x509.Name([])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def write_identity(
    folder: Path, certificate: x509.Certificate, key: PrivateKey
) -> tuple[Path, Path]:
    """Write a certificate and its key to files."""
    files = folder / "client.pem", folder / "client-key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files
