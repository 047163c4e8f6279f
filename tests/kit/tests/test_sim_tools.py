"""Programs that know nothing of a simulator work on it, unchanged."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pkcs11
import PyKCS11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

DATA = b"to be signed"


@pytest.fixture(params=["plain", "jacarta-pki", "jacarta-pro", "jacarta-gost2"])
def token(request: pytest.FixtureRequest, sim: SimulatorFactory) -> Simulator:
    return sim(request.param, label="Анна", settings={"model": "Some model"})


def pkcs11_tool(token: Simulator, *arguments: str) -> str:
    """A run that logs in."""
    return subprocess.run(
        ["pkcs11-tool", "--module", token.module, "--login", "--pin", USER_PIN, *arguments],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def p11tool(token: Simulator, *arguments: str) -> str:
    """A run that logs in; the PIN comes from the environment."""
    return subprocess.run(
        ["p11tool", "--provider", token.module, "--batch", "--login", *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"GNUTLS_PIN": USER_PIN},
    ).stdout


def rsa_key(der: bytes) -> rsa.RSAPublicKey:
    key = serialization.load_der_public_key(der)
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def test_pkcs11_tool_lists_generates_signs_and_deletes(token: Simulator, tmp_path: Path) -> None:
    data, mark, public = tmp_path / "data", tmp_path / "mark", tmp_path / "public"
    data.write_bytes(DATA)
    assert "token model        : Some model" in pkcs11_tool(token, "--list-slots")
    pkcs11_tool(token, "--keypairgen", "--key-type", "rsa:2048", "--id", "01", "--label", "k")
    sign = ("--sign", "-m", "SHA256-RSA-PKCS", "--id", "01", "-i", str(data), "-o", str(mark))
    pkcs11_tool(token, *sign)
    pkcs11_tool(token, "--read-object", "--type", "pubkey", "--id", "01", "-o", str(public))
    key = rsa_key(public.read_bytes())
    key.verify(mark.read_bytes(), DATA, padding.PKCS1v15(), hashes.SHA256())
    for kind in ("privkey", "pubkey"):
        pkcs11_tool(token, "--delete-object", "--type", kind, "--id", "01")
    assert pkcs11_tool(token, "--list-objects") == ""


def test_p11tool_lists_generates_signs_and_deletes(token: Simulator) -> None:
    assert "Model: Some model" in p11tool(token, "--list-tokens")
    url = f"pkcs11:serial={token.show()['slot0.serial']}"
    make = ("--generate-privkey", "rsa", "--bits", "2048", "--label", "k", "--id", "01")
    p11tool(token, *make, "--outfile", os.devnull, url)
    assert p11tool(token, "--list-all", url).count("Label: k") == 2
    p11tool(token, "--test-sign", f"{url};object=k;type=private")
    p11tool(token, "--delete", f"{url};object=k")
    with pytest.raises(subprocess.CalledProcessError) as nothing:
        p11tool(token, "--list-all", url)
    assert "No matching objects found" in nothing.value.stderr


def test_python_pkcs11_lists_generates_signs_and_deletes(token: Simulator) -> None:
    library: Any = pkcs11.lib(str(token.module))
    try:
        found = library.get_token(token_label="Анна")
        with found.open(rw=True, user_pin=USER_PIN) as session:
            public, private = session.generate_keypair(
                pkcs11.KeyType.RSA, 2048, id=b"\1", label="k", store=True
            )
            mark = private.sign(DATA, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
            assert public.verify(DATA, mark, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
            assert len(list(session.get_objects({pkcs11.Attribute.LABEL: "k"}))) == 2
            public.destroy()
            private.destroy()
            assert list(session.get_objects()) == []
    finally:
        library.finalize()


def test_pykcs11_lists_generates_signs_and_deletes(token: Simulator) -> None:
    names: Any = PyKCS11
    library = names.PyKCS11Lib()
    library.load(str(token.module))
    try:
        slot = library.getSlotList(tokenPresent=True)[0]
        assert library.getTokenInfo(slot).model.strip() == "Some model"
        session = library.openSession(slot, names.CKF_RW_SESSION | names.CKF_SERIAL_SESSION)
        session.login(USER_PIN)
        flags = [(names.CKA_TOKEN, names.CK_TRUE), (names.CKA_ID, b"\1")]
        bits = [(names.CKA_MODULUS_BITS, 2048), (names.CKA_PUBLIC_EXPONENT, (1, 0, 1))]
        public, private = session.generateKeyPair([*flags, *bits], flags)
        mechanism = names.Mechanism(names.CKM_SHA256_RSA_PKCS)
        mark = session.sign(private, DATA, mechanism)
        assert session.verify(public, DATA, mark, mechanism)
        for each in session.findObjects([(names.CKA_ID, b"\1")]):
            session.destroyObject(each)
        assert session.findObjects() == []
    finally:
        library.unload()


def test_a_certificate_written_by_one_program_is_read_by_another(
    token: Simulator, tmp_path: Path
) -> None:
    certificate = TestCa.root().certificate
    file = tmp_path / "certificate"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.DER))
    pkcs11_tool(token, "--write-object", str(file), "--type", "cert", "--id", "07")
    pem = p11tool(token, "--export", f"pkcs11:serial={token.show()['slot0.serial']};id=%07")
    assert x509.load_pem_x509_certificate(pem.encode()) == certificate
