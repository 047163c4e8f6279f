"""A module that tells a count or a length that no memory has is broken, not the adapter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.bindings import load
from lockwright.errors import ModuleBroken
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.session import Module
from lockwright_testkit.softhsm import AddedToken

Faults = Callable[[str], None]


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


def test_a_length_of_a_number_is_no_number(
    module: Module, added: AddedToken, faults: Faults
) -> None:
    with module.open_session(added.slot) as session:
        handle = session.create({CKA.CLASS: CKO.DATA, CKA.PRIVATE: False, CKA.LABEL: "note"})
        faults("C_GetAttributeValue@*=lie")
        assert session.numbers(handle, [CKA.PRIVATE]) == {}


def test_a_length_of_a_value_is_told_of_the_module(
    added: AddedToken, faulty: Path, faults: Faults
) -> None:
    """PyKCS11 ends the process instead, which its host tells."""
    module = load("python-pkcs11", faulty)
    with module.open_session(added.slot) as session:
        handle = session.create({CKA.CLASS: CKO.DATA, CKA.PRIVATE: False, CKA.LABEL: "note"})
        faults("C_GetAttributeValue@*=lie")
        with pytest.raises(ModuleBroken, match="no memory") as broken:
            session.read(handle, [CKA.LABEL, CKA.VALUE])
    module.close()
    assert broken.value.facts["module"] == str(faulty)
