"""The key of one token, in the HSM for as long as one answer takes."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from lockwright.errors import KeyUnusable, RequestMalformed
from lockwright.i18n import N_, _
from lockwright.keys.response import BLOCK
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO, ckr_name
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Template
from lockwright.pkcs11.values import pack
from lockwright.secret import Secret

from lockwright_desk.helpdesk.custody import hsm_keys, templates
from lockwright_desk.helpdesk.custody.errors import HsmKeyMissing, KeyRecordAltered
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.port import KeyRecord, KeyVersionOf
from lockwright_desk.helpdesk.custody.schemes import (
    EXPONENT,
    WRAPPED_RFC3394,
    WRAPPED_RFC5649,
    derivation_data,
    sealed_over,
)
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.templates import TOKEN_KEY
from lockwright_desk.store.tables.register import Custody

MECHANISMS = {WRAPPED_RFC3394: CKM.AES_KEY_WRAP, WRAPPED_RFC5649: CKM.AES_KEY_WRAP_PAD}
"""How a key is unwrapped, by the first byte of what is kept."""
_OBJECT: Template = {CKA.SENSITIVE: True, CKA.EXTRACTABLE: False, CKA.ENCRYPT: True}


class KeyInSession:
    """A 3DES key in a session of the HSM: a ``ResponseKey``.

    Args:
        session: the session.
        handle: handle of the key.
    """

    def __init__(self, session: HsmSession, handle: int) -> None:
        self._session = session
        self._handle = handle

    def des3_ecb(self, block: bytes) -> bytes:
        """Have the HSM encrypt one block."""
        if len(block) != BLOCK:
            raise RequestMalformed(reason=N_("it has another length than a Request of this model"))
        try:
            return self._session.uses.encrypt(self._handle, CKM.DES3_ECB, block)
        except CkrError as error:
            failure = refused(error)
        raise failure

    def secret(self) -> Secret:
        """It does not leave the HSM."""
        raise KeyUnusable(reason=N_("a password is needed for this model, and an HSM holds none"))


def seal(session: HsmSession, prefix: str, key: KeyRecord) -> bytes:
    """The seal of a record.

    Raises:
        HsmKeyMissing, HsmKeyUnfit: the key for it is not to be used.
        CkrError: the HSM refuses.
    """
    handle, _mark = known(session, Kind.SEAL, hsm_keys.label_of(prefix, Kind.SEAL, 0))
    return session.uses.sign(handle, CKM.SHA256_HMAC, sealed_over(key))


def check_seal(session: HsmSession, prefix: str, key: KeyRecord) -> None:
    """See that a record is as it was sealed.

    Raises:
        KeyRecordAltered: it is not.
        HsmKeyMissing, HsmKeyUnfit: the key for it is not to be used.
        CkrError: the HSM refuses.
    """
    if not hmac.compare_digest(key.seal or b"", seal(session, prefix, key)):
        raise KeyRecordAltered(serial=key.serial)


@contextmanager
def opened(session: HsmSession, prefix: str, key: KeyRecord) -> Iterator[KeyInSession]:
    """The key of a token, for the block.

    Args:
        session: a session of the HSM.
        prefix: how the labels of our keys begin.
        key: the record, whose seal was looked at.

    Raises:
        KeyUnusable: it is not to be used.
        HsmKeyMissing, HsmKeyUnfit: nor is the key by which it is unwrapped or derived.
    """
    try:
        if key.custody is Custody.OBJECT:
            handle = _object(session, key)
        else:
            kind = Kind(key.custody.value)
            handle = _made(session, key, of_version(session, prefix, kind, key.version))
    except CkrError as error:
        failure = refused(error)
    else:
        if key.custody is Custody.OBJECT:
            yield KeyInSession(session, handle)
        else:
            with session.temporary(handle):
                yield KeyInSession(session, handle)
        return
    raise failure


def password_to(session: HsmSession, prefix: str, key: KeyRecord, modulus: bytes) -> bytes:
    """The password of a token, encrypted by the HSM to an RSA key.

    Args:
        session: a session of the HSM.
        prefix: how the labels of our keys begin.
        key: the record, whose seal was looked at.
        modulus: of the RSA key.

    Raises:
        KeyUnusable: it is not to be used.
        HsmKeyMissing, HsmKeyUnfit: nor is the key by which it is unwrapped.
        CkrError: the HSM refuses.
    """
    by = of_version(session, prefix, Kind.OPENING, key.version)
    mechanism, wrapped = _unwrapping(key)
    unwrapped = session.keys.unwrap(mechanism, by, wrapped, templates.PASSWORD)
    with session.temporary(unwrapped) as password:
        public = session.objects.create(templates.public_key(modulus, EXPONENT))
        with session.temporary(public) as whose:
            return session.keys.wrap_to(whose, password)


def known(session: HsmSession, kind: Kind, label: str) -> tuple[int, str]:
    """Handle and mark of a key of ours; judged the first time that this session has it.

    It cannot be modified, so it stays as it was; where it was removed, its handle is no one's.

    Raises:
        HsmKeyMissing, HsmKeyUnfit: it is not to be used.
        CkrError: the HSM refuses.
    """
    if label not in session.known:
        handle = hsm_keys.of_label(session, kind, label)
        session.known[label] = handle, hsm_keys.mark(session, kind, handle)
    return session.known[label]


def refused(error: CkrError) -> KeyUnusable:
    """The error that an HSM's answer means."""
    reason = _("the HSM answered {name}").format(name=ckr_name(error.value))
    return KeyUnusable(reason=reason, ckr=error.value)


