"""A 3DES key in an HSM, used where it is: found by its URI, encrypts, is never read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lockwright.bindings import load_installed
from lockwright.errors import KeyUnusable, LockwrightError
from lockwright.errors.pins import HSM_PIN
from lockwright.host.protocol import Care
from lockwright.host.tries import Tries, spare
from lockwright.i18n import N_, _
from lockwright.keys.response import ResponseKey
from lockwright.keys.source import HsmKey
from lockwright.models import Token, TokenIdentity
from lockwright.pkcs11 import uri as uris
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO, ckr_name
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.seen_again import seen_again
from lockwright.pkcs11.session import AttributeValue, Module, Session
from lockwright.pkcs11.standard import locate, user_session
from lockwright.pkcs11.standard.flags import user_pin_status
from lockwright.pkcs11.values import number
from lockwright.secret import Secret

_SECRET_KEY = b"secret-key"
_WANTED = (CKA.KEY_TYPE, CKA.SENSITIVE, CKA.EXTRACTABLE)


class LoginWanted(Exception):
    """Nobody is logged in any more, and nobody may log in now."""


class Hsm:
    """An HSM's module, loaded when first needed, and the login that is kept in it.

    Args:
        module: absolute path of the module.
        care: how the tries of its PIN are spared; each key says whether the last may be spent.
        stays: whether a login is kept for the next key, until ``close``.
    """

    def __init__(self, module: Path, care: Care, *, stays: bool = False) -> None:
        self._path = module
        self._care = care
        self._stays = stays
        self._module: Module | None = None
        self._token: Token | None = None
        """The token that was logged in to last."""

    @property
    def is_loaded(self) -> bool:
        """Whether the module is, from an answer before."""
        return self._module is not None

    @contextmanager
    def key(self, source: HsmKey, *, logs_in: bool = True) -> Iterator[ResponseKey]:
        """A key, ready to encrypt.

        Args:
            source: where it is.
            logs_in: whether its PIN may be sent, where the login that is kept does not do.

        Raises:
            LoginWanted: it would have to be sent.
            ModuleNotLoadable: the HSM's module does not load.
            PinIncorrect, PinLocked, LastTry: the HSM does not let us in.
            KeyUnusable: there is not exactly one such key, or it does not stay in the HSM.
        """
        try:
            uri, module = uris.parse(source.uri), self._loaded()
            with self._session(module, uri, source, logs_in=logs_in) as session:
                session.remember()  # of this answer only: a handle may be another key's by the next
                yield _KeyInHsm(session, _key(session, uri))
        except CkrError as error:
            failure = _refused(error)
        else:
            return
        raise failure

    def close(self) -> None:
        """Log out and unload the module."""
        module, self._module = self._module, None
        if module is not None:
            module.close()

    def _loaded(self) -> Module:
        if self._module is None:
            self._module = load_installed(self._path)
            self._module.keeps_logins = self._stays
        return self._module

    @contextmanager
    def _session(
        self, module: Module, uri: uris.TokenUri, source: HsmKey, *, logs_in: bool
    ) -> Iterator[Session]:
        """A session of the user; whoever logs in has the turn, and keeps it unless they stay."""
        token = self._token_kept(module, uri, source)
        if token is None:
            if not logs_in:
                raise LoginWanted
            module.release()
            token = _token(module, uri)
            tries = Tries(replace(self._care, use_last_try=source.use_last_try))
            with tries.alone(token.serial, HSM_PIN):
                status = user_pin_status(locate(module, token).flags)
                spare(status, HSM_PIN, use_last_try=source.use_last_try)
                with user_session(module, token, source.pin, role=HSM_PIN) as session:
                    if module.kept is None:
                        yield session
                        return
            self._token = token
        with user_session(module, token, source.pin, role=HSM_PIN) as session:
            yield session

    def _token_kept(self, module: Module, uri: uris.TokenUri, source: HsmKey) -> Token | None:
        """The token with a login that does for a key; it ends with the token, or with its name."""
        token, kept = self._token, module.kept
        if token is None or kept is None:
            return None
        if not _lives(kept.session):
            module.release()
            return None
        fits = uris.matches(uri, token.identity) and kept.fits(token.identity, source.pin)
        return token if fits else None


def _lives(session: Session) -> bool:
    try:
        return session.is_of_the_user()
    except CkrError:
        return False


class _KeyInHsm:
    def __init__(self, session: Session, handle: int) -> None:
        self._session = session
        self._handle = handle

    def des3_ecb(self, block: bytes) -> bytes:
        """Have the HSM encrypt one block."""
        try:
            return self._session.encrypt(self._handle, CKM.DES3_ECB, block)
        except CkrError as error:
            failure = _refused(error)
        raise failure

    def secret(self) -> Secret:
        """It does not leave the HSM."""
        raise KeyUnusable(reason=N_("a password is needed for this model, and an HSM holds none"))


def _token(module: Module, uri: uris.TokenUri) -> Token:
    fitting = seen_again(lambda: _fitting(module, uri))
    if len(fitting) != 1:
        reason = _("tokens of the HSM that fit the URI: {number}").format(number=len(fitting))
        raise KeyUnusable(reason=reason)
    return Token(fitting[0], None, "")


def _fitting(module: Module, uri: uris.TokenUri) -> list[TokenIdentity]:
    return [each for each in identities(module) if each.initialized and uris.matches(uri, each)]


def _key(session: Session, uri: uris.TokenUri) -> int:
    """The only key that fits, if it is a 3DES key that cannot be taken out."""
    named = uri.attributes
    if named.get("type", _SECRET_KEY) != _SECRET_KEY:
        raise KeyUnusable(reason=N_("the URI names no secret key"))
    template: dict[int, AttributeValue] = {CKA.CLASS: CKO.SECRET_KEY}
    template |= {
        attribute: named[name]
        for name, attribute in (("object", CKA.LABEL), ("id", CKA.ID))
        if name in named
    }
    handles = session.find(template)
    if len(handles) != 1:
        reason = _("keys in the HSM that fit the URI: {number}").format(number=len(handles))
        raise KeyUnusable(reason=reason)
    _check(session.read(handles[0], _WANTED))
    return handles[0]


def _check(found: dict[int, bytes]) -> None:
    kind, sensitive, extractable = (number(found.get(each, b"")) for each in _WANTED)
    if kind not in {CKK.DES2, CKK.DES3}:
        raise KeyUnusable(reason=N_("it is not a 3DES key"))
    if not sensitive or extractable:
        reason = N_("it can be taken out of the HSM; it must be sensitive and not extractable")
        raise KeyUnusable(reason=reason)


def _refused(error: CkrError) -> LockwrightError:
    reason = _("the HSM answered {name}").format(name=ckr_name(error.value))
    return KeyUnusable(reason=reason, ckr=error.value)
