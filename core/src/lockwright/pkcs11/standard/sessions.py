"""Sessions with the right token, logged in and out, and return values told as errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from lockwright.errors import (
    LockwrightError,
    PinExpired,
    PinIncorrect,
    PinLocked,
    TokenRemoved,
    TokenWriteProtected,
)
from lockwright.errors.pins import SO_PIN, USER_PIN
from lockwright.models import PinStatus, Token, TokenIdentity
from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright.pkcs11.errors import CkrError, explain
from lockwright.pkcs11.kept import KeptLogin
from lockwright.pkcs11.same_token import find
from lockwright.pkcs11.session import Module, Session, TokenInfo
from lockwright.pkcs11.standard.flags import so_pin_status, user_pin_status
from lockwright.secret import Secret

_WRONG = {CKR.PIN_INCORRECT, CKR.PIN_INVALID, CKR.PIN_LEN_RANGE}
_P = ParamSpec("_P")
_T = TypeVar("_T")
_Operation = Callable[Concatenate[Module, Token, _P], _T]


def translated(action: str) -> Callable[[_Operation[_P, _T]], _Operation[_P, _T]]:
    """Let a function over ``(module, token, ...)`` raise errors of lockwright only.

    The error is raised after the ``except`` block, so it drags no frame of a binding along.

    Args:
        action: what the function does, an English verb phrase such as ``list its objects``.
    """

    def decorate(function: _Operation[_P, _T]) -> _Operation[_P, _T]:
        @wraps(function)
        def told(module: Module, token: Token, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
            try:
                return function(module, token, *args, **kwargs)
            except CkrError as error:
                failure: LockwrightError = explain(error, action=action, serial=token.serial)
            raise failure

        return told

    return decorate


def locate(module: Module, token: Token) -> TokenInfo:
    """The token in the slot that it is in now, read again; see ``pkcs11.same_token.find``.

    Raises:
        TokenRemoved: it is in none.
    """
    return find(module, token.identity)


@contextmanager
def token_session(module: Module, token: Token, *, write: bool = True) -> Iterator[Session]:
    """A session with the token in the slot that it is in now, nobody logged in; always closed.

    Args:
        module: the session port.
        token: the token.
        write: whether the session may change the token.

    Raises:
        TokenRemoved: the token is gone; nothing was sent to any other.
        TokenWriteProtected: it is to be changed and cannot be.
    """
    with module.serving(token.identity), _opened(module, token.identity, write=write) as session:
        _refuse_protected(session, token.identity, write=write)
        yield session


def _refuse_protected(session: Session, identity: TokenIdentity, *, write: bool) -> None:
    if write and session.token is not None and session.token.has(CKF.WRITE_PROTECTED):
        raise TokenWriteProtected(serial=identity.serial)


def _opened(
    module: Module, identity: TokenIdentity, *, write: bool
) -> AbstractContextManager[Session]:
    """Where it was seen, without looking first: it is compared once the session is open."""
    try:
        return module.open_session(identity.slot, write=write)
    except (CkrError, TokenRemoved):
        slot = find(module, identity).slot
        if slot == identity.slot:
            raise
    return module.open_session(slot, write=write)


@contextmanager
def user_session(
    module: Module,
    token: Token,
    pin: Secret | None,
    *,
    role: str = USER_PIN,
    write: bool = True,
) -> Iterator[Session]:
    """A session logged in as the user, or with nobody logged in; always ended.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN; empty where the token asks for it itself, or asks for none; or None for a
            session that only reads what anyone may.
        role: what the PIN is called where it is wrong.
        write: whether the session may change the token; never without a PIN.

    Raises:
        PinIncorrect, PinLocked, PinExpired, PinNotEntered: the token did not let us in.
        TokenRemoved: the token is gone.
        TokenWriteProtected: it is to be changed and cannot be.
    """
    if pin and module.keeps_logins:
        with _kept(module, token, pin, role, write=write) as session:
            yield session
        return
    with token_session(module, token, write=write and pin is not None) as session:
        if pin is None or _is_open(session, pin):
            yield session
        else:
            with _logged_in(module, token, session, CKU.USER, pin, role):
                yield session


@contextmanager
def _kept(
    module: Module, token: Token, pin: Secret, role: str, *, write: bool
) -> Iterator[Session]:
    """The login that is kept, or a new one that will be; it ends with the first error."""
    identity = token.identity
    kept = module.kept
    if kept is None or not kept.fits(identity, pin, write=write):
        module.release()
        writes = write or not identity.write_protected
        with module.serving(identity):
            session = _opened(module, identity, write=writes).__enter__()
        try:
            _refuse_protected(session, identity, write=write)
            _log_in(module, token, session, CKU.USER, pin, role)
        except BaseException:
            session.close()
            raise
        session.remember()
        kept = KeptLogin(session, identity, pin, write=writes)
        module.keep(kept)
    try:
        with module.serving(identity):
            yield kept.session
    except BaseException:
        module.release()
        raise


def _is_open(session: Session, pin: Secret) -> bool:
    """Whether the token asks for no login, and no PIN was given for one."""
    told = session.token
    return not pin and told is not None and not told.has(CKF.LOGIN_REQUIRED)


@contextmanager
def so_session(module: Module, token: Token, so_pin: Secret) -> Iterator[Session]:
    """A session logged in as the security officer; always ended.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in.
        TokenRemoved: the token is gone.
    """
    with (
        token_session(module, token) as session,
        _logged_in(module, token, session, CKU.SO, so_pin, SO_PIN),
    ):
        yield session


@contextmanager
def _logged_in(
    module: Module, token: Token, session: Session, user: CKU, pin: Secret, role: str
) -> Iterator[None]:
    _log_in(module, token, session, user, pin, role)
    try:
        yield
    finally:
        with suppress(CkrError):
            session.logout()


def _log_in(
    module: Module, token: Token, session: Session, user: CKU, pin: Secret, role: str
) -> None:
    rv = _login(session, user, pin)
    failure = not_let_in(module, token, user, role, rv)
    if failure is not None:
        raise failure
    if rv not in {CKR.OK, CKR.USER_ALREADY_LOGGED_IN}:
        raise CkrError(rv, "C_Login")


def not_let_in(
    module: Module, token: Token, user: CKU, role: str, rv: int
) -> PinIncorrect | PinLocked | PinExpired | None:
    """The error that a return value means where a PIN was given; None if it is another one's.

    It is returned, for the caller to raise where no frame of a binding hangs on it.

    Args:
        module: the session port.
        token: the token.
        user: whose PIN it was.
        role: what it is called.
        rv: what the module answered.
    """
    if rv in _WRONG:
        status = _status(module, token, user)
        return PinIncorrect(
            role=role,
            tries_left=status.tries_left if status else None,
            state=status.state.value if status else None,
            ckr=rv,
        )
    if rv == CKR.PIN_LOCKED:
        return PinLocked(role=role, ckr=rv)
    return PinExpired(role=role, ckr=rv) if rv == CKR.PIN_EXPIRED else None


def _login(session: Session, user: CKU, pin: Secret) -> int:
    try:
        session.login(user, pin)
    except CkrError as error:
        return error.value
    return CKR.OK


def _status(module: Module, token: Token, user: CKU) -> PinStatus | None:
    """What the flags say after a wrong PIN; None if the token is gone by now."""
    try:
        flags = locate(module, token).flags
    except (CkrError, TokenRemoved):
        return None
    return so_pin_status(flags) if user is CKU.SO else user_pin_status(flags)
