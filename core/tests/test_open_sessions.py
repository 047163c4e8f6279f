"""A session kept between two hooks is the one that was opened, and none is left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright.bindings import BINDINGS, load
from lockwright.pkcs11.constants import CKA, CKO, CKR, CKU
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Template
from lockwright.pkcs11.standard.open_sessions import OpenSessions
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

NOTE: Template = {CKA.CLASS: CKO.DATA, CKA.TOKEN: False, CKA.PRIVATE: False, CKA.LABEL: "note"}


@pytest.fixture
def token(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token()


@pytest.fixture(params=BINDINGS)
def module(request: pytest.FixtureRequest, softhsm: SoftHSM, token: AddedToken) -> Iterator[Module]:
    opened = load(request.param, softhsm.module)
    yield opened
    opened.close()


def test_the_session_is_the_same_one_when_taken(module: Module, token: AddedToken) -> None:
    kept = OpenSessions()
    opened = kept.open(module, token.slot)
    opened.login(CKU.USER, Secret(USER_PIN))
    opened.create(NOTE)

    taken = kept.take(module, token.slot)

    assert taken is opened
    assert len(taken.find(NOTE)) == 1
    assert kept.take(module, token.slot) is None
    taken.close()


def test_nothing_is_taken_when_nothing_was_kept(module: Module, token: AddedToken) -> None:
    assert OpenSessions().take(module, token.slot) is None


def test_the_earlier_session_is_closed_when_another_is_opened(
    module: Module, token: AddedToken
) -> None:
    kept = OpenSessions()
    first = kept.open(module, token.slot)
    second = kept.open(module, token.slot)

    with pytest.raises(CkrError, match="SESSION_HANDLE_INVALID"):
        first.login(CKU.USER, Secret(USER_PIN))

    assert kept.take(module, token.slot) is second
    second.close()


def test_the_session_is_closed_when_dropped(module: Module, token: AddedToken) -> None:
    kept = OpenSessions()
    session = kept.open(module, token.slot)

    kept.drop(module, token.slot)
    kept.drop(module, token.slot)

    with pytest.raises(CkrError) as refused:
        session.login(CKU.USER, Secret(USER_PIN))
    assert refused.value.value == CKR.SESSION_HANDLE_INVALID
    assert kept.take(module, token.slot) is None


def test_nothing_is_kept_when_the_module_opens_no_session(
    module: Module, token: AddedToken
) -> None:
    kept = OpenSessions()
    kept.open(module, token.slot)

    with pytest.raises(CkrError):
        kept.open(module, 999_999)

    assert kept.take(module, 999_999) is None
    kept.drop(module, token.slot)


def test_two_modules_keep_apart_when_their_slots_have_the_same_number(
    softhsm: SoftHSM, token: AddedToken
) -> None:
    """Two modules in one process, as without the host: neither is handed the other's session."""
    first, second = (load(binding, softhsm.module) for binding in BINDINGS)
    kept = OpenSessions()
    session = kept.open(first, token.slot)

    assert kept.take(second, token.slot) is None
    assert kept.take(first, token.slot) is session

    session.close()
    second.close()
    first.close()
