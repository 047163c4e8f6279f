"""What a token is, what state it is in, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import IntEnum, StrEnum
from pathlib import Path

from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """What a vendor's PKCS#11 module says of itself (``CK_INFO``)."""

    path: Path
    """Absolute path of the shared library."""
    manufacturer: str
    """``CK_INFO.manufacturerID`` without its padding."""
    description: str
    """``CK_INFO.libraryDescription`` without its padding."""
    version: tuple[int, int]
    """``CK_INFO.libraryVersion``: major and minor."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Which token it is, as far as it is compared; no two that are connected have the same."""

    module: Path
    """Absolute path of the module that shows it."""
    slot: int
    """Slot id in that module."""
    manufacturer: str
    """``CK_TOKEN_INFO.manufacturerID``."""
    model: str
    """``CK_TOKEN_INFO.model``."""
    serial: str
    """``CK_TOKEN_INFO.serialNumber``; empty where the token has none."""
    label: str
    """``CK_TOKEN_INFO.label``."""


@dataclass(frozen=True, slots=True)
class TokenIdentity:
    """Which token it is: the strings by which it is recognised and named (``CK_TOKEN_INFO``)."""

    serial: str
    """Serial number as the token gives it, without padding."""
    label: str
    """Label given when the token was initialised, without padding."""
    model: str
    """Model, without padding; with the manufacturer it decides which adapter takes the token."""
    manufacturer: str
    """Manufacturer of the token, without padding."""
    module: ModuleInfo
    """The module that shows the token."""
    slot: int
    """Slot id in that module; it may change when the token is inserted again."""
    slot_description: str
    """Description of the slot, for a reader its PC/SC name."""
    hardware_version: tuple[int, int] = (0, 0)
    """Hardware version: major and minor."""
    firmware_version: tuple[int, int] = (0, 0)
    """Firmware version: major and minor."""
    alone: bool = False
    """Whether the module, all its slots looked at, showed the same strings in no other one."""
    initialized: bool = True
    """Whether it was ever initialised (``CKF_TOKEN_INITIALIZED``); a blank token holds nothing."""
    write_protected: bool = False
    """Whether nothing on it can be changed (``CKF_WRITE_PROTECTED``)."""
    login_required: bool = True
    """Whether the user must log in to use it (``CKF_LOGIN_REQUIRED``)."""
    pin_pad: bool = False
    """Whether PINs are entered on a pad of its own (``CKF_PROTECTED_AUTHENTICATION_PATH``). There
    an empty ``Secret`` stands for a PIN, and the token asks for it."""

    @property
    def strings(self) -> tuple[str, str, str, str]:
        """Manufacturer, model, serial number and label: what the token says of itself."""
        return self.manufacturer, self.model, self.serial, self.label

    @property
    def may_move(self) -> bool:
        """Whether it is known again in another slot: it has a serial number, and no double."""
        return self.alone and bool(self.serial)

    @property
    def key(self) -> TokenKey:
        """What is compared."""
        return TokenKey(self.module.path, self.slot, *self.strings)

    def is_it(self, key: TokenKey) -> bool:
        """Whether a key is this token's, also one from before it moved to another slot."""
        return key == self.key or (self.may_move and replace(key, slot=self.slot) == self.key)


class Confidence(IntEnum):
    """How sure an adapter is that a token is its own; the surest adapter gets the token."""

    GENERIC = 1
    """It could serve the token as plain PKCS#11."""
    FAMILY = 2
    """The manufacturer is its own, the model is new to it."""
    MODEL = 3
    """Manufacturer and model are known to it."""


@dataclass(frozen=True, slots=True)
class Match:
    """An adapter's claim on a token."""

    confidence: Confidence
    """How sure the adapter is."""
    reason: str
    """Why, in a few words of the user's language that quote what was matched."""


class PinState(StrEnum):
    """State of a PIN, as far as the token reports it (PKCS#11 ``CKF_USER_PIN_*`` flags)."""

    OK = "ok"
    """No wrong try since the last right one, as far as the token tells."""
    COUNT_LOW = "count-low"
    """At least one wrong try since the last right one."""
    FINAL_TRY = "final-try"
    """One more wrong try locks the PIN."""
    LOCKED = "locked"
    """The PIN is locked and must be unblocked."""
    TO_BE_CHANGED = "to-be-changed"
    """The PIN must be changed before the token can be used."""
    NOT_SET = "not-set"
    """The PIN was never set."""


