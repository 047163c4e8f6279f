"""Requests and Responses, as the tests of the remote unblock need them."""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import BaseContext
from types import ModuleType

from lockwright.adapter import Settings
from lockwright.errors import LockwrightError, every_error
from lockwright.keys.response import KeyInHand, PasswordInHand
from lockwright.models import Challenge, Grounds, KeyForm, UnblockWay
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import Caller, NotOffered

NO_REQUEST = bytes(8)
"""What replaces a Request where the token makes none."""


@dataclass(frozen=True)
class _Question:
    """What crosses to the process that responds."""

    adapter: object
    """The adapter; the name of a Python module, which cannot cross."""
    model: str
    serial: str
    challenges: tuple[bytes, ...]
    """The Requests that it answers one after the other."""
    key: bytes
    form: KeyForm
    settings: Settings
    environment: dict[str, str]
    """Variables of this process; the one that forks others has those that it began with."""


@dataclass(frozen=True)
class _Failure:
    """The error that crosses back."""

    code: str
    facts: dict[str, object]


def offers_requests(bench: Bench) -> bool:
    """Whether the capabilities name the way by Request and Response."""
    return sets_pin(bench) or keeps_pin(bench)


def sets_pin(bench: Bench) -> bool:
    """Whether a Response can set a new user PIN."""
    return UnblockWay.CHALLENGE in bench.state().capabilities.unblock_sets_pin


def keeps_pin(bench: Bench) -> bool:
    """Whether a Response can keep the user PIN and set its counter back."""
    return UnblockWay.CHALLENGE in bench.state().capabilities.unblock_keeps_pin


def some_request(bench: Bench) -> Challenge:
    """A Request of the model's length that no token made."""
    try:
        length = bench.response_rule().request_length or len(NO_REQUEST)
    except NotOffered:  # then nothing is answered, whatever its length
        return Challenge(bench.token.serial, NO_REQUEST, None)
    return Challenge(bench.token.serial, bytes(range(length)), None)


def other_form(form: KeyForm) -> KeyForm:
    """A form of the other kind: keys are not passwords."""
    return KeyForm.HEX if form is KeyForm.PASSWORD else KeyForm.PASSWORD


def answer(bench: Bench, request: Challenge) -> Secret:
    """The right Response to a Request, from the side that can make it."""
    if bench.subject.answer:
        return Secret(bench.subject.answer(request))
    return Secret(respond(bench, request.data))


def wrong(response: Secret) -> Secret:
    """A Response of the same form that differs in one byte."""
    data = response.reveal()
    return Secret(bytes([data[0] ^ 1]) + data[1:])


def respond(
    bench: Bench, challenge: bytes, *, form: KeyForm | None = None, after: tuple[bytes, ...] = ()
) -> bytes:
    """``lockwright_respond``, in a process of its own, as on the bank's side.

    Args:
        bench: the token that the Request is of.
        challenge: the Request.
        form: what the administrator key is taken for; None: what it is.
        after: the Requests that the same process answers before it.
    """
    adapter = bench.subject.adapter
    question = _Question(
        adapter=adapter.__name__ if isinstance(adapter, ModuleType) else adapter,
        model=bench.token.identity.model,
        serial=bench.token.serial,
        challenges=(*after, challenge),
        key=bench.subject.admin_key,
        form=form or bench.subject.key_form,
        settings=bench.subject.settings,
        environment=dict(os.environ),
    )
    with ProcessPoolExecutor(1, mp_context=_processes()) as apart:
        answered = apart.submit(_responded, question).result()
    if isinstance(answered, _Failure):
        if answered.code == NotOffered.__name__:
            raise NotOffered("respond", "see the adapter")
        raise every_error()[answered.code](**answered.facts)  # type: ignore[arg-type]  # its own
    return answered


@cache
def _processes() -> BaseContext:
    """Where processes come from that have nothing of this one's, and yet have read our sources."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _responded(question: _Question) -> bytes | _Failure:
    os.environ.clear()
    os.environ.update(question.environment)
    named = question.adapter
    caller = Caller(pkgutil.resolve_name(named) if isinstance(named, str) else named)
    try:
        *_before, last = [_answered(caller, question, each) for each in question.challenges]
    except NotOffered:
        return _Failure(NotOffered.__name__, {})
    except LockwrightError as error:
        return _Failure(error.code, dict(error.facts))
    return last


def _answered(caller: Caller, question: _Question, challenge: bytes) -> bytes:
    hand = PasswordInHand if question.form is KeyForm.PASSWORD else KeyInHand
    return caller.one(
        "respond",
        bytes,
        model=question.model,
        serial=question.serial,
        challenge=challenge,
        key=hand(Secret(question.key)),
        settings=question.settings,
        vendor="conformance",
        grounds=Grounds("conformance"),
    )
