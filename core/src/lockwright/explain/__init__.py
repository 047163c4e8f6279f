"""Errors as people read them: the facts of an error told in the language in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lockwright.errors import (
    GO_ON,
    NOTHING,
    CaError,
    Fact,
    Interrupted,
    LastTry,
    LockwrightError,
    PinIncorrect,
    PinLocked,
    PinRefused,
    SeveralTokens,
    TokenBlank,
    TokenFull,
    TokenRemoved,
    TokenUnclear,
)
from lockwright.explain.rules import (
    decode_rules,
    encode_rules,
    policy_lines,
    policy_rules,
    rule_text,
)
from lockwright.explain.words import in_words
from lockwright.i18n import N_, _, ngettext
from lockwright.models import PinState
from lockwright.records import dataclass

_USER_PIN = N_("user PIN")
_LAST_OF_ALL = N_(
    "If it is wrong, it locks, and then nobody unblocks this token any more. Only if you are sure"
    " of it: --use-last-try"
)
_LAST_OF_OTHERS: Mapping[Fact, str] = {
    N_("administrator's key"): N_(
        "A wrong Response would lock it, and then nobody unblocks this token any more. Ask the bank"
        " whether its key for this very token is right; only then: --use-last-try"
    ),
}
"""What to do where the last try is not the user's: nobody is left who could help after it."""
_TOLD = frozenset({"action", "contact", "name", "operation", "reason", "role", "signal", "what"})
"""Facts that are words of ours or a reason, and not the name of a thing."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in the language in use."""

    code: str
    """Stable name for programs."""
    exit_code: int
    """Exit code of the program."""
    message: str
    """What happened, in whole sentences; it ends with a colon if details follow."""
    cost: str
    """What it cost, in one sentence; empty if the message says it."""
    advice: str
    """What to do next; empty if nothing can be done."""
    details: tuple[str, ...] = ()
    """Single points of the message, for a list."""


def _next(error: CaError | TokenRemoved | Interrupted) -> str:
    """What to do after something that means one thing amid an enrolment, and else another."""
    match error:
        case CaError() if error.cost == NOTHING:
            return error.at_first or error.advice
        case TokenRemoved() if error.cost == GO_ON:
            return N_("Insert it again.")
        case Interrupted() if error.cost == NOTHING:
            return ""
        case _:
            return error.advice


def explain(
    error: LockwrightError, advises: Callable[[str], str] = lambda advice: advice
) -> Explanation:
    """Tell an error in the language in use.

    Args:
        error: the error.
        advises: gives the advice, a msgid, that stands for the catalogue's, which is for people at
            a terminal; it may use the same facts.
    """
    facts = {name: _fact(name, value) for name, value in error.facts.items()}
    message, advice = _(error.message), error.advice
    details: tuple[str, ...] = ()
    match error:
        case PinIncorrect():
            message = " ".join((message, *_tries(error)))
            advice = PinLocked.advice if _is_locked(error) else advice
        case LastTry() if error.facts["role"] != _USER_PIN:
            advice = _LAST_OF_OTHERS.get(error.facts["role"], _LAST_OF_ALL)
        case PinRefused():
            details = _rules(error.facts["rules"])
        case SeveralTokens() | TokenUnclear():
            details = _lines(error.facts["uris"])
        case TokenBlank():
            details = _lines(error.facts["places"])
        case TokenFull() if error.facts["could_go"]:
            details = _lines(error.facts["could_go"])
            message = " ".join((message, _("These containers could go:")))
        case CaError() | TokenRemoved() | Interrupted():
            advice = _next(error)
        case _:
            pass
    if advice == PinLocked.advice and error.facts.get("role") != _USER_PIN:
        advice = N_("It cannot be unblocked here; call the token's support.")
    return Explanation(
        code=error.code,
        exit_code=error.exit_code,
        message=message.format(**facts),
        cost=_(error.cost),
        advice=_(advises(advice)).format(**facts),
        details=details,
    )


def _fact(name: str, value: Fact) -> str:
    if value is None:
        return _("unknown")
    if isinstance(value, tuple):
        return ", ".join(_text(name, each) for each in value) or _("none")
    return str(value) if isinstance(value, int) else _text(name, value)


def _text(name: str, value: str) -> str:
    """A fact in words; one that is empty leaves no gap in its sentence."""
    if not value.strip():
        blank = {"serial": _("(no serial number)")}
        return _("unknown") if name in _TOLD else blank.get(name, _("(no name)"))
    if name == "reason":
        return in_words(value)
    return _(value).rstrip(".") if name in _TOLD else value


def _tries(error: PinIncorrect) -> list[str]:
    """What is left after a wrong PIN, in sentences."""
    if _is_locked(error):
        return [_("It is locked now.")]
    left, last = error.facts["tries_left"], error.facts["state"] == PinState.FINAL_TRY
    told = []
    if isinstance(left, int):
        told.append(ngettext("{n} try is left.", "{n} tries are left.", left).format(n=left))
        last = last or left == 1
    elif not last:
        told.append(_("How many tries are left is unknown."))
    if last:
        told.append(_("The next wrong try locks it."))
    return told


def _is_locked(error: PinIncorrect) -> bool:
    return error.facts["state"] == PinState.LOCKED or error.facts["tries_left"] == 0


def _rules(encoded: Fact) -> tuple[str, ...]:
    lines = _lines(encoded)
    try:
        return tuple(rule_text(rule) for rule in decode_rules(lines))
    except ValueError:  # an adapter's own rules, in its own words
        return lines


def _lines(fact: Fact) -> tuple[str, ...]:
    return fact if isinstance(fact, tuple) else (str(fact),)


__all__ = [
    "Explanation",
    "decode_rules",
    "encode_rules",
    "explain",
    "in_words",
    "policy_lines",
    "policy_rules",
    "rule_text",
]
