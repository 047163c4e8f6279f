"""How many calls ``lockwright list`` makes, counted by OpenSC's pkcs11-spy before SoftHSM."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lockwright.bindings import load
from lockwright.pkcs11.constants import CKA, CKC, CKK, CKM, CKO, CKU
from lockwright.pkcs11.session import Session, Template
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

SPIES = (
    "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so",
    "/usr/lib/aarch64-linux-gnu/pkcs11-spy.so",
    "/usr/lib64/pkcs11-spy.so",
)
CERTIFICATES = 1000
KEY_PAIRS = 50
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


def test_a_listing_stays_within_its_calls(
    full_token: AddedToken, softhsm: SoftHSM, tmp_path: Path
) -> None:
    for binding, most in (("pykcs11", 2.2), ("python-pkcs11", 4.3)):
        calls = calls_of_a_listing(binding, softhsm, tmp_path)
        print(f"\n{binding}: {calls} calls, {calls / OBJECTS:.2f} for each of {OBJECTS} objects")  # noqa: T201  # make calls shows it
        assert OBJECTS < calls <= most * OBJECTS + 30, binding


def calls_of_a_listing(binding: str, softhsm: SoftHSM, folder: Path) -> int:
    """Every call that the module gets from ``lockwright list``, from start to end."""
    log, config, pin = folder / f"{binding}.log", folder / f"{binding}.toml", folder / "pin"
    config.write_text(f'[adapters.softhsm]\nbinding = "{binding}"\n[audit]\nenabled = false\n')
    pin.touch(0o600)
    pin.write_text(USER_PIN)
    spy = next(path for path in SPIES if Path(path).exists())
    run = subprocess.run(
        [LOCKWRIGHT, "list", "--json", "--config", config, "--module", spy, "--pin-file", pin],
        env={**os.environ, "PKCS11SPY": str(softhsm.module), "PKCS11SPY_OUTPUT": str(log)},
        capture_output=True,
        check=True,
    )
    content = json.loads(run.stdout)
    assert sum(len(c["certificates"]) for c in content["containers"]) == CERTIFICATES
    assert sum(c["key"] is not None for c in content["containers"]) == KEY_PAIRS
    return len(re.findall(r"^\d+: C_", log.read_text(errors="replace"), re.MULTILINE))
