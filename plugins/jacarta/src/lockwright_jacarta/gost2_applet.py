"""The applet of JaCarta-2 GOST ("KT2"): a PUK in place of an SO.

Its administrator works at the vendor's own workstation, which personalises the token and makes the
Response to a Request; a Response resets the counter and keeps the PIN.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import byref, c_ulong, create_string_buffer
from dataclasses import replace

from lockwright.errors import NotSupported, PinIncorrect, PinLocked, PinRefusedByToken
from lockwright.errors.pins import PUK
from lockwright.i18n import N_
from lockwright.models import PinState, PinStatus, Token, TokenState, UnblockWay
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Session
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_jacarta.functions import (
    CKU_PUK,
    JcRv,
    Kt2ExtendedInfo,
    Kt2PinState,
    call,
    functions,
    read,
)
from lockwright_jacarta.pin_refusals import NOT_IN_MODULE, REQUESTS

RESPONSE_LENGTH: int | None = None
SHORTEST = 6
"""Characters to which ``ulMinPinLengthAddition`` is added (jcPKCS11t.h)."""
POLICY = frozenset({"min_length", "min_digits", "min_upper", "min_lower", "min_special"})
_ENDS = {0: PinState.LOCKED, 1: PinState.FINAL_TRY}
_WRONG = {JcRv.PUK_INCORRECT, JcRv.PUK_INVALID, JcRv.PUK_LEN_RANGE, CKR.PIN_INCORRECT}


def state(module: Module, slot: int, plain: TokenState) -> TokenState:
    """Tries by the errors that were made; the PUK, if it has one; no SO."""
    info = _info(module, slot)
    known = functions(module.path)
    remote = known.has("JC_KT2_CreateUnlockChallenge") and known.has("JC_KT2_UnlockWithResponse")
    has_puk = info is None or bool(info.puk.exists)
    return replace(
        plain,
        user_pin=_counted(plain.user_pin, info),
        so_pin=None,
        puk=_status(info.puk) if info is not None and has_puk else None,
        capabilities=replace(
            plain.capabilities,
            unblock_sets_pin=frozenset({UnblockWay.PUK} if has_puk else ()),
            unblock_keeps_pin=frozenset({UnblockWay.CHALLENGE} if remote else ()),
            reads_tries=info is not None,
            policy_reads=plain.capabilities.policy_reads | (POLICY if info else frozenset()),
            not_offered=dict.fromkeys(() if remote else REQUESTS, NOT_IN_MODULE)
            | dict.fromkeys(() if has_puk else ("unblock",), N_("it has no PUK")),
        ),
    )


def policy(module: Module, slot: int) -> PinPolicy:
    """The applet's rules; where it takes Cyrillic letters too, Latin ones are asked for here."""
    info = _info(module, slot)
    if info is None:
        return PinPolicy()
    rules = info.user_policy
    return PinPolicy(
        min_length=SHORTEST + rules.min_length_addition,
        min_digits=int(bool(rules.use_digits)),
        min_upper=int(bool(rules.use_upper)),
        min_lower=int(bool(rules.use_lower)),
        min_special=int(bool(rules.use_special)),
    )


def unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    """With the PUK: set a new PIN.

    Raises:
        PinIncorrect, PinLocked: the PUK is wrong or locked.
        PinRefusedByToken: the token does not take the new PIN.
        NotSupported: another way was asked for, or to keep the PIN.
    """
    pin = standard.pin_to_set(way, UnblockWay.PUK, new_pin)
    slot = standard.locate(module, token).slot
    with _puk_session(module, slot, secret) as session:
        refusal = _set_pin(session, secret, pin)
    if refusal is not None:
        raise refusal


def challenge(module: Module, slot: int) -> bytes:
    """Make a Request, of the length that the module says."""
    length = c_ulong()
    call(module.path, "JC_KT2_CreateUnlockChallenge", slot, None, byref(length))
    room = create_string_buffer(length.value)
    call(module.path, "JC_KT2_CreateUnlockChallenge", slot, room, byref(length))
    return room.raw[: length.value]


def complete(
    module: Module, _session: Session, slot: int, response: Secret, new_pin: Secret | None
) -> None:
    """Give the Response, which resets the counter of the PIN."""
    if new_pin is not None:
        raise NotSupported(operation=N_("set a new PIN with a Response, which keeps the PIN"))
    call(module.path, "JC_KT2_UnlockWithResponse", slot, response, c_ulong(len(response)))


def admin_tries(_module: Module, _slot: int) -> int | None:
    """The applet does not tell."""
    return None


def unblocks_left(_module: Module, _slot: int) -> int | None:
    """The applet does not tell."""
    return None


def _info(module: Module, slot: int) -> Kt2ExtendedInfo | None:
    return read(module.path, Kt2ExtendedInfo, "JC_KT2_ReadExtInfo", slot)


def _left(pin: Kt2PinState) -> int:
    return max(pin.max_errors - pin.errors, 0)


def _status(pin: Kt2PinState) -> PinStatus:
    """The state of a PIN after the errors that were made."""
    left = _left(pin)
    counted = PinState.COUNT_LOW if pin.errors else PinState.OK
    return PinStatus(_ENDS.get(left, counted), tries_left=left)


def _counted(status: PinStatus | None, info: Kt2ExtendedInfo | None) -> PinStatus | None:
    if status is None or info is None or status.state is PinState.NOT_SET:
        return status
    return replace(status, tries_left=_left(info.user_pin))


@contextmanager
def _puk_session(module: Module, slot: int, puk: Secret) -> Iterator[Session]:
    """A session logged in with the PUK; always ended."""
    with module.open_session(slot) as session:
        rv = _login(session, puk)
        if rv:
            raise _not_let_in(module, slot, rv)
        try:
            yield session
        finally:
            with suppress(CkrError):
                session.logout()


def _login(session: Session, puk: Secret) -> int:
    try:
        session.login(CKU_PUK, puk)
    except CkrError as error:
        return error.value
    return CKR.OK


def _not_let_in(module: Module, slot: int, rv: int) -> PinIncorrect | PinLocked | CkrError:
    if rv == CKR.PIN_LOCKED:
        return PinLocked(role=PUK, ckr=rv)
    if rv not in _WRONG:
        return CkrError(rv, "C_Login")
    info = _info(module, slot)
    if info is None:
        return PinIncorrect(role=PUK, tries_left=None, state=None, ckr=rv)
    puk = _status(info.puk)
    return PinIncorrect(role=PUK, tries_left=puk.tries_left, state=puk.state, ckr=rv)


def _set_pin(
    session: Session, puk: Secret, new_pin: Secret
) -> PinRefusedByToken | PinIncorrect | None:
    """Set the PIN by either call: which of them follows a login with the PUK is not public."""
    try:
        return standard.pin_refusal(session.init_pin, new_pin)
    except CkrError as error:
        if error.value not in {CKR.FUNCTION_NOT_SUPPORTED, CKR.USER_NOT_LOGGED_IN}:
            raise
    return standard.pin_refusal(session.set_pin, puk, new_pin)
