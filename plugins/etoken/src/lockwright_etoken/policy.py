"""The token's rules for a PIN: an object of the token's, ETCKH_PIN_POLICY of eTPkcs11.h."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from lockwright.adapter import refusal
from lockwright.errors import NotSupported
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKA, CKU
from lockwright.pkcs11.session import Module, Session
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_etoken.features import Feature, find, numbers

ACTION = N_("set the token's PIN rules")
OWNER = 0x80001401
"""ETCKA_OWNER: CKU_SO or CKU_USER may change the rules."""
MANDATORY, PERMITTED = 2, 0
"""Of a kind of characters: ETCKPP_ENFORCE is 2; 0 is permitted, 1 forbidden."""


class P(IntEnum):
    """ETCKA_PIN_...: rules that lockwright has a word for."""

    MIN_LEN = 0x80001202
    MAX_REPEATED = 0x80001209
    NUMBERS = 0x8000120A
    UPPER_CASE = 0x8000120B
    LOWER_CASE = 0x8000120C
    SPECIAL = 0x8000120D
    MAX_LEN = 0x8000120F


_LENGTHS = {P.MIN_LEN: "min_length", P.MAX_LEN: "max_bytes", P.MAX_REPEATED: "max_repeated"}
"""Whether lengths are counted in characters or in bytes is not public; a PIN that is long enough in
characters and short enough in bytes is good either way."""
_KINDS = {
    P.NUMBERS: "min_digits",
    P.UPPER_CASE: "min_upper",
    P.LOWER_CASE: "min_lower",
    P.SPECIAL: "min_special",
}
KINDS = tuple(_KINDS.values())
"""Of a kind of characters one can be asked for, and no more."""
FIELDS: Mapping[P, str] = MappingProxyType(_LENGTHS | _KINDS)
"""The field of :class:`PinPolicy` that each rule is."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy object, as far as the token reports it."""

    handle: int | None
    """Of the object; None if there is none."""
    values: Mapping[int, int]
    """Its attributes."""

    @property
    def fields(self) -> frozenset[str]:
        """Fields of the policy that can be read."""
        return frozenset(field for rule, field in FIELDS.items() if rule in self.values)

    @property
    def settable(self) -> frozenset[str]:
        """Fields of the policy that the administrator can set."""
        theirs = self.values.get(OWNER, CKU.SO) == CKU.SO
        return self.fields if theirs and self.values.get(CKA.MODIFIABLE) else frozenset()

    @property
    def why_not_set(self) -> str:
        """Why the administrator cannot set any; empty if some can be set."""
        if self.handle is None:
            return N_("the token reports no rules")
        return "" if self.settable else N_("the administrator may not change the token's rules")


def rules(session: Session) -> Rules:
    """Read the policy object; a token of an early driver has none."""
    handle = find(session, Feature.PIN_POLICY)
    return Rules(handle, numbers(session, handle, (*P, CKA.MODIFIABLE, OWNER)))


@standard.translated(N_("report its PIN rules"))
def read(module: Module, token: Token) -> PinPolicy:
    """The token's rules and what PKCS#11 says of lengths, the stricter of both.

    Kinds of characters that are forbidden, the number of old PINs that must not be used again, and
    ages have no field; the token refuses a PIN that breaks those, and says why.

    Raises:
        TokenRemoved: the token is gone.
    """
    with standard.user_session(module, token, None) as session:
        values = rules(session).values
    kinds = {rule: int(values.get(rule) == MANDATORY) for rule in _KINDS}
    return standard.policy(module, token).stricter(
        PinPolicy(
            min_length=values.get(P.MIN_LEN, 0),
            max_bytes=values.get(P.MAX_LEN) or None,
            max_repeated=values.get(P.MAX_REPEATED) or None,
            min_digits=kinds[P.NUMBERS],
            min_upper=kinds[P.UPPER_CASE],
            min_lower=kinds[P.LOWER_CASE],
            min_special=kinds[P.SPECIAL],
        )
    )


@standard.translated(ACTION)
def write(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    """Set the rules that a policy asks for, and lift those of kinds of characters that it does not.

    How a rule of lengths is lifted is not public, so that is refused.

    Raises:
        NotSupported: the rules of this token may not be changed, or it has no such rule.
        PinIncorrect, PinLocked: the token did not let us in.
    """
    with standard.user_session(module, token, None) as session:
        found = rules(session)
    wanted = _attributes(policy) | _lifted(policy, found.values)
    settable = {rule for rule, field in FIELDS.items() if field in found.settable}
    if found.why_not_set:
        raise refusal("set_policy", found.why_not_set)
    if not wanted.keys() <= settable:
        raise NotSupported(operation=ACTION)
    if any(found.values.get(rule) and rule not in wanted for rule in _LENGTHS):
        raise NotSupported(operation=N_("lift a rule for the length of a PIN"))
    with standard.so_session(module, token, so_pin) as session:
        handle = find(session, Feature.PIN_POLICY)
        if handle is None:
            raise NotSupported(operation=ACTION)
        if wanted:
            session.write(handle, wanted)


def _lifted(policy: PinPolicy, values: Mapping[int, int]) -> dict[int, int]:
    """Kinds of characters that were mandatory and are not to be any more: permitted, then."""
    return {
        rule: PERMITTED
        for rule, field in _KINDS.items()
        if values.get(rule) == MANDATORY and not getattr(policy, field)
    }


def _attributes(policy: PinPolicy) -> dict[int, int]:
    """A policy as the token's rules.

    Raises:
        NotSupported: it asks for what the token has no rule for.
    """
    kinds = {rule: getattr(policy, field) for rule, field in _KINDS.items()}
    if policy.refuse_guessable or any(least > 1 for least in kinds.values()):
        raise NotSupported(operation=N_("enforce a PIN rule that it does not know"))
    longest = [limit for limit in (policy.max_length, policy.max_bytes) if limit is not None]
    lengths = {
        P.MIN_LEN: max(policy.min_length, policy.min_bytes),
        P.MAX_LEN: min(longest, default=0),
        P.MAX_REPEATED: policy.max_repeated or 0,
    }
    asked: dict[int, int] = {rule: value for rule, value in lengths.items() if value}
    return asked | {rule: MANDATORY for rule, least in kinds.items() if least}
