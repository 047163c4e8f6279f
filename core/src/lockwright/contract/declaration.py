"""What the core must know of a hook, declared once, beside its signature.

From it come the proxy that carries a call to the module, the guard before a login, the audit trail,
what the capabilities lose where it is not offered, and the hook's page in the reference.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar, cast

import pluggy

from lockwright.contract.answer_type import check_of
from lockwright.contract.audit_facts import Facts, Recorded, is_given, nothing
from lockwright.contract.markers import PREFIX, PROJECT
from lockwright.contract.taken_secrets import secrets_of
from lockwright.errors import NOTHING, UNCHANGED, UNKNOWN_COST
from lockwright.errors.pins import USER_PIN
from lockwright.i18n import N_
from lockwright.models import Capabilities, Token
from lockwright.records import dataclass
from lockwright.secret import Secret

F = TypeVar("F", bound=Callable[..., object])
Arguments = Mapping[str, object]
"""Arguments of a call by the names of the hook's signature."""

EVERYTHING = "everything"
"""What a hook removes that empties a token."""
DONE_UNRECORDED = N_("The token did what it was asked, but that is not recorded.")


def unchanged(able: Capabilities) -> Capabilities:
    """Capabilities that do not speak of a hook."""
    return able


class RequestEffect(StrEnum):
    """What a hook does to the Request of a remote unblock."""

    OPENS = "opens"
    """From here on nothing but what ends it may touch the token."""
    ENDS = "ends"
    """It may be called while a Request is open, and the Request is over then."""
    ANSWERS = "answers"
    """On the bank's side: with what it returns, whoever holds the token sets a new PIN."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Whose tries a hook spends."""

    argument: str
    """The argument with the PIN; where it is None, no try is spent."""
    role: str | Mapping[Any, str]
    """What the PIN is called, a msgid; or which it is, by the value of ``chosen_by``."""
    chosen_by: str = ""
    """The argument that tells which PIN it is."""

    @property
    def roles(self) -> set[str]:
        """What the PIN may be called, msgids."""
        return {self.role} if isinstance(self.role, str) else set(self.role.values())

    def role_in(self, arguments: Arguments) -> str | None:
        """What the PIN of a call is called; None if the call spends no try that is known."""
        if arguments[self.argument] is None:
            return None
        if isinstance(self.role, str):
            return self.role
        return self.role.get(arguments[self.chosen_by])


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A hook as the core knows it."""

    function: Callable[..., object] = field(repr=False)
    """The signature, with its documentation."""
    doing: str = ""
    """How "while asked to ..." ends, a msgid; empty for a hook that only looks at strings."""
    changes: bool = False
    """Whether it may change the token: its content, its PINs, its rules, or a Request it holds."""
    spends: Spent | None = None
    """Whose tries it spends; None if it logs nobody in."""
    sets: str = ""
    """The argument with a new user PIN, which is judged before; empty if it sets none."""
    sets_other: str = ""
    """The argument with a new SO PIN or PUK, which is judged before; empty if it sets none. An SO
    PIN whose try is spent as well is new only on a token that has none yet."""
    keeps: str = ""
    """The argument with a private key that the token is to hold; empty if it is given none."""
    records: Recorded | None = None
    """What the audit trail holds of its arguments; None: it is not recorded."""
    tells: Callable[[object], Facts] = nothing
    """What the audit trail holds of its result."""
    unrecorded: str = DONE_UNRECORDED
    """What it cost where it was done and could not be recorded, a msgid."""
    request: RequestEffect | None = None
    """What it does to the Request of a remote unblock."""
    slow: bool = False
    """Whether it makes a key, for which a token takes its time."""
    removes: str = ""
    """The argument with the objects it removes, ``EVERYTHING``, or nothing; each takes its time."""
    without: Callable[[Capabilities], Capabilities] = unchanged
    """What is left of a token's capabilities where it is not offered."""
    parameters: tuple[str, ...] = field(init=False, repr=False)
    """Names of its arguments, in order."""
    secrets: Mapping[str, bool] = field(init=False, repr=False)
    """Its arguments that are secrets, each with whether None may be given."""
    misfit: Callable[[object], str] = field(init=False, repr=False)
    """The type of an answer, or of what is in it, that the signature does not name; or nothing."""

    def __post_init__(self) -> None:
        taken = inspect.signature(self.function).parameters
        object.__setattr__(self, "parameters", tuple(taken))
        object.__setattr__(self, "secrets", MappingProxyType(secrets_of(self.function)))
        object.__setattr__(self, "misfit", check_of(self.function))
        sets = {self.sets, self.sets_other}
        if (self.changes or self.spends or any(sets)) and self.records is None:
            raise TypeError(f"{self.name} spends or changes something, so it is recorded")
        spent = {self.spends.argument, self.spends.chosen_by} if self.spends else set()
        recorded = {each.argument for each in (self.records or {}).values()}
        named = spent | recorded | sets | {self.removes, self.keeps}
        if unknown := named - {"", EVERYTHING, *taken}:
            raise TypeError(f"{self.name} has no argument {', '.join(sorted(unknown))}")
        if self.about_a_token:
            self._check_secrets(spent | sets | {self.keeps})

    def new_other_in(self, token: Token) -> str:
        """The argument of a call that is a new SO PIN or PUK; empty if there is none.

        Args:
            token: the token that it is about.
        """
        also_spent = self.spends is not None and self.spends.argument == self.sets_other
        return "" if also_spent and not token.lacks_so_pin else self.sets_other

    def work_in(self, arguments: Arguments, listed: int) -> int:
        """How many objects a call removes.

        Args:
            arguments: the hook's arguments.
            listed: how many the token showed last.
        """
        if self.removes == EVERYTHING:
            return listed
        return len(cast("Sequence[object]", arguments[self.removes])) if self.removes else 0

    def on_pad(self, token: Token, arguments: Arguments) -> list[str]:
        """The arguments of a call that are PINs which are entered on the token's own pad.

        Args:
            token: the token.
            arguments: the hook's arguments.
        """
        empty = (name for name in self.secrets if arguments.get(name) == Secret(b""))
        return list(empty) if token.identity.pin_pad else []

    def cost_in(self, arguments: Arguments) -> str:
        """What a call may have cost that was never answered, in a sentence of the errors'."""
        if self.changes:
            return UNKNOWN_COST
        spends = self.spends is not None and arguments[self.spends.argument] is not None
        return UNCHANGED if spends else NOTHING

    @property
    def destroys(self) -> bool:
        """Whether something on the token is gone afterwards."""
        return bool(self.removes)

    @property
    def unblocks(self) -> bool:
        """Whether it can be done to a token without its owner, or helps somebody to do that.

        It goes by an administrator's secret instead of the user PIN, or is a step of a remote
        unblock; to give a Request up is none.
        """
        if self.request in {RequestEffect.OPENS, RequestEffect.ANSWERS}:
            return True
        return self.changes and self.spends is not None and self.spends.roles != {USER_PIN}

    def _check_secrets(self, named: set[str]) -> None:
        """A secret is spent, set or kept, and nothing of it is recorded but that it was there."""
        if forgotten := self.secrets.keys() - named:
            raise TypeError(f"{self.name} takes {', '.join(forgotten)} and neither spends nor sets")
        for fact, each in (self.records or {}).items():
            if each.argument in self.secrets and each.told is not is_given:
                raise TypeError(f"{self.name} would record a secret as {fact}")

    @property
    def name(self) -> str:
        """Its name, such as ``lockwright_list``."""
        return self.function.__name__

    @property
    def short(self) -> str:
        """Its name without the prefix, as tables and ``not_offered`` have it."""
        return self.name.removeprefix(PREFIX)

    @property
    def about_a_token(self) -> bool:
        """Whether it is called beside a token's module, for one token."""
        return self.parameters[:2] == ("module", "token")


