"""The session port: what an adapter needs of a PKCS#11 binding, and nothing more.

A binding (``lockwright.bindings``) implements these protocols over its library; adapters and the
standard operations see only them. Attribute values are bytes as the module has them; a template
is a mapping of attribute number to ``bytes``, ``bool``, ``int`` or ``str``.

Every method raises :class:`lockwright.pkcs11.errors.CkrError` with the module's return value, and
nothing of the binding's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, Self

from lockwright.models.token import ModuleInfo, TokenIdentity
from lockwright.pkcs11.constants import CKF
from lockwright.records import dataclass
from lockwright.secret import Secret

AttributeValue = bytes | bool | int | str
Template = Mapping[int, AttributeValue]
HiddenTemplate = Mapping[int, AttributeValue | Secret]
"""A template with values that nobody may see, such as a private key's."""


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """``CK_TOKEN_INFO`` of the token in a slot, strings unpadded."""

    slot: int
    """Id of the slot."""
    label: str
    """``CK_TOKEN_INFO.label``."""
    manufacturer: str
    """``CK_TOKEN_INFO.manufacturerID``."""
    model: str
    """``CK_TOKEN_INFO.model``."""
    serial: str
    """``CK_TOKEN_INFO.serialNumber``."""
    flags: int
    """``CK_TOKEN_INFO.flags`` (``CKF``)."""
    pin_lengths: tuple[int, int] | None
    """``ulMinPinLen`` and ``ulMaxPinLen`` in bytes; None where the module does not say."""
    free_memory: int | None
    """``ulFreePublicMemory`` in bytes; None where the module does not say."""
    total_memory: int | None
    """``ulTotalPublicMemory`` in bytes; None where the module does not say."""
    hardware_version: tuple[int, int]
    """Major and minor."""
    firmware_version: tuple[int, int]
    """Major and minor."""

    @property
    def strings(self) -> tuple[str, str, str, str]:
        """Manufacturer, model, serial number and label, as ``TokenIdentity.strings``."""
        return self.manufacturer, self.model, self.serial, self.label

    def has(self, flag: CKF) -> bool:
        """Whether a flag is set."""
        return bool(self.flags & flag)


@dataclass(frozen=True, slots=True)
class SlotInfo:
    """A slot with a token in it."""

    description: str
    """``CK_SLOT_INFO.slotDescription``, unpadded."""
    token: TokenInfo
    """The token."""

    def identity(self, module: ModuleInfo) -> TokenIdentity:
        """Who the token is, as seen through a module."""
        token = self.token
        return TokenIdentity(
            serial=token.serial,
            label=token.label,
            model=token.model,
            manufacturer=token.manufacturer,
            module=module,
            slot=token.slot,
            slot_description=self.description,
            hardware_version=token.hardware_version,
            firmware_version=token.firmware_version,
            initialized=token.has(CKF.TOKEN_INITIALIZED),
            write_protected=token.has(CKF.WRITE_PROTECTED),
            login_required=token.has(CKF.LOGIN_REQUIRED),
            pin_pad=token.has(CKF.PROTECTED_AUTHENTICATION_PATH),
        )


NOTHING_SHOWN: Mapping[int, TokenInfo] = MappingProxyType({})
"""Where no token was read yet."""


