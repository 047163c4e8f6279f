"""A key from a PKCS#12 file: refused by default; where allowed, taken over whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12  # type: ignore[import-untyped]  # it brings no types
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    pkcs12,
)
from jsonschema import Draft202012Validator
from lockwright import Config, Runner, Secret
from lockwright.errors import ImportForbidden, LockwrightError, TokenFull
from lockwright.files.given import LARGEST
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN as SOFTHSM_PIN
from lockwright_testkit.softhsm import AddedToken, SoftHSM

BARE = NoEncryption()
P256, P239 = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d030104")
"""The names of prime256v1, and of prime239v1, which nobody here knows (ANSI X9.62)."""
PASSWORD = "Orchard-Lamp-29"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
KEYS: dict[str, Callable[[], Key]] = {
    "rsa:2048": lambda: rsa.generate_private_key(65537, 2048),
    "ec:p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ec:p384": lambda: ec.generate_private_key(ec.SECP384R1()),
}
COMMAND = ("import", "key.p12", "--pin-file", "user.pin", "--key-file-password-file", "p12.pin")


@pytest.fixture
def ca() -> TestCa:
    return TestCa.root()


@pytest.fixture
def program(tmp_path: Path, ca: TestCa) -> Program:
    """The program of a bank that takes keys over."""
    made = Program(tmp_path)
    made.secret("user.pin", SOFTHSM_PIN)
    made.secret("p12.pin", PASSWORD)
    (tmp_path / "ca.pem").write_bytes(pem(ca.certificate))
    config = tmp_path / "config" / "lockwright" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[import]\nallow = true\n[trust]\nanchors = ["{tmp_path}/ca.pem"]\n')
    return made


@pytest.fixture
def token(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


def sealed(key: Key, certificate: x509.Certificate | None, password: str = PASSWORD) -> bytes:
    encryption = BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, encryption)


def with_both(*made: bytes) -> bytes:
    """One file of the keys and certificates of several, each of which is not encrypted."""
    found = [asn1_pkcs12.Pfx.load(each) for each in made]
    both = found[0].authenticated_safe.copy()
    for other in found[1:]:
        for part in other.authenticated_safe:
            both.append(part)
    content = {"content_type": "data", "content": both.dump(force=True)}
    whole: bytes = asn1_pkcs12.Pfx({"version": "v3", "auth_safe": content}).dump()
    return whole


@pytest.mark.parametrize("kind", ["rsa:2048", "ec:p384"])
def test_a_key_is_taken_over_proved_and_recorded(
    program: Program, token: AddedToken, ca: TestCa, kind: str
) -> None:
    key = KEYS[kind]()
    (program.home / "key.p12").write_bytes(sealed(key, ca.issue(key.public_key(), "CN=Anna P")))

    done = program.run(*COMMAND, "--yes", "--json")

    schema = json.loads((files("lockwright.cli") / "schemas" / "import.json").read_text())
    Draft202012Validator(schema).validate(done.document)
    shown = program.run("test", "--pin-file", "user.pin", "--json")
    (proof,) = shown.document["proofs"]
    assert (shown.code, proof["label"], proof["key_type"]) == (0, "Anna P", kind)
    trail = program.audit.read_text()
    assert "lockwright_import_key" in trail
    assert PASSWORD not in trail
    again = program.run(*COMMAND, "--yes", "--json")
    assert again.error["code"] == "key-already-there"
    assert "left of an import that was cut short" in again.error["advice"]


def test_it_is_refused_where_the_bank_says_nothing(
    program: Program, token: AddedToken, tmp_path: Path
) -> None:
    (tmp_path / "config" / "lockwright" / "config.toml").unlink()
    ended = program.run("import", "nothing.p12", "--yes", "--json")
    assert (ended.code, ended.error["code"]) == (3, "import-forbidden")
    with Runner(Config(audit=None)) as api, pytest.raises(ImportForbidden):
        api.care.open_key_file(b"", Secret(PASSWORD))


def test_a_file_that_no_token_should_get_is_refused_before_the_pin(
    program: Program, token: AddedToken, ca: TestCa
) -> None:
    key = KEYS["ec:p256"]()
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    plain = [
        pkcs12.serialize_key_and_certificates(b"x", each, ca.issue(each.public_key()), None, BARE)
        for each in (KEYS["ec:p256"](), KEYS["ec:p384"]())
    ]
    late = ca.issue(key.public_key(), starts=timedelta(days=-9), lasts=timedelta(days=2))
    (program.home / "user.pin").unlink()
    assert program.run(*COMMAND, "--yes", "--json").error["code"] == "file-not-read"
    for content, code in (
        (sealed(key, ca.issue(key.public_key()), "another-1A"), "key-file-unreadable"),
        (b"0\x82", "key-file-unreadable"),
        (sealed(key, None), "key-file-unreadable"),
        (sealed(key, TestCa.root("CN=Other").issue(key.public_key())), "certificate-untrusted"),
        (sealed(key, late), "certificate-expired"),
        (with_both(plain[0]).replace(P256, P239), "key-file-unreadable"),
        (bytes(LARGEST + 1), "file-not-read"),
        (with_both(*plain), "key-file-ambiguous"),
    ):
        (program.home / "key.p12").write_bytes(content)
        assert program.run(*COMMAND, "--yes", "--json").error["code"] == code


def test_no_password_is_typed_where_no_token_can_take_the_key(
    program: Program, sim: SimulatorFactory
) -> None:
    """Nobody could be asked for it, so it is told at once where it is asked for."""
    device = sim("jacarta-pki", settings={"write.protected": True})
    (program.home / "key.p12").write_bytes(b"0")
    command = ("import", "key.p12", "--yes", "--json", "--module", str(device.module))
    assert program.run(*command).error["code"] == "token-write-protected"
    device.unplug()
    assert program.run(*command).error["code"] == "no-token"


def test_what_fails_in_the_middle_is_undone(
    sim: SimulatorFactory, ca: TestCa, tmp_path: Path
) -> None:
    """The private key, the public key, the certificate: whichever finds no room."""
    anchors = tmp_path / "ca.pem"
    anchors.write_bytes(pem(ca.certificate))
    device = sim("jacarta-pki")
    key = KEYS["rsa:2048"]()
    config = Config(audit=None, imports=True, trust=(anchors,))
    with Runner(config, modules=[device.module]) as api:
        token = api.find()
        found = api.care.open_key_file(sealed(key, ca.issue(key.public_key())), Secret(PASSWORD))
        for step in (1, 2, 3):
            device.fault(f"C_CreateObject@{step}=0x31")
            with pytest.raises(TokenFull):
                api.care.take_over(token, Secret(USER_PIN), found)
            device.clear_faults()
            assert api.list(token, Secret(USER_PIN)).all_objects == ()


def test_a_key_that_does_not_sign_afterwards_is_undone(
    sim: SimulatorFactory, ca: TestCa, tmp_path: Path
) -> None:
    anchors = tmp_path / "ca.pem"
    anchors.write_bytes(pem(ca.certificate))
    device = sim("jacarta-pki")
    key = KEYS["ec:p256"]()
    config = Config(audit=None, imports=True, trust=(anchors,))
    with Runner(config, modules=[device.module]) as api:
        found = api.care.open_key_file(sealed(key, ca.issue(key.public_key())), Secret(PASSWORD))
        device.fault("C_Sign@1=0x30")
        with pytest.raises(LockwrightError):
            api.care.take_over(api.find(), Secret(USER_PIN), found)
        device.clear_faults()
        assert api.list(api.find(), Secret(USER_PIN)).all_objects == ()


def test_a_person_is_asked_and_may_say_no(
    program: Program, token: AddedToken, ca: TestCa, terminal: Terminal
) -> None:
    key = KEYS["ec:p256"]()
    (program.home / "key.p12").write_bytes(sealed(key, ca.issue(key.public_key(), "CN=Anna P")))
    screen = terminal(program, "import", "key.p12")
    screen.answers("assword of the PKCS#12 file:", PASSWORD)
    assert "it was made elsewhere" in " ".join(screen.answers("Take it over?", "n").split())
    assert screen.ends()[0] == 1
    assert program.run("list", "--pin-file", "user.pin", "--json").document["containers"] == []
