"""What both bindings have in common: tokens, PINs, and modules that refuse to be asked at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self, TypeVar

from lockwright.bindings.told import module_info, text, token_info
from lockwright.errors import NOTHING, TokenRemoved
from lockwright.models.token import ModuleInfo, TokenIdentity
from lockwright.pkcs11.constants import CKF, CKR
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.kept import KeptLogin
from lockwright.pkcs11.objects import ABSENT, Objects
from lockwright.pkcs11.same_token import demand
from lockwright.pkcs11.session import NOTHING_SHOWN, SlotInfo, Template, TokenInfo
from lockwright.pkcs11.using import Uses
from lockwright.secret import Secret

_REFUSED = ABSENT | {
    CKR.GENERAL_ERROR,
    CKR.FUNCTION_FAILED,
    CKR.ARGUMENTS_BAD,
    CKR.ATTRIBUTE_VALUE_INVALID,
    CKR.BUFFER_TOO_SMALL,
}
"""Answers by which modules refuse a request for one attribute that they do not like."""

_OF_THE_USER = {1, 3}
"""``CKS_RO_USER_FUNCTIONS`` and ``CKS_RW_USER_FUNCTIONS``."""
SCOUTED: set[Path] = set()
"""Modules that were initialised in this process to see whose they are, and for nobody yet."""

_T = TypeVar("_T")
_Request = Callable[[int, Sequence[int]], dict[int, _T]]
"""Asks for attributes of an object, all in one request."""


class BaseModule(ABC):
    """A vendor's module; a binding adds how sessions are opened.

    Args:
        path: absolute path of the module.
        cryptoki: the same library, loaded.
        at_once: how many attributes its sessions ask for at once, at most; None sets no limit.
        reserved: what the module wants in ``CK_C_INITIALIZE_ARGS.pReserved``; None for nothing.
    """

    def __init__(
        self,
        path: Path,
        cryptoki: Cryptoki,
        at_once: int | None = None,
        reserved: bytes | None = None,
    ) -> None:
        self._path = path
        self._cryptoki = cryptoki
        self._at_once = at_once
        self._initialized_here = self._initialize(reserved)
        self._info: ModuleInfo | None = None
        self._served: TokenIdentity | None = None
        self.brief = False
        self.keeps_logins = False
        self._kept: KeptLogin | None = None
        self._shown: dict[int, TokenInfo] | None = None
        """What the slots were seen to hold in the look that goes on; None where there is none."""
        self._mechanisms: dict[int, frozenset[int]] = {}
        self._sizes: dict[tuple[int, int], tuple[int, int]] = {}
        """Mechanisms by slot, and their key sizes, since the slots were looked at last."""

    def _initialize(self, reserved: bytes | None) -> bool:
        """``C_Initialize``, unless that was done to see whose the module is; whether it is ours."""
        scouted = self._path in SCOUTED
        SCOUTED.discard(self._path)
        if scouted and reserved is None:
            return True
        if scouted:
            self._cryptoki.finalize()
        return self._cryptoki.initialize(reserved)

    @property
    def path(self) -> Path:
        """Absolute path of the shared library."""
        return self._path

    def info(self) -> ModuleInfo:
        """``C_GetInfo``, asked once: a library that is loaded stays what it is."""
        if self._info is None:
            self._info = module_info(self._path, self._cryptoki.info())
        return self._info

    def slots(self, *, blank: bool = False) -> Sequence[SlotInfo]:
        """Every slot with a token that can be read, initialised or, where wanted, blank."""
        found = []
        self._sizes.clear()
        self._mechanisms.clear()
        for slot in self._cryptoki.slots():
            with suppress(CkrError):
                token = self._token_afresh(slot)
                if self._shown is not None:
                    self._shown[slot] = token
                found.append(SlotInfo(text(self._cryptoki.slot_info(slot).description), token))
        return [slot for slot in found if blank or slot.token.has(CKF.TOKEN_INITIALIZED)]

    @property
    def kept(self) -> KeptLogin | None:
        """The login that is kept."""
        return self._kept

    def keep(self, login: KeptLogin) -> None:
        """Keep a login; one that was kept before is released."""
        self.release()
        self._kept = login

    def release(self) -> None:
        """End the login that is kept, if there is one; never raises."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.release()

    @contextmanager
    def looking(self, shown: Mapping[int, TokenInfo] = NOTHING_SHOWN) -> Iterator[None]:
        """One look at every token: what ``slots`` read is not read again before it ends."""
        self._shown = dict(shown)
        try:
            yield
        finally:
            self._shown = None

    def token(self, slot: int) -> TokenInfo:
        """The token in a slot, read again but for a look that goes on."""
        shown = (self._shown or {}).get(slot)
        return self._token_afresh(slot) if shown is None else shown

    def _token_afresh(self, slot: int) -> TokenInfo:
        return token_info(slot, self._cryptoki.token_info(slot))

    def mechanisms(self, slot: int) -> frozenset[int]:
        """Mechanisms of the token in a slot, asked once until the slots are looked at again."""
        if slot not in self._mechanisms:
            self._mechanisms[slot] = frozenset(self._cryptoki.mechanisms(slot))
        return self._mechanisms[slot]

    def key_sizes(self, slot: int, mechanism: int) -> tuple[int, int]:
        """``C_GetMechanismInfo``: the smallest and the largest key, as the module says them."""
        if (slot, mechanism) not in self._sizes:
            told = self._cryptoki.mechanism_info(slot, mechanism)
            self._sizes[slot, mechanism] = told.least, told.most
        return self._sizes[slot, mechanism]

    @contextmanager
    def serving(self, identity: TokenIdentity) -> Iterator[None]:
        """Open sessions with one token only, until the end of the ``with`` block.

        Raises:
            TokenRemoved: it is served to another token; the call is about that one alone.
        """
        before = self._served
        if before is not None and not before.is_it(identity.key):
            raise TokenRemoved(serial=identity.serial, cost=NOTHING)
        self._served = identity
        try:
            yield
        finally:
            self._served = before

    def open_session(self, slot: int, *, write: bool = True) -> BaseSession:
        """``C_OpenSession``; within ``serving``, only with the token that is served."""
        session = self._opened(slot, write=write)
        if self._served is not None:
            try:
                session.token = demand(self, slot, self._served)
            except BaseException:
                session.close()
                raise
        return session

    @abstractmethod
    def _opened(self, slot: int, *, write: bool) -> BaseSession:
        """``C_OpenSession``, whatever token is in the slot."""

    def close(self) -> None:
        """``C_Finalize``, unless someone else had initialised the library; never raises."""
        self.release()
        if self._initialized_here:
            self._cryptoki.finalize()


