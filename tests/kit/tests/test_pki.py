"""The CA of the tests: those who keep to every rule of RFC 5280 take what it issues."""

from __future__ import annotations

import http.client
import ssl
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa, pem

KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
ROOT = TestCa.root()
BETWEEN = ROOT.intermediate()
KINDS = {
    "root": ROOT.certificate,
    "CA": BETWEEN.certificate,
    "RA": BETWEEN.speaker().certificate,
    "client": BETWEEN.issue(KEY),
    "client that may not sign": BETWEEN.issue(KEY, signs=False),
    "server": BETWEEN.server("localhost", "127.0.0.1")[0],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_strict_openssl_takes_what_the_ca_issues(tmp_path: Path, kind: str) -> None:
    written: dict[str, x509.Certificate] = {
        "root.pem": ROOT.certificate,
        "between.pem": BETWEEN.certificate,
        "own.pem": KINDS[kind],
    }
    for name, certificate in written.items():
        (tmp_path / name).write_bytes(pem(certificate))

    verify = "openssl verify -x509_strict -CAfile root.pem -untrusted between.pem own.pem"
    done = subprocess.run(verify.split(), capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.stdout + done.stderr == "own.pem: OK\n"


@pytest.mark.parametrize("ca", [ROOT, BETWEEN], ids=["root", "CA below it"])
def test_a_strict_python_takes_a_server_of_the_ca(ca: TestCa) -> None:
    """The default context of Python 3.13 is this strict; an older one is when it is told to be."""
    context = ssl.create_default_context(cadata=pem(ROOT.certificate).decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT

    with EstServer(ca, {}) as server:
        connection = http.client.HTTPSConnection("localhost", server.port, context=context)
        connection.request("GET", "/.well-known/est/cacerts")
        assert connection.getresponse().status == 200
        connection.close()
