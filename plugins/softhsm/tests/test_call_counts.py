"""How many calls a listing makes, counted by OpenSC's pkcs11-spy between us and SoftHSM."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.bindings import load
from lockwright.pkcs11.constants import CKA, CKC, CKK, CKM, CKO, CKU
from lockwright.pkcs11.session import Session, Template
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

SPY = next(
    (
        path
        for path in map(
            Path,
            (
                "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so",
                "/usr/lib/aarch64-linux-gnu/pkcs11-spy.so",
                "/usr/lib64/pkcs11-spy.so",
            ),
        )
        if path.exists()
    ),
    None,
)
CERTIFICATES = 1000
KEY_PAIRS = 50
OBJECTS = CERTIFICATES + 2 * KEY_PAIRS

# All that the host does for `lockwright list`; the PIN comes by stdin.
PROGRAM = """
import sys
from pathlib import Path
import lockwright_softhsm as adapter
from lockwright.models import Token
from lockwright.secret import Secret

binding, spy = sys.argv[1:]
module = adapter.lockwright_open(Path(spy), {"binding": binding})
info = module.info()
(slot,) = module.slots()
token = Token(slot.identity(info), "softhsm", "a test")
adapter.lockwright_state(module, token)
print(len(adapter.lockwright_list(module, token, Secret(sys.stdin.read()))))
module.close()
"""


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
    for n in range(CERTIFICATES):
        name: Template = {CKA.ID: n.to_bytes(2), CKA.LABEL: f"certificate {n}"}
        session.create(
            {
                **name,
                CKA.CLASS: CKO.CERTIFICATE,
                CKA.CERTIFICATE_TYPE: CKC.X_509,
                CKA.TOKEN: True,
                CKA.PRIVATE: False,
                CKA.SUBJECT: b"0\x00",
                CKA.VALUE: b"0\x82\x03\xe8" + n.to_bytes(2) * 500,
            }
        )
    curve = bytes.fromhex("06082a8648ce3d030107")
    for n in range(KEY_PAIRS):
        common: Template = {CKA.TOKEN: True, CKA.ID: n.to_bytes(2), CKA.KEY_TYPE: CKK.EC}
        session.generate_key_pair(
            CKM.EC_KEY_PAIR_GEN, {**common, CKA.EC_PARAMS: curve}, {**common, CKA.PRIVATE: True}
        )


@pytest.mark.skipif(SPY is None, reason="needs pkcs11-spy, of the package opensc")
def test_a_listing_stays_within_its_calls(
    full_token: AddedToken,
    softhsm: SoftHSM,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    for binding, most in (("pykcs11", 2.2), ("python-pkcs11", 4.3)):
        calls = calls_of_a_listing(binding, softhsm, tmp_path / f"{binding}.log")
        record_property(f"calls for each object on {binding}", calls / OBJECTS)
        assert OBJECTS < calls <= most * OBJECTS + 30, binding


def calls_of_a_listing(binding: str, softhsm: SoftHSM, log: Path) -> int:
    spied = {"PKCS11SPY": str(softhsm.module), "PKCS11SPY_OUTPUT": str(log)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, binding, str(SPY)],
        env={**os.environ, **spied},
        input=USER_PIN,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(run.stdout) == OBJECTS
    return len(re.findall(r"^\d+: C_", log.read_text(errors="replace"), re.MULTILINE))
