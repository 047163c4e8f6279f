"""PKCS#12 files: strong, and readable by others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lockwright.enrol.storage.pkcs12 import ITERATIONS, Identity, seal, unseal
from lockwright.enrol.token_key import SigningKey
from lockwright.enrol.trust import der
from lockwright.secret import Secret
from lockwright_testkit.pki import TestCa

PASSWORDS = ("Kettle-Moss-42", "Чайник и мох, 42 раза", "x" * 200)
KEYS: dict[str, SigningKey] = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "ec": ec.generate_private_key(ec.SECP384R1()),
}


def openssl(sealed: bytes, folder: Path, password: str, *options: str) -> str:
    """What ``openssl pkcs12`` says of a file."""
    (folder / "it.p12").write_bytes(sealed)
    (folder / "password").write_text(password + "\n")
    ended = subprocess.run(
        ["openssl", "pkcs12", "-in", "it.p12", "-passin", "file:password", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout + ended.stderr


@pytest.mark.parametrize("kind", sorted(KEYS))
@pytest.mark.parametrize("password", PASSWORDS, ids=["latin", "russian", "long"])
def test_what_is_sealed_is_unsealed_by_us_and_by_openssl(
    tmp_path: Path, ca: TestCa, kind: str, password: str
) -> None:
    key = KEYS[kind]
    own = der(ca.issue(key.public_key(), "CN=Анна"))
    sealed = seal(Identity(key, own, (der(ca.certificate),)), "Анна", Secret(password))
    found = unseal(sealed, Secret(password))
    assert (found.certificate, found.chain) == (own, (der(ca.certificate),))
    assert found.key.private_numbers() == key.private_numbers()
    shown = openssl(sealed, tmp_path, password, "-noenc")
    assert shown.count("BEGIN CERTIFICATE") == 2
    assert shown.count("BEGIN PRIVATE KEY") == 1


def test_every_way_to_guess_the_password_costs_the_same(tmp_path: Path, ca: TestCa) -> None:
    own = der(ca.issue(KEYS["ec"].public_key(), "CN=Anna"))
    sealed = seal(Identity(KEYS["ec"], own), "Anna", Secret(PASSWORDS[0]))
    said = openssl(sealed, tmp_path, PASSWORDS[0], "-info", "-noout")
    assert f"MAC: sha256, Iteration {ITERATIONS}" in said
    strong = f"PBES2, PBKDF2, AES-256-CBC, Iteration {ITERATIONS}, PRF hmacWithSHA256"
    assert said.count("Iteration") == 1 + said.count(strong) == 3


def test_another_password_opens_nothing() -> None:
    sealed = seal(Identity(KEYS["ec"]), "Anna", Secret(PASSWORDS[0]))
    with pytest.raises(ValueError, match="password"):
        unseal(sealed, Secret("Kettle-Moss-43"))
