"""How a class answers the hooks: checked when it is made, and told to whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import wraps
from inspect import Parameter, getattr_static, isfunction, signature
from typing import cast

from lockwright.contract.declaration import Declared
from lockwright.contract.hooks import HOOKS, lockwright_state
from lockwright.contract.markers import PREFIX, hookimpl
from lockwright.errors import NotSupported
from lockwright.i18n import N_, _
from lockwright.models import Token, TokenState

Reason = str | Mapping[str, str]
"""Why a hook is not offered; or why not on some models, by ``CK_TOKEN_INFO.model``."""
Function = Callable[..., object]

NO_FUNCTION = N_("not offered by the vendor")
"""Why a hook is not offered that plain PKCS#11 has no function for."""

_STATE = lockwright_state.__name__
_WRITTEN = "lockwright_written"
"""Attribute of a hook that was made here: the method as it was written."""
_GIVEN = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class Kind(StrEnum):
    """Who answers a hook."""

    STANDARD = "standard"
    """Plain PKCS#11 does."""
    OWN = "own"
    """The adapter does."""
    NOT_OFFERED = "not-offered"
    """Nobody: the vendor does not offer it."""
    MISSING = "missing"
    """Nobody, and the adapter does not say why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an adapter answers a hook."""

    kind: Kind
    """Who answers."""
    reason: Reason = ""
    """Why it is not offered, or not on some models; empty where it is."""


def refusal(hook: str, reason: str) -> NotSupported:
    """The error that a hook is not offered.

    Args:
        hook: its name without ``lockwright_``.
        reason: why not, a msgid or a text.
    """
    doing = HOOKS[PREFIX + hook].doing
    what = _("{doing} ({reason})").format(doing=_(doing), reason=_(reason)) if doing else reason
    return NotSupported(operation=what)


def not_offered_on(model: str, reasons: Mapping[str, Reason]) -> dict[str, str]:
    """What a model is not offered, and why.

    Args:
        model: the model, as its ``CK_TOKEN_INFO`` names it.
        reasons: what the adapter does not offer.
    """
    found = {
        hook: reason if isinstance(reason, str) else reason.get(model)
        for hook, reason in reasons.items()
    }
    return {hook: reason for hook, reason in found.items() if reason is not None}


def answer_hooks(kind: type, plain: type) -> dict[str, Answer]:
    """Make a class answer every hook: what it has is checked, what it has not refuses.

    Args:
        kind: the class, just made.
        plain: the class whose answers are those of plain PKCS#11.

    Returns:
        How each hook is answered, by its name without ``lockwright_``.

    Raises:
        TypeError: a method is no hook of the contract, or takes what the hook has not; or what is
            declared as not offered is no hook, or is answered.
    """
    here: Mapping[str, Reason] = vars(kind).get("not_offered", {})
    found = {name: _unmade(kind, name) for name in dir(kind) if name.startswith(PREFIX)}
    for name, function in found.items():
        if function is not None and function is not vars(plain).get(name):
            _check(f"{kind.__qualname__}.{name}", function)
    _check_reasons(kind, here)
    inherited = _reasons(kind.__mro__[1:])
    answers = {}
    for name, declared in HOOKS.items():
        reason, function = here.get(declared.short), found.get(name)
        if function is None or isinstance(reason, str):
            reason = reason or inherited.get(declared.short)
            reason = reason if isinstance(reason, str) else NO_FUNCTION
            setattr(kind, name, staticmethod(_refusing(declared, reason)))
            answers[declared.short] = Answer(Kind.NOT_OFFERED, reason)
            continue
        by_model = reason or inherited.get(declared.short, "")
        by_model = "" if isinstance(by_model, str) else by_model
        setattr(kind, name, _answering(declared, function, by_model))
        standard = function is vars(plain).get(name)
        answers[declared.short] = Answer(Kind.STANDARD if standard else Kind.OWN, by_model)
    told = _telling(getattr_static(kind, _STATE), reasons_of(answers), inherited)
    setattr(kind, _STATE, told)
    return answers


def answers_of(plugin: object, implemented: Collection[str]) -> Mapping[str, Answer]:
    """How an adapter answers each hook, by its name without ``lockwright_``.

    Args:
        plugin: the adapter: an instance that tells it itself, or a module of functions.
        implemented: the hooks it implements.
    """
    told = getattr(plugin, "answers", None)
    if isinstance(told, Mapping):
        return cast("Mapping[str, Answer]", told)
    return {
        declared.short: Answer(Kind.OWN if name in implemented else Kind.MISSING)
        for name, declared in HOOKS.items()
    }


def reasons_of(answers: Mapping[str, Answer]) -> dict[str, Reason]:
    """What is not offered, or not on some models, and why."""
    return {short: each.reason for short, each in answers.items() if each.reason}