class BaseSession(ABC):
    """One session; a binding adds how objects are made and written.

    Args:
        cryptoki: the library.
        handle: raw session handle.
        at_once: how many attributes are asked for at once, at most; None sets no limit.
    """

    def __init__(self, cryptoki: Cryptoki, handle: int, at_once: int | None) -> None:
        self._cryptoki = cryptoki
        self._seen = Objects(cryptoki, handle)
        self._uses = Uses(cryptoki, handle)
        self.handle = handle
        self.token: TokenInfo | None = None
        self._at_once = at_once
        self._remembered: dict[int, dict[tuple[int, ...], dict[int, bytes]]] | None = None
        """What was read of each object, where nothing is read twice."""

    def is_of_the_user(self) -> bool:
        """``C_GetSessionInfo``: whether the session is there, and the user logged in."""
        try:
            return self._cryptoki.session_state(self.handle) in _OF_THE_USER
        except CkrError:
            return False

    def remember(self) -> None:
        """Read no object twice from now on; one that this session destroys is forgotten."""
        self._remembered = {}

    def login(self, user_type: int, pin: Secret) -> None:
        """``C_Login``."""
        self._cryptoki.login(self.handle, user_type, self._said(pin, "C_Login"))

    def logout(self) -> None:
        """``C_Logout``; nothing if nobody is logged in."""
        try:
            self._cryptoki.logout(self.handle)
        except CkrError as error:
            if error.value != CKR.USER_NOT_LOGGED_IN:
                raise

    def init_pin(self, pin: Secret) -> None:
        """``C_InitPIN``."""
        self._cryptoki.init_pin(self.handle, self._said(pin, "C_InitPIN"))

    def set_pin(self, old: Secret, new: Secret) -> None:
        """``C_SetPIN``."""
        said = [self._said(pin, "C_SetPIN") for pin in (old, new)]
        self._cryptoki.set_pin(self.handle, *said)

    def _said(self, pin: Secret, function: str) -> Secret | None:
        """A PIN as it is given to the module; None has it entered on the token's own pad.

        Raises:
            CkrError: it is empty, and the token has no pad; its try would be spent.
        """
        if pin or pin.wiped:
            return pin
        if self.token is None or not self.token.has(CKF.PROTECTED_AUTHENTICATION_PATH):
            raise CkrError(CKR.ARGUMENTS_BAD, function)
        return None

    def read(self, handle: int, attributes: Sequence[int]) -> dict[int, bytes]:
        """Values of an object's attributes, in one request where the module lets us.

        An empty value counts as missing: many modules cannot tell the two apart.
        """
        known = {} if self._remembered is None else self._remembered.setdefault(handle, {})
        if (asked := tuple(attributes)) not in known:
            values = self._in_parts(self._seen.values, handle, attributes)
            known[asked] = {attribute: value for attribute, value in values.items() if value}
        return dict(known[asked])

    def numbers(self, handle: int, attributes: Sequence[int]) -> dict[int, int]:
        """Numbers and switches of an object, without asking for their lengths first."""
        return self._in_parts(self._seen.numbers, handle, attributes)

    def _in_parts(
        self, request: _Request[_T], handle: int, attributes: Sequence[int]
    ) -> dict[int, _T]:
        """As many at once as the module can take; those of a request that it refuses one by one."""
        size = self._at_once or max(len(attributes), 1)
        values: dict[int, _T] = {}
        for start in range(0, len(attributes), size):
            part = attributes[start : start + size]
            try:
                values |= request(handle, part)
            except CkrError as error:
                if error.value not in _REFUSED:
                    raise
                values |= _one_by_one(request, handle, part)
        return values

    def find(self, template: Template, most: int | None = None) -> Sequence[int]:
        """Handles of every object that fits, or of so many that it is enough."""
        return self._seen.find(template, most)

    def destroy(self, handle: int) -> None:
        """``C_DestroyObject``."""
        (self._remembered or {}).pop(handle, None)
        self._seen.destroy(handle)

    @abstractmethod
    def write(self, handle: int, template: Template) -> None:
        """``C_SetAttributeValue``."""

    @abstractmethod
    def create(self, template: Template) -> int:
        """``C_CreateObject``."""

    @abstractmethod
    def generate_key_pair(
        self, mechanism: int, public: Template, private: Template
    ) -> tuple[int, int]:
        """``C_GenerateKeyPair``."""

    def sign(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_SignInit`` and ``C_Sign``."""
        return self._uses.sign(key, mechanism, data)

    def encrypt(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_EncryptInit`` and ``C_Encrypt``."""
        return self._uses.encrypt(key, mechanism, data)

    def close(self) -> None:
        """``C_CloseSession``; never raises."""
        with suppress(CkrError):
            self._cryptoki.close_session(self.handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def _one_by_one(request: _Request[_T], handle: int, attributes: Sequence[int]) -> dict[int, _T]:
    values: dict[int, _T] = {}
    for attribute in attributes:
        try:
            values |= request(handle, [attribute])
        except CkrError as error:
            if error.value not in _REFUSED:
                raise
    return values
