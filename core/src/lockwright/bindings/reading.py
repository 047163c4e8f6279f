"""A module and its sessions without a binding: enough to look and to read."""

from __future__ import annotations

from lockwright.bindings.base_session import BaseSession
from lockwright.bindings.common import SCOUTED, BaseModule
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Template


class ReadingSession(BaseSession):
    """A session that changes nothing, which no binding has a part in."""

    def write(self, handle: int, template: Template) -> None:
        """Not in this session."""
        del handle, template
        raise CkrError(CKR.SESSION_READ_ONLY, "C_SetAttributeValue")

    def create(self, template: Template) -> int:
        """Not in this session."""
        del template
        raise CkrError(CKR.SESSION_READ_ONLY, "C_CreateObject")

    def generate_key_pair(
        self, mechanism: int, public: Template, private: Template
    ) -> tuple[int, int]:
        """Not in this session."""
        del mechanism, public, private
        raise CkrError(CKR.SESSION_READ_ONLY, "C_GenerateKeyPair")


class Scout(BaseModule):
    """A module that is looked at to see whose it is; a binding that opens it then takes it over."""

    def _initialize(self, reserved: bytes | None) -> bool:
        ours = super()._initialize(reserved)
        if ours:
            SCOUTED.add(self._path)
        return ours

    def present(self) -> tuple[int, ...]:
        """Ids of the slots that have a token, by ``C_GetSlotList`` alone."""
        return tuple(self._cryptoki.slots())

    def _opened(self, slot: int, *, write: bool) -> BaseSession:
        """``C_OpenSession``, to read."""
        del write
        handle = self._cryptoki.open_session(slot, write=False)
        return ReadingSession(self._cryptoki, handle, self._at_once)

    def close(self) -> None:
        """``C_Finalize``, unless it was taken over; never raises."""
        if self._path in SCOUTED:
            SCOUTED.discard(self._path)
            super().close()
