"""Tokens with long names in several scripts, and what a person sees of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.pkcs11.constants import CKA, CKO
from lockwright_testkit.containers import container
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Program
from lockwright_testkit.raw import Value, started
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

LONG = "Ключ_Анны_Петровны_для_платежей_"
"""32 letters, and no space to break a line at."""
WIDE = "日本銀行の鍵と証明書" * 3
MARKED = "Андре\u0438\u0306 Е\u0308лкин"
ID = bytes(range(0x9E, 0x9E + 20))
_X509 = 0


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    made.secret("wrong.pin", "Wrong-pin-1")
    return made


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
