"""What both bindings have in common of a module: its tokens, and whose session is opened."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lockwright.bindings.base_session import BaseSession, said
from lockwright.bindings.told import module_info, text, token_info
from lockwright.errors import NOTHING, TokenRemoved
from lockwright.models.token import ModuleInfo, TokenIdentity
from lockwright.pkcs11.constants import CKF, CKR
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.same_token import demand, with_label
from lockwright.pkcs11.session import NOTHING_SHOWN, Login, SlotInfo, TokenInfo
from lockwright.secret import Secret

SCOUTED: set[Path] = set()
"""Modules that were initialised in this process to see whose they are, and for nobody yet."""


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
        self._kept: Login | None = None
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
        """Every slot with a token that can be read, initialised or, where wanted, blank.

        Raises:
            CkrError: the module itself is at its end; that is no slot without a token.
        """
        found = []
        self._sizes.clear()
        self._mechanisms.clear()
        for slot in self._cryptoki.slots():
            try:
                token = self._token_afresh(slot)
                if self._shown is not None:
                    self._shown[slot] = token
                found.append(SlotInfo(text(self._cryptoki.slot_info(slot).description), token))
            except CkrError as error:
                if error.value == CKR.CRYPTOKI_NOT_INITIALIZED:
                    raise
        return [slot for slot in found if blank or slot.token.has(CKF.TOKEN_INITIALIZED)]

    @property
    def kept(self) -> Login | None:
        """The login that is kept."""
        return self._kept

    def keep(self, login: Login) -> None:
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

    def init_token(self, slot: int, so_pin: Secret, label: str) -> None:
        """``C_InitToken``; within ``serving``, only of the token that is served, before and after.

        It has another label then, and perhaps another serial number; what the hook does next is
        done to the token as it shows itself now.
        """
        served = self._served
        told = self._token_afresh(slot) if served is None else demand(self, slot, served)
        self._cryptoki.init_token(slot, said(so_pin, told, "C_InitToken"), label)
        if served is not None:
            self._served = with_label(self, slot, served, label)

    @abstractmethod
    def _opened(self, slot: int, *, write: bool) -> BaseSession:
        """``C_OpenSession``, whatever token is in the slot."""

    def close(self) -> None:
        """``C_Finalize``, unless someone else had initialised the library; never raises."""
        self.release()
        if self._initialized_here:
            self._cryptoki.finalize()