@dataclass(frozen=True, slots=True)
class PinStatus:
    """State of a PIN, with the numbers where the token can say them."""

    state: PinState
    """The state in one word."""
    tries_left: int | None = None
    """Wrong tries left before it locks; None where the token cannot say."""
    unblocks_left: int | None = None
    """Unblocks left in the token's life; None where the token cannot say or sets no limit."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a token for objects that anyone may read."""

    free: int
    """Bytes free."""
    total: int
    """Bytes in all."""


class UnblockWay(StrEnum):
    """A way to give access back to a token whose user PIN is lost or locked."""

    SO_PIN = "so-pin"
    """The administrator is present and enters the SO PIN."""
    PUK = "puk"
    """The user enters a PUK."""
    CHALLENGE = "challenge"
    """The token shows a Request, the bank gives a Response."""
    TIMEOUT = "timeout"
    """The token unblocks itself after a long, slow sequence of commands."""


class LabelBy(StrEnum):
    """Whose PIN gives a token another label."""

    USER = "pin"
    """The user's."""
    SO = "so-pin"
    """The administrator's."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this very token can do; read from the token, not assumed of its vendor."""

    unblock_sets_pin: frozenset[UnblockWay] = frozenset()
    """Ways to unblock that set a new user PIN."""
    unblock_keeps_pin: frozenset[UnblockWay] = frozenset()
    """Ways to unblock that only reset the counter and keep the user PIN."""
    key_types: tuple[str, ...] = ()
    """Key types it can make, such as ``rsa:2048`` and ``ec:p256``, preferred first."""
    wipe: bool = False
    """All content can be removed in one operation."""
    erase: bool = False
    """The administrator can remove all content by the token's own function."""
    label_by: LabelBy | None = None
    """Whose PIN gives it another label; None where only its initialisation does."""
    reads_tries: bool = False
    """The number of tries left can be read."""
    reads_unblocks: bool = False
    """The number of unblocks left can be read."""
    policy_reads: frozenset[str] = frozenset()
    """Fields of the PIN policy that can be read from it."""
    policy_sets: frozenset[str] = frozenset()
    """Fields of the PIN policy that can be set on it."""
    policy_most: Mapping[str, int] = field(default_factory=dict, hash=False)
    """The highest number that such a field can be set to, where there is one below any other."""
    not_offered: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Hooks that it is not offered, without ``lockwright_``, each with the reason, a msgid."""

    def without_ways(self, *ways: UnblockWay) -> Capabilities:
        """The same without ways to unblock."""
        return replace(
            self,
            unblock_sets_pin=self.unblock_sets_pin - set(ways),
            unblock_keeps_pin=self.unblock_keeps_pin - set(ways),
        )


@dataclass(frozen=True, slots=True)
class TokenState:
    """What changes in a token's life, read again by each detection."""

    user_pin: PinStatus | None = None
    """The user PIN; None where nothing is known."""
    so_pin: PinStatus | None = None
    """The administrator's PIN or key; None where nothing is known."""
    puk: PinStatus | None = None
    """The PUK; None where there is none, or nothing is known."""
    memory: Memory | None = None
    """Memory; None where the token does not say."""
    pin_lengths: tuple[int, int] | None = None
    """Shortest and longest PIN in bytes; None where the token does not say."""
    capabilities: Capabilities = field(default_factory=Capabilities)
    """What the token can do."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the runner found it: who it is, whose it is, and how it is."""

    identity: TokenIdentity
    """The token's own strings."""
    adapter: str | None
    """Name of the adapter that took it; None if no adapter claims it."""
    reason: str
    """Why that adapter took it, or why none did."""
    state: TokenState = field(default_factory=TokenState)
    """PIN, memory and capabilities."""
    claimants: tuple[str, ...] = ()
    """The adapters that claim it, where several are equally sure and so none gets it."""

    @property
    def serial(self) -> str:
        """The serial number, by which people name a token."""
        return self.identity.serial

    @property
    def name(self) -> str:
        """What people call it: its serial number; its label, if it has none."""
        return self.serial or self.identity.label or f"slot {self.identity.slot}"

    @property
    def lacks_so_pin(self) -> bool:
        """Whether nobody is its administrator yet: it is blank, or says that it has no SO PIN."""
        so_pin = self.state.so_pin
        is_unset = so_pin is not None and so_pin.state is PinState.NOT_SET
        return is_unset or not self.identity.initialized
