"""What parent and child say to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lockwright.config import default_audit
from lockwright.errors import AdapterBroken, Fact, LockwrightError, every_error
from lockwright.keys.source import KeySource
from lockwright.models import Grounds, Token
from lockwright.models.settings import Setting


@dataclass(frozen=True, slots=True)
class AdapterRef:
    """Which adapter works beside a module."""

    name: str
    """Name of its entry point."""
    value: str
    """What the entry point names, such as ``lockwright_softhsm:adapter``."""


def _locks() -> Path:
    return default_audit().with_name("tries")


@dataclass(frozen=True, slots=True)
class Care:
    """How the tries of PINs are spared."""

    use_last_try: bool = False
    """Spend the last try of a PIN where there is only one left."""
    patience: int = 10_000
    """Milliseconds to wait for a turn."""
    locks: Path = field(default_factory=_locks)
    """The folder in which every lockwright of the account sees whose turn it is."""


@dataclass(frozen=True, slots=True)
class Start:
    """The first message to a child: what it is for."""

    adapter: AdapterRef
    """The only adapter it imports."""
    module: Path | None
    """The only module it loads: a token's, or an HSM's where a Request is answered."""
    settings: dict[str, Setting]
    """The adapter's table of the configuration."""
    path: list[str]
    """``sys.path`` of the parent: what it could import, the child can."""
    language: str
    """The language of reasons."""
    care: Care = field(default_factory=Care)
    """How the tries of PINs are spared."""


@dataclass(frozen=True, slots=True)
class Inspect:
    """Ask what the module shows."""


@dataclass(frozen=True, slots=True)
class Call:
    """Ask for an operation."""

    hook: str
    """Name of the hook."""
    token: Token
    """The token it is about."""
    arguments: dict[str, object] = field(repr=False)
    """The hook's further arguments."""


@dataclass(frozen=True, slots=True)
class Respond:
    """Ask for the Response to a Request."""

    model: str
    """Model of the client's token."""
    serial: str
    """Serial number of the client's token."""
    challenge: bytes
    """The Request."""
    key: KeySource
    """The administrator key."""
    grounds: Grounds
    """Who answers, and why."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it."""

    value: object = field(repr=False)
    """What the hook returned."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The error that came of it, as code and facts: no text, no traceback, no frames."""

    code: str
    """Which error of the tree."""
    facts: dict[str, Fact]
    """The values its message names."""
    ckr: int | None
    """PKCS#11 return value."""
    adapter: str | None
    """Name of the adapter."""
    cost: str
    """What it cost."""


def pack(error: LockwrightError) -> Failed:
    """An error as it passes."""
    return Failed(error.code, dict(error.facts), error.ckr, error.adapter, error.cost)


def unpack(failed: Failed) -> LockwrightError:
    """The error of the same class on this side.

    A class of an adapter's own, or facts that are not its class's, become ``AdapterBroken``.
    """
    kind = every_error().get(failed.code)
    if kind is None or set(failed.facts) != set(kind.facts_named):
        name = failed.adapter or ""
        return AdapterBroken(name=name, reason=failed.code, adapter=name, cost=failed.cost)
    return kind(ckr=failed.ckr, adapter=failed.adapter, cost=failed.cost, **failed.facts)
