"""The CA's key in a PKCS#11 token: it signs there and never leaves it."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from lockwright import log as logs
from lockwright.bindings.loader import load
from lockwright.console.secret_files import from_file
from lockwright.enrol.token_key import SigningKey, private_key
from lockwright.errors import PinError
from lockwright.i18n import N_, _
from lockwright.models import KeyRequest, SignatureScheme, Token
from lockwright.pkcs11.constants import CKA, CKO, CKR, ckr_name
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.seen_again import seen_again
from lockwright.pkcs11.session import Module, Session
from lockwright.pkcs11.spki import public_key
from lockwright.pkcs11.standard import generate, sign_with
from lockwright.pkcs11.standard.sessions import user_session
from lockwright.secret import Secret

from lockwright_desk import softhsm
from lockwright_desk.configuration.settings import TokenSettings
from lockwright_desk.errors import CaKeyUnusable

BINDING = "python-pkcs11"
SESSIONS = 4
"""Sessions in which the token may sign at the same time."""

log = logs.get("lockwright.desk.token")

_PUBLIC = (CKA.MODULUS, CKA.PUBLIC_EXPONENT, CKA.EC_PARAMS, CKA.EC_POINT)


class TokenKey:
    """The CA's key, ready to sign in several threads.

    A login holds for all sessions of this process, so there is one, and the sessions stay open.
    A token that lost its sessions, as a network HSM does when its line breaks, is opened again;
    but a PIN that was wrong once is never tried a second time.

    Args:
        settings: where it is.

    Raises:
        CaKeyUnusable: there is no such token or key.
        PinIncorrect, PinLocked: the token did not let us in.
        SecretFileMissing, SecretFileExposed: the file with the PIN cannot be used.
    """

    def __init__(self, settings: TokenSettings) -> None:
        self._settings = settings
        self._opening = threading.Lock()
        self._age = 0
        self._dead: PinError | None = None
        self._pool: queue.SimpleQueue[_Signer | None] = queue.SimpleQueue()
        self._opened = ExitStack()
        self._module = loaded(settings)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def key(self) -> SigningKey:
        """The key, as ``cryptography`` signs with it."""
        return private_key(self._public, self.sign)

    def sign(self, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign on the token; a second time, in new sessions, if the first one failed.

        Raises:
            CkrError, LockwrightError: the token does not sign.
        """
        age = self._age
        try:
            return self._sign(scheme, data)
        except CkrError as error:
            log.warning("signing failed, the token is opened again", ckr=ckr_name(error.value))
            self._reopen(age)
        return self._sign(scheme, data)

    def close(self) -> None:
        """Log out and unload."""
        self._opened.close()
        self._module.close()

    def _sign(self, scheme: SignatureScheme, data: bytes) -> bytes:
        signer = self._pool.get()
        try:
            if signer is None:
                raise CkrError(CKR.SESSION_CLOSED, "C_SignInit")
            return sign_with(signer.session, signer.key, self._mechanisms, scheme, data)
        finally:
            self._pool.put(signer)

    def _reopen(self, age: int) -> None:
        """Reopen all once nobody signs, unless another thread has done so since."""
        with self._opening:
            if age != self._age:
                return
            if self._dead:
                raise self._dead
            for _each in range(SESSIONS):
                self._pool.get()
            self.close()
            try:
                self._module = loaded(self._settings)
                self._open()
            except BaseException as error:
                self._dead = error if isinstance(error, PinError) else None
                for _each in range(SESSIONS):
                    self._pool.put(None)
                raise

    def _open(self) -> None:
        token = the_token(self._module, self._settings)
        slot = token.identity.slot
        self._mechanisms = self._module.mechanisms(slot)
        with ExitStack() as opened, from_file(str(self._settings.pin_file)) as pin:
            sessions = [opened.enter_context(logged_in(self._module, self._settings, token, pin))]
            sessions += [
                opened.enter_context(self._module.open_session(slot))
                for _each in range(SESSIONS - 1)
            ]
            # A binding knows an object only in the session that found it.
            signers = [_Signer(session, _find(session, self._settings)) for session in sessions]
            self._public = _public_of(signers[0])
            self._opened = opened.pop_all()
        for signer in signers:
            self._pool.put(signer)
        self._age += 1


