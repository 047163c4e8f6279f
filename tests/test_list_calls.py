"""How many calls ``lockwright list`` makes, counted by OpenSC's pkcs11-spy before SoftHSM.

``make bench`` shows figures of more sizes, which the simulator counts.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.bindings import BINDINGS, load
from lockwright.pkcs11.constants import CKA, CKC, CKK, CKM, CKO, CKU
from lockwright.pkcs11.session import Session, Template
from lockwright.secret import Secret
from lockwright_testkit.pki import TestCa
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

SPIES = (
    "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so",
    "/usr/lib/aarch64-linux-gnu/pkcs11-spy.so",
    "/usr/lib64/pkcs11-spy.so",
)
CERTIFICATES = 200
KEY_PAIRS = 20
OBJECTS = CERTIFICATES + 2 * KEY_PAIRS

LOCKWRIGHT = Path(sys.executable).with_name("lockwright")


@pytest.fixture
def full_token(softhsm: SoftHSM) -> AddedToken:
    added = softhsm.add_token()
    module = load("pykcs11", softhsm.module)
    with module.open_session(added.slot) as session:
        session.login(CKU.USER, Secret(USER_PIN))
        fill(session)
    module.close()
    return added


def fill(session: Session) -> None:
    ca = TestCa.root()
    for n in range(CERTIFICATES):
        certificate = ca.issue(ca.key.public_key(), f"CN=Client {n}")
        session.create(
            {
                CKA.CLASS: CKO.CERTIFICATE,
                CKA.CERTIFICATE_TYPE: CKC.X_509,
                CKA.TOKEN: True,
                CKA.PRIVATE: False,
                CKA.ID: n.to_bytes(2),
                CKA.LABEL: f"certificate {n}",
                CKA.SUBJECT: certificate.subject.public_bytes(),
                CKA.ISSUER: certificate.issuer.public_bytes(),
                CKA.SERIAL_NUMBER: der_integer(certificate.serial_number),
                CKA.VALUE: certificate.public_bytes(Encoding.DER),
            }
        )
    curve = bytes.fromhex("06082a8648ce3d030107")
    for n in range(KEY_PAIRS):
        common: Template = {CKA.TOKEN: True, CKA.ID: n.to_bytes(2), CKA.KEY_TYPE: CKK.EC}
        session.generate_key_pair(
            CKM.EC_KEY_PAIR_GEN, {**common, CKA.EC_PARAMS: curve}, {**common, CKA.PRIVATE: True}
        )


def der_integer(number: int) -> bytes:
    value = number.to_bytes(number.bit_length() // 8 + 1)
    return bytes([2, len(value)]) + value


def test_a_listing_stays_within_its_calls(
    full_token: AddedToken, softhsm: SoftHSM, tmp_path: Path
) -> None:
    spy = Spy(softhsm.module, tmp_path)
    others = spy.calls(["pkcs11-tool", "--module", spy.path, "-O", "-l", "--pin", USER_PIN])
    for binding in BINDINGS:
        calls = calls_of_a_listing(binding, spy, tmp_path)
        assert OBJECTS < calls <= 1.1 * OBJECTS + 20, binding
        assert calls < others / 2, binding


class Spy:
    """OpenSC's pkcs11-spy before a module.

    Args:
        module: the module.
        folder: where the spy writes what it sees.
    """

    def __init__(self, module: Path, folder: Path) -> None:
        self.path = next(path for path in SPIES if Path(path).exists())
        self._log = folder / "spy.log"
        self._environment = {"PKCS11SPY": str(module), "PKCS11SPY_OUTPUT": str(self._log)}
        self.told = b""

    def calls(self, command: Sequence[str | Path]) -> int:
        """Every call that the module gets from a program, from start to end."""
        environment = os.environ | self._environment
        run = subprocess.run(command, env=environment, capture_output=True, check=True)
        self.told = run.stdout
        seen = self._log.read_text(errors="replace")
        self._log.unlink()
        return len(re.findall(r"^\d+: C_", seen, re.MULTILINE))


def calls_of_a_listing(binding: str, spy: Spy, folder: Path) -> int:
    """The calls of ``lockwright list``, once it is sure that it listed everything."""
    config, pin = folder / f"{binding}.toml", folder / "pin"
    config.write_text(f'[adapters.softhsm]\nbinding = "{binding}"\n[audit]\nenabled = false\n')
    pin.touch(0o600)
    pin.write_text(USER_PIN)
    options = ("--config", config, "--module", spy.path, "--pin-file", pin)
    calls = spy.calls([LOCKWRIGHT, "list", "--json", *options])
    content = json.loads(spy.told)
    assert sum(len(c["certificates"]) for c in content["containers"]) == CERTIFICATES
    assert sum(c["key"] is not None for c in content["containers"]) == KEY_PAIRS
    return calls
