"""Private keys that only a signature tells apart: the one that is meant goes, and no other."""

from __future__ import annotations

import pytest
from lockwright.models import ObjectKind, Token
from lockwright.pkcs11 import ecdsa, refs, standard
from lockwright.pkcs11.constants import CKA, CKM, CKO, CKU
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import Module, Template
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken

ALWAYS_AUTHENTICATE = 0x202
DIGEST = bytes(range(32))
P256 = bytes.fromhex("06082a8648ce3d030107")
SHARED: Template = {CKA.TOKEN: True, CKA.ID: b"\1", CKA.LABEL: "work"}


@pytest.mark.parametrize("each_time", [False, True], ids=["once", "each-time"])
def test_of_two_keys_that_are_alike_the_one_that_signs_so_is_deleted(
    module: Module, added: AddedToken, *, each_time: bool
) -> None:
    token = Token(next(e for e in identities(module) if e.slot == added.slot), "softhsm", "")
    wanted = {**SHARED, CKA.PRIVATE: True, CKA.SIGN: True, ALWAYS_AUTHENTICATE: each_time}
    with module.open_session(added.slot) as session, Secret(USER_PIN) as pin:
        session.login(CKU.USER, pin)
        public: Template = {**SHARED, CKA.EC_PARAMS: P256}
        for _ in range(2):
            session.generate_key_pair(CKM.EC_KEY_PAIR_GEN, public, wanted)
        session.logout()
        objects = standard.list_objects(module, token, pin, None)
        key = next(obj for obj in objects if obj.kind is ObjectKind.PRIVATE_KEY)
        values = [e.public_value for e in objects if e.public_value is not None]

        assert standard.delete(module, token, pin, [refs.by_value(key.ref, values[0])]) == []

        session.login(CKU.USER, pin)
        [left] = session.find({CKA.CLASS: CKO.PRIVATE_KEY})
        signature = session.sign(left, CKM.ECDSA, DIGEST, pin)
        assert {v: ecdsa.fits("ec:p256", v, signature, DIGEST) for v in values} == {
            values[0]: False,
            values[1]: True,
        }
