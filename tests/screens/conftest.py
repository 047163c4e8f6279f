"""Tokens with long names in several scripts, and what a person sees of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.pkcs11.constants import CKA, CKO
from lockwright_testkit.containers import container
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.raw import Value, started
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

LONG = "Ключ_Анны_Петровны_для_платежей_"
"""32 letters, and no space to break a line at."""
WIDE = "日本銀行の鍵と証明書" * 3
MARKED = "Андре\u0438\u0306 Е\u0308лкин"
ID = bytes(range(0x9E, 0x9E + 20))
OTP = "Maple-Drum-77"
_X509 = 0


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    made.secret("wrong.pin", "Wrong-pin-1")
    return made


@pytest.fixture
def bank(program: Program) -> Iterator[EstServer]:
    """A CA that can be asked for the login ``anna``; the one-time password lies in ``otp``."""
    ca = TestCa.root()
    (program.home / "ca.pem").write_bytes(pem(ca.certificate))
    program.secret("otp", OTP)
    folder = program.home / "config" / "lockwright"
    folder.mkdir(parents=True)
    with EstServer(ca, {"anna": OTP}) as server:
        (folder / "config.toml").write_text(
            f'[ca.bank]\nurl = "{server.url}"\ntrust = ["{program.home}/ca.pem"]\n'
            'subject = "CN={login},O=Bank of the Far East"\nkey_type = "ec:p256"\n'
        )
        yield server


@pytest.fixture
def tokens(program: Program, softhsm: SoftHSM) -> tuple[str, str]:
    """A full token and an empty one; their serial numbers."""
    full = softhsm.add_token("Анна Петрова").serial
    ca = TestCa.root("CN=Удостоверяющий центр банка,O=Bank")
    container(ca, f"CN={LONG},O=Bank of the Far East,C=RU", lasts=timedelta(days=9))
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    foreign = ca.issue(key, "CN=Someone else", lasts=timedelta(days=3600))
    with started(softhsm.module) as module:
        session = module.open(next(iter(module.slots())))
        module.login(session, USER_PIN)
        for label, wanted in ((WIDE, ID), (MARKED, ID[::-1])):
            attributes: dict[int, Value] = {
                CKA.CLASS: int(CKO.CERTIFICATE),
                CKA.TOKEN: True,
                CKA.ID: wanted,
                CKA.LABEL: label,
                CKA.CERTIFICATE_TYPE: _X509,
                CKA.SUBJECT: foreign.subject.public_bytes(),
                CKA.VALUE: foreign.public_bytes(Encoding.DER),
            }
            assert module.create(session, attributes)[0] == 0
        data: dict[int, Value] = {
            CKA.CLASS: int(CKO.DATA),
            CKA.TOKEN: True,
            CKA.LABEL: "note " + LONG,
        }
        assert module.create(session, data)[0] == 0
    return full, softhsm.add_token("日本銀行の鍵").serial
