"""A module that tells a count or a length that no memory has is broken, not the adapter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import ModuleBroken
from lockwright.pkcs11.constants import CKA, CKM, CKO, CKU
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Template
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken

Faults = Callable[[str], None]
P256 = bytes.fromhex("06082a8648ce3d030107")


def test_a_count_of_slots_is_told_of_the_module(module: Module, faults: Faults) -> None:
    faults("C_GetSlotList@*=lie")
    with pytest.raises(ModuleBroken, match=r"slots or mechanisms that it tells of: \d+") as broken:
        module.slots()
    assert broken.value.facts["module"] == str(module.path)


def test_a_count_of_mechanisms_is_told_of_the_module(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    faults("C_GetMechanismList@*=lie")
    with pytest.raises(ModuleBroken, match="that it tells of"):
        module.mechanisms(added.slot)


@pytest.mark.parametrize("most", [None, 1, 3])
def test_a_count_of_objects_is_told_of_the_module(
    module: Module, added: AddedToken, faults: Faults, most: int | None
) -> None:
    with module.open_session(added.slot) as session:
        for label in ("one", "two"):
            session.create({CKA.CLASS: CKO.DATA, CKA.PRIVATE: False, CKA.LABEL: label})
        faults("C_FindObjects@1=more")
        with pytest.raises(ModuleBroken, match="it tells of") as broken:
            session.find({CKA.CLASS: CKO.DATA}, most)
        assert broken.value.facts["module"] == str(module.path)
        assert len(session.find({CKA.CLASS: CKO.DATA})) == 2, "the search was ended"


def test_a_count_of_objects_that_no_memory_has_is_told_of_the_module(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    with module.open_session(added.slot) as session:
        faults("C_FindObjects@1=lie")
        with pytest.raises(ModuleBroken, match="it tells of"):
            session.find({CKA.CLASS: CKO.DATA})


def test_a_length_of_a_number_is_no_number(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    with module.open_session(added.slot) as session:
        handle = session.create({CKA.CLASS: CKO.DATA, CKA.PRIVATE: False, CKA.LABEL: "note"})
        faults("C_GetAttributeValue@*=lie")
        assert session.numbers(handle, [CKA.PRIVATE]) == {}


def test_a_length_of_a_value_is_told_of_the_module(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    with module.open_session(added.slot) as session:
        handle = session.create({CKA.CLASS: CKO.DATA, CKA.PRIVATE: False, CKA.LABEL: "note"})
        faults("C_GetAttributeValue@*=lie")
        with pytest.raises(ModuleBroken, match="no memory") as broken:
            session.read(handle, [CKA.LABEL, CKA.VALUE])
    assert broken.value.facts["module"] == str(module.path)


def test_a_length_of_a_signature_is_told_of_the_module(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    with module.open_session(added.slot) as session:
        session.login(CKU.USER, Secret(USER_PIN))
        _public, private = session.generate_key_pair(
            CKM.EC_KEY_PAIR_GEN, {CKA.EC_PARAMS: P256}, {CKA.SIGN: True}
        )
        faults("C_Sign@*=lie")
        with pytest.raises(ModuleBroken, match="no memory"):
            session.sign(private, CKM.ECDSA, bytes(32))


def test_a_length_beside_a_refusal_is_of_no_meaning(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    always_authenticate = 0x202
    with module.open_session(added.slot) as session:
        session.login(CKU.USER, Secret(USER_PIN))
        wanted = {CKA.SIGN: True, CKA.PRIVATE: True, always_authenticate: True}
        _public, private = session.generate_key_pair(
            CKM.EC_KEY_PAIR_GEN, {CKA.EC_PARAMS: P256}, wanted
        )
        faults("C_Sign@*=lie")
        with pytest.raises(CkrError, match="C_Sign: CKR_USER_NOT_LOGGED_IN"):
            session.sign(private, CKM.ECDSA, bytes(32))


def test_no_pin_goes_to_a_session_whose_login_is_over(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    with module.open_session(added.slot) as session:
        _public, key = session.generate_key_pair(
            CKM.EC_KEY_PAIR_GEN, {CKA.EC_PARAMS: P256}, {CKA.SIGN: True, CKA.PRIVATE: False}
        )
        faults("C_Sign@1=0x101")
        with pytest.raises(CkrError, match="C_Sign: CKR_USER_NOT_LOGGED_IN"):
            session.sign(key, CKM.ECDSA, bytes(32), Secret("wrong-pin"))


def test_what_a_module_did_not_look_at_for_want_of_room_is_asked_for_again(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    note: Template = {CKA.PRIVATE: False, CKA.LABEL: "note", CKA.VALUE: b"value"}
    with module.open_session(added.slot) as session:
        handle = session.create({CKA.CLASS: CKO.DATA, **note})
        faults("C_GetAttributeValue@1=0x150")  # CKR_BUFFER_TOO_SMALL
        told = session.read(handle, [CKA.LABEL, CKA.VALUE, CKA.APPLICATION])
    assert told == {CKA.LABEL: b"note", CKA.VALUE: b"value"}