@dataclass(frozen=True, slots=True)
class _Signer:
    """A session, and the handle of the key in it."""

    session: Session
    key: int


def make_key(settings: TokenSettings, key_type: str) -> None:
    """Make the CA's key pair on the token, where it can never be read.

    Raises:
        CaKeyUnusable: there is no such token.
        PinIncorrect, PinLocked: the token did not let us in.
        LockwrightError: the token makes no such key.
    """
    request = KeyRequest(key_type, os.urandom(16), settings.key_label)
    with closing(loaded(settings)) as module, from_file(str(settings.pin_file)) as pin:
        token = the_token(module, settings)
        with softhsm.undisturbed(settings.softhsm):
            generate(module, token, pin, request)


def has_token(settings: TokenSettings) -> bool:
    """Whether there is a token with the label."""
    with closing(loaded(settings)) as module:
        return any(slot.token.label == settings.label for slot in module.slots())


def has_key(settings: TokenSettings) -> bool:
    """Whether the token holds the key.

    Raises:
        CaKeyUnusable: there is no such token.
        PinIncorrect, PinLocked: the token did not let us in.
    """
    with (
        closing(loaded(settings)) as module,
        from_file(str(settings.pin_file)) as pin,
        logged_in(module, settings, the_token(module, settings), pin) as session,
    ):
        return bool(session.find(_template(settings)))


@contextmanager
def logged_in(
    module: Module, settings: TokenSettings, token: Token, pin: Secret
) -> Iterator[Session]:
    """A session in which the token has let us in.

    Args:
        module: the session port.
        settings: where the token is.
        token: the token.
        pin: its user PIN.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in.
    """
    with ExitStack() as opened:
        with softhsm.undisturbed(settings.softhsm):
            session = opened.enter_context(user_session(module, token, pin))
        yield session


def loaded(settings: TokenSettings) -> Module:
    """The module, loaded.

    Raises:
        ModuleNotLoadable: it is not a PKCS#11 module.
    """
    if settings.softhsm is not None:
        softhsm.use(settings.softhsm)
    return load(BINDING, settings.module)


def the_token(module: Module, settings: TokenSettings) -> Token:
    """The one token that has the label, looked for anew where it is not to be seen for a moment.

    Raises:
        CaKeyUnusable: there is none, or there are several.
    """
    found = seen_again(
        lambda: [slot for slot in module.slots() if slot.token.label == settings.label]
    )
    if len(found) != 1:
        raise CaKeyUnusable(
            reason=_("tokens with the label {label}: {count}").format(
                label=settings.label, count=len(found)
            )
        )
    return Token(found[0].identity(module.info()), None, "")


def _template(settings: TokenSettings) -> dict[int, int | str]:
    return {CKA.CLASS: CKO.PRIVATE_KEY, CKA.LABEL: settings.key_label}


def _find(session: Session, settings: TokenSettings) -> int:
    found = session.find(_template(settings))
    if len(found) != 1:
        raise CaKeyUnusable(
            reason=_("private keys with the label {label}: {count}").format(
                label=settings.key_label, count=len(found)
            )
        )
    return found[0]


def _public_of(signer: _Signer) -> bytes:
    """The public half, from the key itself or from the public key of the same ``CKA_ID``."""
    session = signer.session
    own = session.read(signer.key, (CKA.ID, *_PUBLIC))
    if info := public_key(own):
        return info
    for handle in session.find({CKA.CLASS: CKO.PUBLIC_KEY, CKA.ID: own.get(CKA.ID, b"")}):
        if info := public_key(session.read(handle, _PUBLIC)):
            return info
    raise CaKeyUnusable(reason=N_("the token does not show its public half"))