def of_version(session: HsmSession, prefix: str, kind: Kind, version: KeyVersionOf | None) -> int:
    """Handle of a version of a key, which is the very key that it was.

    Raises:
        KeyUnusable: it is another one, or none is named.
        HsmKeyMissing, HsmKeyUnfit: it is not to be used.
        CkrError: the HSM refuses.
    """
    if version is None or hsm_keys.kind_of(prefix, version.label) is not kind:
        raise KeyUnusable(reason=N_("its record names no version of a key"))
    handle, mark = known(session, kind, version.label)
    if not hmac.compare_digest(mark, version.mark):
        said = _("the HSM has another key with the label {label} than when it was taken in")
        raise KeyUnusable(reason=said.format(label=version.label))
    return handle


def _made(session: HsmSession, key: KeyRecord, by: int) -> int:
    """The key of a token, unwrapped or derived; its handle."""
    if key.custody is Custody.DERIVED and key.version is not None:
        data = derivation_data(key.adapter, key.model, key.serial, key.version.number)
        return session.keys.derive(CKM.AES_ECB_ENCRYPT_DATA, by, data, TOKEN_KEY)
    mechanism, wrapped = _unwrapping(key)
    return session.keys.unwrap(mechanism, by, wrapped, TOKEN_KEY)


def _unwrapping(key: KeyRecord) -> tuple[int, bytes]:
    """How a key is unwrapped, and what."""
    wrapped = key.wrapped or b""
    if not wrapped or wrapped[0] not in MECHANISMS:
        raise KeyUnusable(reason=N_("its record holds no wrapped key"))
    return MECHANISMS[wrapped[0]], wrapped[1:]


def _object(session: HsmSession, key: KeyRecord) -> int:
    """The one 3DES key with a label, if it does not leave the HSM."""
    label = key.label or ""
    found = session.objects.find({CKA.CLASS: CKO.SECRET_KEY, CKA.LABEL: label})
    if len(found) != 1:
        raise HsmKeyMissing(label=label, number=len(found))
    told = session.objects.values(found[0], (CKA.KEY_TYPE, *_OBJECT))
    if told.get(CKA.KEY_TYPE) not in {pack(int(CKK.DES2)), pack(int(CKK.DES3))}:
        raise KeyUnusable(reason=N_("it is not a 3DES key"))
    hsm_keys.demand(_OBJECT, told, label)
    return found[0]
