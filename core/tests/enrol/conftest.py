"""A CA, its EST server, and what a client needs to speak with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.enrol.trust import der
from lockwright.models import CaOrder, CaProfile
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, SOFTHSM, Bank
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim.fixtures import SimulatorFactory


@pytest.fixture(scope="session")
def ca() -> TestCa:
    return TestCa.root()


@pytest.fixture
def server(ca: TestCa) -> Iterator[EstServer]:
    with EstServer(ca, {LOGIN: PASSWORD}) as running:
        yield running


@pytest.fixture
def profile(server: EstServer) -> CaProfile:
    return CaProfile("bank", "est", server.url, anchors=(der(server.ca.certificate),), deadline=20)


@pytest.fixture
def password() -> Secret:
    return Secret(PASSWORD)


@pytest.fixture(scope="session")
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="session")
def order(key: ec.EllipticCurvePrivateKey) -> CaOrder:
    """An order as the core makes it, its key in memory."""
    subject = x509.Name.from_rfc4514_string("CN=Anna Petrova,O=Bank")
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    request = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    return CaOrder(request, LOGIN)


@pytest.fixture
def keys(key: ec.EllipticCurvePrivateKey) -> Keys:
    return Keys(key)


@pytest.fixture
def serve(tmp_path: Path, ca: TestCa, key: ec.EllipticCurvePrivateKey) -> Callable[..., CmpServer]:
    """Makes OpenSSL's mock server, with options of its own."""

    def work(
        *options: str,
        issued: x509.Certificate | None = None,
        password: str | None = PASSWORD,
        kind: type[CmpServer] = CmpServer,
    ) -> CmpServer:
        made = issued or ca.issue(key.public_key())
        return kind(tmp_path, ca, pem(made), login=LOGIN, password=password, options=options)

    return work


@pytest.fixture
def bank(tmp_path: Path, sim: SimulatorFactory, server: EstServer) -> Iterator[Bank]:
    """A token and the EST server, configured for each other."""
    made = Bank(tmp_path, sim("plain", settings=SOFTHSM), server)
    yield made
    made.close()
