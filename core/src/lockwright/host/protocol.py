"""What parent and child say to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import cast

from lockwright.contract import hooks
from lockwright.contract.answer_type import named_type
from lockwright.errors import (
    AdapterBroken,
    AuditError,
    Fact,
    Interrupted,
    LockwrightError,
    PluginRequired,
    RequestPending,
    every_error,
)
from lockwright.files.state import state_folder
from lockwright.host.codec import Packed, Reading, WireError, Writing
from lockwright.host.shapes import shape_of, unpack_by
from lockwright.keys.source import HsmKey, KeySource
from lockwright.models import Grounds, Token
from lockwright.models.settings import Setting
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class AdapterRef:
    """Which adapter works beside a module."""

    name: str
    """Name of its entry point."""
    value: str
    """What the entry point names, such as ``lockwright_softhsm:adapter``."""


def _locks() -> Path:
    return state_folder() / "tries"


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

    adapter: AdapterRef | None
    """The only adapter it imports; None until it was seen whose the module's tokens are."""
    module: Path | None
    """The only module it loads: a token's, or an HSM's where a Request is answered."""
    settings: dict[str, Setting]
    """The adapter's table of the configuration."""
    path: tuple[Path, ...]
    """``sys.path`` of the parent: what it could import, the child can."""
    language: str
    """The language of reasons."""
    care: Care = field(default_factory=Care)
    """How the tries of PINs are spared."""
    stays: bool = False
    """Whether an HSM stays logged in to from one Request to the next."""


@dataclass(frozen=True, slots=True)
class Adopt:
    """Say which adapter a child is for that was started without one."""

    adapter: AdapterRef
    """The only adapter it imports."""
    settings: dict[str, Setting]
    """The adapter's table of the configuration."""


@dataclass(frozen=True, slots=True)
class Look:
    """Ask what a module shows."""

    key_types: bool = True
    """Also which key types each token makes, which takes further calls."""
    certificates: bool = False
    """Instead: the certificates that anyone may see on what the look before this one showed."""


EVERYTHING = Look()
"""All that a look tells of a token, and nothing of what is on it."""


@dataclass(frozen=True, slots=True)
class Call:
    """Ask for an operation."""

    hook: str
    """Name of the hook."""
    token: Token
    """The token it is about."""
    arguments: dict[str, object] = field(repr=False)
    """The hook's further arguments."""
    stays: bool = False
    """Whether the user stays logged in then, for a call that follows."""
    last_try: bool = False
    """Whether the last try of a PIN may be spent in it."""


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
    logs_in: bool = True
    """Whether an HSM's PIN may be sent, where a login that was kept does not do."""


@dataclass(frozen=True, slots=True)
class Recognise:
    """Ask what a key in an HSM makes of the ledger's probe."""

    key: HsmKey
    """The administrator key."""
    logs_in: bool = True
    """Whether its PIN may be sent, where a login that was kept does not do."""


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


_OF_THE_CALLER = (Interrupted, RequestPending, PluginRequired, AuditError)
"""What is known in the caller's process alone, so no child may say it."""


def told(error: LockwrightError) -> Failed:
    """An error as it passes."""
    return Failed(error.code, dict(error.facts), error.ckr, error.adapter, error.cost)


def raised(failed: Failed, adapter: str) -> LockwrightError:
    """The error of the same class on this side.

    A class of an adapter's own, facts that are not its class's, and what a child cannot know become
    ``AdapterBroken``.

    Args:
        failed: the error as it passed.
        adapter: name of the child's adapter, whatever the child says.
    """
    kind = every_error().get(failed.code)
    known = kind is not None and set(failed.facts) == set(kind.facts_named)
    if kind is None or not known or issubclass(kind, _OF_THE_CALLER):
        return AdapterBroken(name=adapter, reason=failed.code, adapter=adapter, cost=failed.cost)
    return kind(ckr=failed.ckr, adapter=adapter, cost=failed.cost, **failed.facts)


def pack_call(call: Call) -> Packed:
    """A call as it passes: each argument by the type that the hook's signature names.

    Raises:
        WireError: an argument is of another type, or there are others.
    """
    into = Writing()
    shape_of(str).put(call.hook, into)
    shape_of(Token).put(call.token, into)
    shape_of(bool).put(call.stays, into)
    shape_of(bool).put(call.last_try, into)
    kinds = arguments_of(call.hook)
    if kinds.keys() != call.arguments.keys():
        raise WireError(f"{call.hook} takes {', '.join(kinds)}")
    for name, kind in kinds.items():
        shape_of(kind).put(call.arguments[name], into)
    return into.packed()


def unpack_call(packed: Packed) -> Call:
    """The call.

    Raises:
        WireError: it is none; its secrets are wiped.
    """
    return unpack_by(_call, packed)


def _call(of: Reading) -> Call:
    hook = str(shape_of(str).take(of))
    token = cast("Token", shape_of(Token).take(of))
    stays, last_try = bool(shape_of(bool).take(of)), bool(shape_of(bool).take(of))
    kinds = arguments_of(hook)
    arguments = {name: shape_of(kind).take(of) for name, kind in kinds.items()}
    return Call(hook, token, arguments, stays, last_try)


@cache
def arguments_of(hook: str) -> Mapping[str, object]:
    """Names and types of a hook's arguments, without the module and the token.

    Raises:
        WireError: there is no such hook of a token.
    """
    declared = hooks.HOOKS.get(hook)
    if declared is None or not declared.about_a_token:
        raise WireError(f"{hook} is no hook of a token")
    return {name: named_type(declared.function, name) for name in declared.parameters[2:]}


@cache
def answer_of(hook: str) -> object:
    """The type of a hook's answer."""
    return named_type(hooks.HOOKS[hook].function, "return")


def checked(packing: Callable[[], Packed]) -> Packed:
    """Arguments as they pass, or the caller's mistake.

    Raises:
        TypeError: they may not pass.
    """
    try:
        return packing()
    except WireError as error:
        problem = str(error)
    raise TypeError(problem)
