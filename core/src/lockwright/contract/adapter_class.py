"""How a class answers the hooks: checked when it is made, and made hooks in each instance.

Of an adapter's classes, the nearest one that speaks of a hook decides: it answers it, or does not
offer it. One that does not offer it on some models leaves the others to the next class.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import reduce, wraps
from typing import cast

from lockwright.contract.declaration import Declared
from lockwright.contract.hooks import HOOKS, lockwright_state
from lockwright.contract.markers import PREFIX, hookimpl
from lockwright.errors import NotOffered
from lockwright.i18n import N_
from lockwright.models import Token, TokenState
from lockwright.records import dataclass

Reason = str | Mapping[str, str]
"""Why a hook is not offered; or why not on some models, by ``CK_TOKEN_INFO.model``."""
Function = Callable[..., object]

NO_FUNCTION = N_("not offered by the vendor")
"""Why a hook is not offered that plain PKCS#11 has no function for."""

_STATE = lockwright_state.__name__
_PLAIN_ARGUMENTS = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
)


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


def refusal(hook: str, reason: str) -> NotOffered:
    """The error that a hook is not offered.

    Args:
        hook: its name without ``lockwright_``.
        reason: why not, a msgid or a text.
    """
    return NotOffered(operation=HOOKS[PREFIX + hook].doing, reason=reason)


def not_offered_on(model: str, answers: Mapping[str, Answer]) -> dict[str, str]:
    """What a model is not offered, and why, by the hook's name without ``lockwright_``.

    Args:
        model: the model, as its ``CK_TOKEN_INFO`` names it.
        answers: how the adapter answers.
    """
    reasons = {hook: answer.reason for hook, answer in answers.items()}
    found = {
        hook: reason if isinstance(reason, str) else reason.get(model, "")
        for hook, reason in reasons.items()
    }
    return {hook: reason for hook, reason in found.items() if reason}


def answers_of(plugin: object, implemented: Collection[str]) -> Mapping[str, Answer]:
    """How an adapter answers each hook, by its name without ``lockwright_``.

    Args:
        plugin: the adapter: an instance that tells it itself, or a module of functions.
        implemented: the hooks it implements.
    """
    told = own_answers(plugin) or {}
    own, missing = Answer(Kind.OWN), Answer(Kind.MISSING)
    return {
        declared.short: told.get(declared.short, own) if name in implemented else missing
        for name, declared in HOOKS.items()
    }


def own_answers(plugin: object) -> Mapping[str, Answer] | None:
    """What an adapter tells itself of its answers; None for one that does not."""
    told = getattr(plugin, "answers", None)
    if not isinstance(told, Mapping) or not all(isinstance(a, Answer) for a in told.values()):
        return None
    return cast("Mapping[str, Answer]", told)


def answers_in(kind: type, plain: type) -> dict[str, Answer]:
    """How a class answers each hook, once what it says was checked.

    Args:
        kind: the class.
        plain: the class whose answers are those of plain PKCS#11.

    Raises:
        TypeError: a method is no hook of the contract, or takes what the hook has not; or what is
            declared as not offered is no hook, or is answered.
    """
    for each in kind.__mro__:
        if each is not plain:
            _check(each)
    return {declared.short: _answer(kind, plain, declared) for declared in HOOKS.values()}


def hooks_in(adapter: object, answers: Mapping[str, Answer]) -> Iterator[tuple[str, Function]]:
    """The hooks of an instance, by name: its methods, and refusals where it has none.

    Args:
        adapter: the instance; its class was checked.
        answers: how its class answers.
    """
    for name, declared in HOOKS.items():
        answer = answers[declared.short]
        if answer.kind is Kind.NOT_OFFERED:
            yield name, _refusing(declared, str(answer.reason))
            continue
        hook = _answering(declared, getattr(adapter, name), answers)
        yield name, _telling(hook, answers) if name == _STATE else hook


def check_tuples(kind: str, told: Mapping[str, object]) -> None:
    """Refuse a text where several are asked for: ``("Acme One")`` is one that lacks its comma.

    Args:
        kind: name of the class.
        told: what is to be a tuple, by the name of its attribute.

    Raises:
        TypeError: it is a text, of which each letter would count.
    """
    for name, value in told.items():
        if isinstance(value, str):
            raise TypeError(f"{kind}.{name} is a text; a tuple of one is ({value!r},)")


def _answer(kind: type, plain: type, declared: Declared) -> Answer:
    """Who answers one hook: the nearest class that has something to say decides."""
    by_model: dict[str, str] = {}
    for each in kind.__mro__:
        reason: Reason | None = vars(each).get("not_offered", {}).get(declared.short)
        if isinstance(reason, str):
            return Answer(Kind.NOT_OFFERED, reason)
        by_model = {**(reason or {}), **by_model}
        if declared.name in vars(each):
            return Answer(Kind.STANDARD if each is plain else Kind.OWN, by_model or "")
    if by_model:
        raise TypeError(f"{kind.__name__} answers {declared.name} on no model: give one reason")
    return Answer(Kind.NOT_OFFERED, NO_FUNCTION)


