"""What both bindings promise of sessions and logins, and each defect that is worked round."""

from __future__ import annotations

from collections.abc import Callable

import pkcs11
import pytest
from lockwright.bindings import load
from lockwright.pkcs11.constants import CKR, CKU
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Session
from lockwright.secret import Secret
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken, SoftHSM


def test_the_so_can_log_in_after_a_wrong_user_pin(module: Module, added: AddedToken) -> None:
    """python-pkcs11 logs in inside Token.open and leaves the session open when the PIN is wrong.

    The read-only session it leaks then forbids an SO login in the same process.
    """
    with (
        module.open_session(added.slot, write=False) as session,
        pytest.raises(CkrError, match="PIN_INCORRECT"),
    ):
        session.login(CKU.USER, Secret("wrong-pin"))
    with module.open_session(added.slot) as session:
        session.login(CKU.SO, Secret(SO_PIN))


def test_python_pkcs11_by_itself_still_leaks_the_session(
    softhsm: SoftHSM, added: AddedToken
) -> None:
    library = pkcs11.lib(str(softhsm.module))
    slot = next(s for s in library.get_slots(token_present=True) if s.slot_id == added.slot)
    with pytest.raises(pkcs11.PinIncorrect):
        slot.get_token().open(user_pin="wrong-pin")
    with pytest.raises(pkcs11.SessionReadOnlyExists):
        slot.get_token().open(rw=True, so_pin=SO_PIN)
    pkcs11.unload(str(softhsm.module))


def test_a_failed_login_leaves_no_session_open(module: Module, added: AddedToken) -> None:
    """As above, seen from the session itself, whose handle the module no longer knows."""
    with module.open_session(added.slot) as session, pytest.raises(CkrError):
        session.login(CKU.USER, Secret("wrong-pin"))
    with pytest.raises(CkrError, match="SESSION_HANDLE_INVALID"):
        session.login(CKU.USER, Secret(USER_PIN))


def test_a_further_session_costs_one_call(binding: str, sim: SimulatorFactory) -> None:
    device = sim("plain")
    module = load(binding, device.module)
    slot = module.slots()[0].token.slot
    with module.open_session(slot):
        pass
    device.zero_counts()
    with module.open_session(slot) as session:
        session.login(CKU.USER, Secret(USER_PIN))
    module.close()
    calls = ("C_OpenSession", "C_Login", "C_CloseSession", "C_Finalize")
    assert device.counts() == dict.fromkeys(calls, 1)


def test_no_session_is_opened_where_the_token_was_pulled_out(
    binding: str, sim: SimulatorFactory
) -> None:
    device = sim("plain")
    module = load(binding, device.module)
    slot = module.slots()[0].token.slot
    with module.open_session(slot):
        pass
    device.unplug()
    with pytest.raises(CkrError, match="CKR_TOKEN_NOT_PRESENT"):
        module.open_session(slot)
    device.plug()
    with module.open_session(slot) as session:
        assert session.find({}) == []
    module.close()


def test_logging_out_when_nobody_is_logged_in_is_no_error(
    session: Session, faults: Callable[[str], None]
) -> None:
    session.login(CKU.USER, Secret(USER_PIN))
    session.logout()
    faults(f"C_Logout@1={CKR.USER_NOT_LOGGED_IN:#x}")  # SoftHSM itself says CKR_OK
    session.logout()


def test_logging_out_of_a_token_that_is_gone_is_told(
    session: Session, faults: Callable[[str], None]
) -> None:
    session.login(CKU.USER, Secret(USER_PIN))
    faults("C_Logout@1=0x32")
    with pytest.raises(CkrError, match="DEVICE_REMOVED"):
        session.logout()


def test_a_pin_can_be_wiped_while_the_error_it_caused_is_held(session: Session) -> None:
    pin = Secret("wrong-pin")
    with pytest.raises(CkrError):
        session.login(CKU.USER, pin)
    pin.wipe()
    assert len(pin) == 0


def test_an_empty_pin_is_a_wrong_pin_and_no_crash(session: Session) -> None:
    with pytest.raises(CkrError):
        session.login(CKU.USER, Secret(""))


def test_closing_twice_or_after_a_failure_never_raises(
    module: Module, added: AddedToken, faults: Callable[[str], None]
) -> None:
    session = module.open_session(added.slot).__enter__()
    faults("C_CloseSession@*=0x30; C_Finalize@*=0x5")
    session.close()
    session.close()
    faults("")
    module.close()
    module.close()
