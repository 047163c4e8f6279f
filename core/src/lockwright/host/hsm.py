"""A 3DES key in an HSM, used where it is: found by its URI, encrypts, is never read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from lockwright.bindings import load_installed
from lockwright.errors import KeyUnusable, LockwrightError
from lockwright.host.protocol import Care
from lockwright.host.tries import Tries, spare
from lockwright.i18n import N_, _
from lockwright.keys.response import ResponseKey
from lockwright.keys.source import HsmKey
from lockwright.models import Token
from lockwright.pkcs11 import uri as uris
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO, ckr_name
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import AttributeValue, Module, Session
from lockwright.pkcs11.standard import locate, user_session
from lockwright.pkcs11.standard.flags import user_pin_status
from lockwright.pkcs11.values import number
from lockwright.secret import Secret

HSM_PIN = N_("HSM's user PIN")

_SECRET_KEY = b"secret-key"
_WANTED = (CKA.KEY_TYPE, CKA.SENSITIVE, CKA.EXTRACTABLE)


@contextmanager
def opened(source: HsmKey, care: Care) -> Iterator[ResponseKey]:
    """The key, ready to encrypt; afterwards the session is closed and the module unloaded.

    Args:
        source: where it is.
        care: how the tries of its PIN are spared; ``source`` says whether the last may be spent.

    Raises:
        ModuleNotLoadable: the HSM's module does not load.
        PinIncorrect, PinLocked, LastTry: the HSM does not let us in.
        KeyUnusable: there is not exactly one such key, or it does not stay in the HSM.
    """
    try:
        uri = uris.parse(source.uri)
        tries = Tries(replace(care, use_last_try=source.use_last_try))
        with closing(load_installed(source.module)) as module:
            token = _token(module, uri)
            with tries.alone(token.serial, HSM_PIN):
                status = user_pin_status(locate(module, token).flags)
                spare(status, HSM_PIN, use_last_try=source.use_last_try)
                with user_session(module, token, source.pin, role=HSM_PIN) as session:
                    yield _KeyInHsm(session, _key(session, uri))
    except CkrError as error:
        failure = _refused(error)
    else:
        return
    raise failure


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
    fitting = [each for each in identities(module) if each.initialized and uris.matches(uri, each)]
    if len(fitting) != 1:
        reason = _("tokens of the HSM that fit the URI: {number}").format(number=len(fitting))
        raise KeyUnusable(reason=reason)
    return Token(fitting[0], None, "")


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