def _check(kind: type) -> None:
    """Refuse what one class says and cannot mean."""
    for name, written in vars(kind).items():
        if name.startswith(PREFIX):
            _check_method(f"{kind.__qualname__}.{name}", written)
    reasons = vars(kind).get("not_offered", {})
    if not isinstance(reasons, Mapping):
        raise TypeError(f"{kind.__name__}.not_offered is no mapping of hooks to reasons")
    for short, reason in reasons.items():
        _check_reason(kind, short, reason)


def _check_reason(kind: type, short: str, reason: object) -> None:
    where, declared = f"{kind.__name__}.not_offered", HOOKS.get(f"{PREFIX}{short}")
    if declared is None:
        near = meant(str(short), [each.short for each in HOOKS.values()])
        raise TypeError(f"{where} names {short}, which is no hook{near}")
    if not declared.doing:
        raise TypeError(f"{where} names {short}, which every adapter answers")
    if isinstance(reason, str) and declared.name in vars(kind):
        raise TypeError(f"{kind.__name__} answers {declared.name} and does not offer it")
    told = reason.values() if isinstance(reason, Mapping) else [reason]
    if not told or not all(isinstance(each, str) and each for each in told):
        raise TypeError(f"{where}: {short} has no reason, nor reasons by model")


def _check_method(name: str, written: object) -> None:
    """Refuse a method that is no hook of the contract, or takes what the hook has not."""
    hook = name.rpartition(".")[2]
    if hook not in HOOKS:
        raise TypeError(f"{name} is no hook of the contract{meant(hook, HOOKS)}")
    static = isinstance(written, staticmethod)
    function = written.__func__ if isinstance(written, staticmethod) else written
    if not inspect.isfunction(function):
        raise TypeError(f"{name} is neither a method nor a staticmethod")
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise TypeError(f"{name} is a generator or a coroutine; a hook returns its answer")
    taken = list(inspect.signature(function).parameters.values())
    has = HOOKS[hook].parameters
    if not static:
        itself = taken.pop(0) if taken else None
        if itself is None or itself.kind not in _PLAIN_ARGUMENTS or itself.name in has:
            raise TypeError(f"{name} takes no self; a function is made a hook by staticmethod(...)")
    for each in taken:
        if each.kind not in _PLAIN_ARGUMENTS:
            raise TypeError(f"{name}: {each} is not given; {hook} gives {', '.join(has)} by place")
        if each.name not in has and (each.default is each.empty or not static):
            raise TypeError(f"{name} takes {each.name}; {hook} gives {', '.join(has)}")
        if each.name in has and each.default is not each.empty:
            raise TypeError(f"{name} has a default for {each.name}, so {hook} would not give it")


def meant(name: str, known: Iterable[str]) -> str:
    """A question whether a known name that is near was meant; empty if none is."""
    from difflib import get_close_matches  # noqa: PLC0415  # for a mistake only

    return "".join(f"; is {near} meant?" for near in get_close_matches(name, list(known), 1))


def _refusing(declared: Declared, reason: str) -> Function:
    """A hook that says why it is not offered, and takes nothing."""

    def refused(*_args: object, **_more: object) -> object:
        raise refusal(declared.short, reason)

    refused.__name__ = refused.__qualname__ = declared.name
    return hookimpl(refused)


def _answering(declared: Declared, method: Function, answers: Mapping[str, Answer]) -> Function:
    """A hook that some models may not be offered.

    Raises:
        TypeError: models differ, and it takes no token and no model.
    """
    reasons, own = answers[declared.short].reason, inspect.signature(method)
    if reasons and not {"token", "model"} & set(own.parameters):
        raise TypeError(f"{declared.name} must take the token, since models differ")

    @wraps(method)
    def answered(*args: object, **more: object) -> object:
        if reasons:
            model = _model(own.bind(*args, **more).arguments)
            reason = not_offered_on(model, answers).get(declared.short)
            if reason is not None:
                raise refusal(declared.short, reason)
        return method(*args, **more)

    return hookimpl(answered)


def _telling(hook: Function, answers: Mapping[str, Answer]) -> Function:
    """``lockwright_state``, whose capabilities leave out what is not offered.

    Raises:
        TypeError: models differ, and it takes no token.
    """
    own = inspect.signature(hook)
    differ = any(isinstance(each.reason, Mapping) for each in answers.values())
    if differ and "token" not in own.parameters:
        raise TypeError(f"{_STATE} must take the token, since models differ")

    @wraps(hook)
    def answered(*args: object, **more: object) -> object:
        state = hook(*args, **more)
        if not isinstance(state, TokenState):
            return state
        of_the_model = not_offered_on(_model(own.bind(*args, **more).arguments), answers)
        told = of_the_model | dict(state.capabilities.not_offered)
        gone = (HOOKS[PREFIX + short].without for short in told if PREFIX + short in HOOKS)
        left = reduce(lambda able, without: without(able), gone, state.capabilities)
        return replace(state, capabilities=replace(left, not_offered=told))

    return hookimpl(answered)


def _model(given: Mapping[str, object]) -> str:
    """The model that a call is about; empty if it does not say."""
    token = cast("Token | None", given.get("token"))
    return str(given.get("model", "")) if token is None else token.identity.model
