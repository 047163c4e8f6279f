"""An object of which the token says nothing is listed as such, and can go; the others are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.models import TokenObject
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO, CKR, CKU
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Session, Template
from lockwright.pkcs11.standard.listing import read_all
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN

P256 = bytes.fromhex("06082a8648ce3d030107")
DATA: Template = {CKA.CLASS: CKO.DATA, CKA.TOKEN: True, CKA.LABEL: "note", CKA.VALUE: b"value"}
SHARED: Template = {CKA.TOKEN: True, CKA.ID: b"\1", CKA.LABEL: "work"}
REFUSED = (
    *(CKR.DEVICE_ERROR, CKR.ATTRIBUTE_VALUE_INVALID, CKR.GENERAL_ERROR, CKR.FUNCTION_FAILED),
    *(CKR.USER_NOT_LOGGED_IN, CKR.FUNCTION_NOT_SUPPORTED, 0x80000123),
)


@pytest.fixture
def handles(session: Session) -> list[int]:
    """A key pair and a data object: private, public, data."""
    session.login(CKU.USER, Secret(USER_PIN))
    public, private = session.generate_key_pair(
        CKM.EC_KEY_PAIR_GEN,
        {**SHARED, CKA.KEY_TYPE: CKK.EC, CKA.EC_PARAMS: P256},
        {**SHARED, CKA.KEY_TYPE: CKK.EC, CKA.PRIVATE: True},
    )
    return [private, public, session.create(DATA)]


def listed(session: Session) -> dict[int, TokenObject]:
    return dict(read_all(session))


@pytest.mark.parametrize("answer", REFUSED)
@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_cannot_be_read_is_listed_by_its_kind_beside_the_others(
    session: Session, handles: list[int], faults: Callable[[str], None], which: int, answer: int
) -> None:
    before = listed(session)
    silent = handles[which]
    faults(f"C_GetAttributeValue@h{silent}={answer:#x}")

    found = listed(session)

    assert {handle: obj for handle, obj in found.items() if handle != silent} == {
        handle: obj for handle, obj in before.items() if handle != silent
    }
    assert (found[silent].kind, found[silent].unreadable) == (before[silent].kind, True)
    assert found[silent].ref not in {obj.ref for obj in before.values()}


def test_what_cannot_be_read_can_be_removed(
    session: Session, handles: list[int], faults: Callable[[str], None]
) -> None:
    faults(f"C_GetAttributeValue@h{handles[0]}=0x30")
    session.destroy(handles[0])
    assert set(listed(session)) == set(handles[1:])


def test_an_object_that_goes_while_others_are_read_is_not_listed(
    session: Session, handles: list[int], faults: Callable[[str], None]
) -> None:
    faults(f"C_GetAttributeValue@h{handles[2]}=0x82")
    assert set(listed(session)) == set(handles[:2])


@pytest.mark.parametrize("answer", [CKR.DEVICE_REMOVED, CKR.SESSION_HANDLE_INVALID])
def test_a_token_that_is_gone_ends_the_listing(
    session: Session, handles: list[int], faults: Callable[[str], None], answer: int
) -> None:
    faults(f"C_GetAttributeValue@h{handles[2]}={answer:#x}")
    with pytest.raises(CkrError) as caught:
        listed(session)
    assert caught.value.value == answer
