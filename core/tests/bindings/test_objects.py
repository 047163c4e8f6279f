"""What both bindings promise of objects, and each defect that is worked round."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pkcs11
import pytest
from lockwright.bindings import load
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO, CKR, CKU
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Session, Template
from lockwright.secret import Secret
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, AddedToken

VENDOR = 0x80000000
ALWAYS_AUTHENTICATE = 0x202
DATA: Template = {
    CKA.CLASS: CKO.DATA,
    CKA.TOKEN: False,
    CKA.PRIVATE: False,
    CKA.LABEL: "note",
    CKA.VALUE: b"value",
}


# --- objects -------------------------------------------------------------------------------------


def test_attributes_are_written(session: Session) -> None:
    handle = session.create(DATA)
    session.write(handle, {CKA.LABEL: "renamed"})
    assert session.read(handle, [CKA.LABEL]) == {CKA.LABEL: b"renamed"}


def test_an_attribute_that_cannot_be_written_says_so(session: Session) -> None:
    handle = session.create(DATA)
    with pytest.raises(CkrError, match="CKR_ATTRIBUTE_READ_ONLY"):
        session.write(handle, {CKA.TOKEN: True})


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_a_module_that_bears_no_long_request_gets_short_ones(
    binding: str, sim: SimulatorFactory, at_once: int
) -> None:
    token = sim("plain", settings={"attributes.most": at_once})
    module = load(binding, token.module, at_once=at_once)
    with module.open_session(module.slots()[0].token.slot) as session:
        handle = session.create(DATA)
        before = token.show()["slot0.attributes.long"]  # python-pkcs11 looks at what it made
        wanted = [CKA.LABEL, CKA.MODULUS, CKA.VALUE, CKA.PRIVATE, CKA.APPLICATION, CKA.CLASS]
        read = session.read(handle, wanted)
    module.close()
    assert read[CKA.LABEL] == b"note"
    assert read[CKA.VALUE] == b"value"
    assert set(read) == set(wanted) - {CKA.MODULUS, CKA.APPLICATION}
    assert token.show()["slot0.attributes.long"] == before


# --- defects of the bindings ---------------------------------------------------------------------


def test_an_attribute_answered_as_unavailable_is_missing_and_the_others_are_read(
    session: Session, faults: Callable[[str], None]
) -> None:
    """A module may answer CK_UNAVAILABLE_INFORMATION with CKR_OK, against the standard.

    python-pkcs11 stops at that attribute and loses those after it without a word.
    """
    handle = session.create(DATA)
    faults("C_GetAttributeValue@*=unavailable")
    wanted = (CKA.LABEL, CKA.MODULUS, CKA.VALUE, CKA.SUBJECT, CKA.CLASS)
    assert session.read(handle, wanted) == {
        CKA.LABEL: b"note",
        CKA.VALUE: b"value",
        CKA.CLASS: bytes(8),
    }


def test_python_pkcs11_by_itself_still_loses_what_comes_after_an_unavailable_attribute(
    added: AddedToken, faulty: Path, faults: Callable[[str], None]
) -> None:
    library = pkcs11.lib(str(faulty))
    slot = next(s for s in library.get_slots(token_present=True) if s.slot_id == added.slot)
    with slot.get_token().open(rw=True) as session:
        made = session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.DATA,
                pkcs11.Attribute.PRIVATE: False,
                pkcs11.Attribute.LABEL: "note",
                pkcs11.Attribute.VALUE: b"value",
            }
        )
        faults("C_GetAttributeValue@*=unavailable")
        wanted = pkcs11.Attribute.LABEL, pkcs11.Attribute.MODULUS, pkcs11.Attribute.VALUE
        assert set(made.get_attributes(list(wanted))) == {pkcs11.Attribute.LABEL}
    pkcs11.unload(str(faulty))


def test_vendor_attributes_are_written_found_and_read(
    binding: str, added: AddedToken, faulty: Path, faults: Callable[[str], None]
) -> None:
    """python-pkcs11's mapper knows no number of a vendor; PyKCS11's table refuses some.

    The module under the interposer takes vendor numbers for its own attributes, so values are
    seen to go both ways. In a child process, since python-pkcs11 crashes in its own memory on an
    attribute that its mapper does not know.
    """
    faults("C_CreateObject@*=vendor; C_FindObjectsInit@*=vendor; C_GetAttributeValue@*=vendor")
    program = "import sys, test_objects; test_objects.vendor_attributes(*sys.argv[1:])"
    child = subprocess.run(
        [sys.executable, "-c", program, binding, faulty, str(added.slot)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (child.returncode, child.stderr) == (0, "")


def vendor_attributes(binding: str, module: str, slot: str) -> None:
    """What the test above has its child do."""
    with load(binding, Path(module)).open_session(int(slot)) as session:
        template: Template = {**DATA, CKA.LABEL: "plain", VENDOR | CKA.APPLICATION: "ours"}
        handle = session.create(template)
        assert list(session.find({VENDOR | CKA.APPLICATION: "ours"})) == [handle]
        assert session.find({VENDOR | CKA.APPLICATION: "theirs"}) == []
        read = session.read(handle, [VENDOR | CKA.VALUE, VENDOR | CKA.APPLICATION, CKA.LABEL])
        assert read == {
            VENDOR | CKA.VALUE: b"value",
            VENDOR | CKA.APPLICATION: b"ours",
            CKA.LABEL: b"plain",
        }


# --- what both promise ---------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["single", "0x6", "0x13"])
def test_a_module_that_refuses_a_request_is_asked_one_by_one(
    session: Session, faults: Callable[[str], None], answer: str
) -> None:
    handle = session.create(DATA)
    nth = "*" if answer == "single" else "1"
    faults(f"C_GetAttributeValue@{nth}={answer}")
    wanted = (CKA.LABEL, CKA.MODULUS, CKA.VALUE)
    assert session.read(handle, wanted) == {CKA.LABEL: b"note", CKA.VALUE: b"value"}


def test_a_removed_token_is_no_missing_attribute(
    session: Session, faults: Callable[[str], None]
) -> None:
    handle = session.create(DATA)
    faults("C_GetAttributeValue@*=0x32")
    with pytest.raises(CkrError) as caught:
        session.read(handle, [CKA.LABEL, CKA.VALUE])
    assert caught.value.value == CKR.DEVICE_REMOVED


@pytest.mark.parametrize(
    "value",
    [
        *(CKR.HOST_MEMORY, CKR.DEVICE_ERROR, CKR.DEVICE_MEMORY, CKR.DEVICE_REMOVED),
        *(CKR.SESSION_READ_ONLY, CKR.SESSION_HANDLE_INVALID, CKR.TEMPLATE_INCOMPLETE),
        *(CKR.TOKEN_WRITE_PROTECTED, CKR.TOKEN_NOT_RECOGNIZED, CKR.USER_NOT_LOGGED_IN),
        *(CKR.USER_ANOTHER_ALREADY_LOGGED_IN, CKR.FUNCTION_NOT_SUPPORTED, CKR.ARGUMENTS_BAD),
        0x80000123,
    ],
)
def test_a_return_value_comes_through_as_it_is(
    session: Session, faults: Callable[[str], None], value: int
) -> None:
    faults(f"C_CreateObject@1={value:#x}")
    with pytest.raises(CkrError) as caught:
        session.create(DATA)
    assert caught.value.value == value
    assert session.create(DATA)


def test_values_are_bytes_as_the_module_has_them(session: Session) -> None:
    handle = session.create({**DATA, CKA.LABEL: "Ключ", CKA.VALUE: bytes(range(256))})
    assert session.read(handle, [CKA.VALUE, CKA.LABEL, CKA.PRIVATE]) == {
        CKA.VALUE: bytes(range(256)),
        CKA.LABEL: "Ключ".encode(),
        CKA.PRIVATE: b"\x00",
    }


def test_many_objects_are_found(session: Session) -> None:
    made = {session.create({**DATA, CKA.LABEL: str(n)}) for n in range(300)}
    assert set(session.find({})) == made
    assert len(session.find({CKA.LABEL: "7"})) == 1


@pytest.mark.parametrize(("most", "found"), [(1, 1), (3, 3), (9, 5)])
def test_a_search_ends_when_enough_is_found(session: Session, most: int, found: int) -> None:
    for n in range(5):
        session.create({**DATA, CKA.LABEL: str(n)})
    assert len(set(session.find({}, most=most))) == found
    assert len(session.find({})) == 5, "the next search finds all again"


def test_a_search_that_fails_can_be_followed_by_another(
    session: Session, faults: Callable[[str], None]
) -> None:
    handle = session.create(DATA)
    faults("C_FindObjects@1=0x30")
    with pytest.raises(CkrError):
        session.find({})
    assert list(session.find({})) == [handle]


def test_a_key_encrypts_one_block_and_stays_inside(session: Session) -> None:
    session.login(CKU.USER, Secret(USER_PIN))
    key = session.create(
        {
            CKA.CLASS: CKO.SECRET_KEY,
            CKA.KEY_TYPE: CKK.DES3,
            CKA.TOKEN: False,
            CKA.SENSITIVE: True,
            CKA.EXTRACTABLE: False,
            CKA.ENCRYPT: True,
            CKA.VALUE: bytes(24),
        }
    )

    encrypted = session.encrypt(key, CKM.DES3_ECB, bytes.fromhex("A892D75601617C5D"))

    assert encrypted.hex().upper() == "1951EC3EF81BBABB"  # Microsoft's minidriver specification
    assert CKA.VALUE not in session.read(key, [CKA.VALUE])
    with pytest.raises(CkrError):
        session.encrypt(key, CKM.DES3_ECB, b"short")


def test_a_key_that_wants_its_pin_for_each_signature_gets_it(session: Session) -> None:
    pin = Secret(USER_PIN)
    session.login(CKU.USER, pin)
    common: Template = {CKA.TOKEN: False, CKA.SIGN: True, CKA.PRIVATE: True}
    _public, key = session.generate_key_pair(
        CKM.EC_KEY_PAIR_GEN,
        {CKA.EC_PARAMS: bytes.fromhex("06082a8648ce3d030107")},
        {**common, ALWAYS_AUTHENTICATE: True},
    )

    with pytest.raises(CkrError, match="USER_NOT_LOGGED_IN"):
        session.sign(key, CKM.ECDSA, bytes(32))

    assert [len(session.sign(key, CKM.ECDSA, bytes(32), pin)) for _ in range(2)] == [64, 64]


# --- numbers -------------------------------------------------------------------------------------

NUMBERS = (CKA.MODIFIABLE, CKA.MODULUS_BITS, CKA.CLASS, CKA.PRIVATE)
TOLD = {CKA.MODIFIABLE: 1, CKA.CLASS: CKO.DATA, CKA.PRIVATE: 0}


def test_numbers_and_switches_are_read_in_one_call(binding: str, sim: SimulatorFactory) -> None:
    token = sim("plain")
    module = load(binding, token.module)
    with module.open_session(module.slots()[0].token.slot) as session:
        handle = session.create(DATA)
        token.zero_counts()
        told = session.numbers(handle, NUMBERS)
    module.close()
    assert told == TOLD
    assert token.counts()["C_GetAttributeValue"] == 1


@pytest.mark.parametrize("answer", ["*=single", "1=0x6", "1=0x13", "*=unavailable"])
def test_numbers_are_read_from_a_module_with_its_own_answers(
    session: Session, faults: Callable[[str], None], answer: str
) -> None:
    handle = session.create(DATA)
    faults(f"C_GetAttributeValue@{answer}")
    assert session.numbers(handle, NUMBERS) == TOLD


def test_what_is_too_long_for_a_number_is_none_and_the_others_are_read(session: Session) -> None:
    handle = session.create({**DATA, CKA.LABEL: "longer than any number"})
    assert session.numbers(handle, (CKA.LABEL, *NUMBERS)) == TOLD


def test_numbers_that_a_module_left_as_they_were_are_no_zeros(
    session: Session, faults: Callable[[str], None]
) -> None:
    """Tries left that were not told must not read as none left."""
    handle = session.create(DATA)
    faults("C_GetAttributeValue@*=0x12")
    assert session.numbers(handle, NUMBERS) == {}


def test_a_removed_token_has_no_numbers(session: Session, faults: Callable[[str], None]) -> None:
    handle = session.create(DATA)
    faults("C_GetAttributeValue@*=0x32")
    with pytest.raises(CkrError, match="CKR_DEVICE_REMOVED"):
        session.numbers(handle, NUMBERS)