def _reasons(classes: Iterable[type]) -> dict[str, Reason]:
    """What classes do not offer, the first one having the last word."""
    told: dict[str, Reason] = {}
    for kind in reversed(list(classes)):
        told |= vars(kind).get("not_offered", {})
    return told


def _unmade(kind: type, name: str) -> object:
    """A method as it was written, before this module made a hook of it; None: it only refuses."""
    value = getattr_static(kind, name)
    function = value.__func__ if isinstance(value, staticmethod) else value
    return getattr(function, _WRITTEN, value)


def _made(written: object, function: Function) -> object:
    """A hook that is made of a method.

    Args:
        written: the method as it was written; None for a hook that only refuses.
        function: what is called in its place.
    """
    setattr(function, _WRITTEN, written)
    hookimpl(function)
    static = written is None or isinstance(written, staticmethod)
    return staticmethod(function) if static else function


def _inside(written: object) -> Function:
    return cast("Function", written.__func__ if isinstance(written, staticmethod) else written)


def _check(name: str, written: object) -> None:
    """Refuse a method that is no hook of the contract, or takes what the hook has not."""
    hook = name.rpartition(".")[2]
    if hook not in HOOKS:
        raise TypeError(f"{name} is no hook of the contract{_meant(hook, HOOKS)}")
    if not isfunction(_inside(written)):
        raise TypeError(f"{name} is no function")
    taken = list(signature(_inside(written)).parameters.values())
    has = HOOKS[hook].parameters
    for each in taken if isinstance(written, staticmethod) else taken[1:]:
        if each.name in has and (each.default is each.empty) and each.kind in _GIVEN:
            continue
        if each.name in has:
            raise TypeError(f"{name} has a default for {each.name}, so {hook} would not give it")
        if each.default is each.empty and each.kind in _GIVEN:
            raise TypeError(f"{name} takes {each.name}; {hook} gives {', '.join(has)}")


def _check_reasons(kind: type, reasons: Mapping[str, Reason]) -> None:
    """Refuse a declaration that cannot be true."""
    for short, reason in reasons.items():
        if PREFIX + short not in HOOKS:
            meant = _meant(short, [each.short for each in HOOKS.values()])
            raise TypeError(f"{kind.__name__}.not_offered names {short}, which is no hook{meant}")
        if isinstance(reason, str) and PREFIX + short in vars(kind):
            raise TypeError(f"{kind.__name__} answers {PREFIX}{short} and does not offer it")


def _meant(name: str, known: Iterable[str]) -> str:
    return "".join(f"; is {near} meant?" for near in get_close_matches(name, list(known), 1))


def _model(given: Mapping[str, object]) -> str | None:
    """The model that a call is about; None if it does not say."""
    token = cast("Token | None", given.get("token"))
    return cast("str | None", given.get("model")) if token is None else token.identity.model


def _refusing(declared: Declared, reason: str) -> Function:
    """A hook that says why it is not offered, and takes nothing."""

    def refused(*_args: object, **_more: object) -> object:
        raise refusal(declared.short, reason)

    refused.__name__ = refused.__qualname__ = declared.name
    setattr(refused, _WRITTEN, None)
    return hookimpl(refused)


def _answering(declared: Declared, written: object, reasons: Mapping[str, str] | str) -> object:
    """A hook that some models may not be offered.

    Args:
        declared: the hook.
        written: the method that answers it on the others.
        reasons: why not, by model; empty if every model is.

    Raises:
        TypeError: models differ, and it takes no token and no model.
    """
    function = _inside(written)
    own = signature(function)
    if reasons and not {"token", "model"} & set(own.parameters):
        raise TypeError(f"{function.__qualname__} must take the token, since models differ")

    @wraps(function)
    def answered(*args: object, **more: object) -> object:
        if reasons:
            model = _model(own.bind(*args, **more).arguments) or ""
            reason = not_offered_on(model, {declared.short: reasons}).get(declared.short)
            if reason is not None:
                raise refusal(declared.short, reason)
        return function(*args, **more)

    return _made(written, answered)


def _telling(
    made: object, reasons: Mapping[str, Reason], inherited: Mapping[str, Reason]
) -> object:
    """``lockwright_state``, whose capabilities know what is not offered.

    Args:
        made: the hook.
        reasons: what the adapter does not offer.
        inherited: what the class it derives from does not, whose state may be part of this one.
    """
    function = _inside(made)
    own = signature(function)

    @wraps(function)
    def answered(*args: object, **more: object) -> object:
        state = function(*args, **more)
        if not isinstance(state, TokenState):
            return state
        model = _model(own.bind(*args, **more).arguments) or ""
        before = not_offered_on(model, inherited)
        told = {h: r for h, r in state.capabilities.not_offered.items() if before.get(h) != r}
        known = not_offered_on(model, reasons) | told
        return replace(state, capabilities=state.capabilities.without(known))

    return _made(getattr(function, _WRITTEN), answered)