class Session(Protocol):
    """One session with one token."""

    @property
    def handle(self) -> int:
        """The raw ``CK_SESSION_HANDLE``, for a vendor's own functions."""

    @property
    def token(self) -> TokenInfo | None:
        """What the token said of itself once the session was open; None if nobody compared it."""

    def login(self, user_type: int, pin: Secret) -> None:
        """``C_Login`` as ``user_type`` (``CKU`` or a vendor's own).

        Here and below an empty PIN is given as NULL to a token that has a PIN pad, and asked for
        there (PKCS#11 2.40, ``C_Login``).
        """

    def is_of_the_user(self) -> bool:
        """``C_GetSessionInfo``: whether the session is there, and the user logged in."""

    def remember(self) -> None:
        """Read no object twice from now on; one that this session changes is forgotten."""

    @property
    def remembered(self) -> frozenset[int]:
        """Objects of which something was read since ``remember``, and that it did not change."""

    def is_as_remembered(self, handle: int) -> bool:
        """Whether an object shows what was read of it, asked again; so it does if nothing was.

        Raises:
            CkrError: also where it is gone (``CKR_OBJECT_HANDLE_INVALID``).
        """

    def logout(self) -> None:
        """``C_Logout``; nothing if nobody is logged in."""

    def init_pin(self, pin: Secret) -> None:
        """``C_InitPIN``: set the user PIN, logged in as SO."""

    def set_pin(self, old: Secret, new: Secret) -> None:
        """``C_SetPIN``: change the PIN of the user who is logged in."""

    def find(self, template: Template, most: int | None = None) -> Sequence[int]:
        """Handles of every object that fits the template; of all objects if it is empty.

        Args:
            template: what fits.
            most: how many are enough; None for all.
        """

    def read(self, handle: int, attributes: Sequence[int]) -> dict[int, bytes]:
        """Values of an object's attributes, asked in one request, or in few for some modules.

        Only a module that refuses the whole request is asked for them one by one. An attribute
        that the object has not, or does not give away, is missing from the result.
        """

    def numbers(self, handle: int, attributes: Sequence[int]) -> dict[int, int]:
        """Numbers and switches of an object, as ``read`` reads, but in half as many calls.

        Their room is known, so their lengths are not asked for first. An attribute that is not
        known to the object, or turns out to be no number, is missing from the result.
        """

    def write(self, handle: int, template: Template) -> None:
        """``C_SetAttributeValue``; python-pkcs11 makes a request of each attribute."""

    def create(self, template: Template) -> int:
        """``C_CreateObject``; returns the new handle."""

    def create_hidden(self, template: HiddenTemplate) -> int:
        """``C_CreateObject`` of what holds secrets, without a copy of them; returns the handle."""

    def destroy(self, handle: int) -> None:
        """``C_DestroyObject``."""

    def generate_key_pair(
        self, mechanism: int, public: Template, private: Template
    ) -> tuple[int, int]:
        """``C_GenerateKeyPair``; returns the handles of the public and the private key."""

    def sign(self, key: int, mechanism: int, data: bytes, pin: Secret | None = None) -> bytes:
        """``C_SignInit`` and ``C_Sign`` with a mechanism that takes no parameter, or RSA-PSS.

        Of RSA-PSS the parameters are SHA-256, MGF1 with it, and a salt of 32 bytes.

        Args:
            key: handle of the private key.
            mechanism: how.
            data: what is signed.
            pin: the user PIN, for a key that wants it for each signature; None to refuse that.
        """

    def encrypt(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_EncryptInit`` and ``C_Encrypt`` with a mechanism that takes no parameter."""

    def close(self) -> None:
        """``C_CloseSession``; never raises."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_exc: object) -> None: ...


class Login(Protocol):
    """A login as the user that is kept from one call of an operation to the next."""

    @property
    def session(self) -> Session:
        """The session that is logged in."""

    def fits(self, identity: TokenIdentity, pin: object, *, write: bool = False) -> bool:
        """Whether it is what a call would log in to, with the same PIN."""

    def release(self) -> None:
        """Log out and close the session; never raises."""


class Module(Protocol):
    """A vendor's PKCS#11 module, loaded and initialised."""

    brief: bool
    """Whether what takes further calls and nobody looks at is left out of a token's state, such as
    the key types that it makes; ``host`` says so for the state that it reads for itself."""

    @property
    def path(self) -> Path:
        """Absolute path of the shared library."""

    def info(self) -> ModuleInfo:
        """``C_GetInfo``, asked once."""

    def slots(self, *, blank: bool = False) -> Sequence[SlotInfo]:
        """Every slot that has a token in it; a slot whose token cannot be read is left out.

        Args:
            blank: those with a token that was never initialised, too.
        """

    keeps_logins: bool
    """Whether a login as the user is kept for the calls that follow, until ``release``."""

    @property
    def kept(self) -> Login | None:
        """The login that is kept."""

    def keep(self, login: Login) -> None:
        """Keep a login; one that was kept before is released."""

    def release(self) -> None:
        """End the login that is kept, if there is one; never raises."""

    def looking(
        self, shown: Mapping[int, TokenInfo] = NOTHING_SHOWN
    ) -> AbstractContextManager[None]:
        """One look at every token: what ``slots`` read is not read again before it ends.

        No PIN is sent meanwhile: a token that took another's place is not noticed.

        Args:
            shown: the token in each slot, where they were read just now.
        """

    def token(self, slot: int) -> TokenInfo:
        """The token in a slot, read again, unless ``looking`` goes on."""

    def mechanisms(self, slot: int) -> frozenset[int]:
        """Mechanisms of the token in a slot, asked once until the slots are looked at again."""

    def key_sizes(self, slot: int, mechanism: int) -> tuple[int, int]:
        """``C_GetMechanismInfo``, asked once until the slots are looked at again.

        Returns:
            The smallest and the largest key, as the module says them.
        """

    def serving(self, identity: TokenIdentity) -> AbstractContextManager[None]:
        """Open sessions with one token only, until the end of the ``with`` block.

        lockwright calls every hook in such a block, so no hook has to think of it.

        Args:
            identity: the token.

        Raises:
            TokenRemoved: the block is within another, for another token.
        """

    def open_session(self, slot: int, *, write: bool = True) -> AbstractContextManager[Session]:
        """``C_OpenSession``; use it as a context manager, which closes it whatever happens.

        Raises:
            TokenRemoved: within ``serving``, another token is in the slot; nothing was sent to it.
        """

    def init_token(self, slot: int, so_pin: Secret, label: str) -> None:
        """``C_InitToken``: all is gone, the user PIN, too; the label is padded with blanks.

        Within ``serving``, sessions are opened from then on with the token as it shows itself now.

        Raises:
            TokenRemoved: another token is in the slot; nothing was sent to it.
        """

    def close(self) -> None:
        """``C_Finalize`` and unload; never raises."""