_DECLARED = "lockwright_declared"


def hook(  # noqa: PLR0913  # each fact has its default
    *,
    doing: str = "",
    changes: bool = False,
    spends: Spent | None = None,
    sets: str = "",
    sets_other: str = "",
    keeps: str = "",
    records: Recorded | None = None,
    tells: Callable[[object], Facts] = nothing,
    unrecorded: str = DONE_UNRECORDED,
    request: RequestEffect | None = None,
    slow: bool = False,
    removes: str = "",
    without: Callable[[Capabilities], Capabilities] = unchanged,
) -> Callable[[F], F]:
    """Declare a hook of the contract; the arguments are the fields of :class:`Declared`."""
    specified = pluggy.HookspecMarker(PROJECT)(firstresult=True)

    def declare(function: F) -> F:
        declared = Declared(
            function=function,
            doing=doing,
            changes=changes,
            spends=spends,
            sets=sets,
            sets_other=sets_other,
            keeps=keeps,
            records=records,
            tells=tells,
            unrecorded=unrecorded,
            request=request,
            slow=slow,
            removes=removes,
            without=without,
        )
        setattr(function, _DECLARED, declared)
        return specified(function)

    return declare


def declared_in(*contract: ModuleType) -> Mapping[str, Declared]:
    """The hooks of the files of a contract, by name, in their order."""
    everything = (each for file in contract for each in vars(file).values())
    found = (getattr(each, _DECLARED, None) for each in everything)
    return MappingProxyType({each.name: each for each in found if isinstance(each, Declared)})
