"""Requests and Responses, as the tests of the remote unblock need them."""

from __future__ import annotations

import multiprocessing
import pkgutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from lockwright.adapter import Settings
from lockwright.errors import LockwrightError, every_error
from lockwright.models import Challenge, UnblockWay
from lockwright.response_key import KeyInHand
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.caller import Caller, NotOffered

NO_REQUEST = bytes(8)
"""What stands for a Request where the token makes none."""


@dataclass(frozen=True)
class _Question:
    """What crosses to the process that responds."""

    adapter: str
    model: str
    serial: str
    challenge: bytes
    key: bytes
    settings: Settings


@dataclass(frozen=True)
class _Failure:
    """The error that crosses back."""

    code: str
    facts: dict[str, object]


def offers_requests(bench: Bench) -> bool:
    """Whether the capabilities name the way by Request and Response."""
    ways = bench.state().capabilities
    return UnblockWay.CHALLENGE in ways.unblock_sets_pin | ways.unblock_keeps_pin


def answer(bench: Bench, request: Challenge) -> Secret:
    """The right Response to a Request, from whoever can make it."""
    if bench.subject.answer:
        return Secret(bench.subject.answer(request))
    return Secret(respond(bench, request.data))


def wrong(response: Secret) -> Secret:
    """A Response of the same form that differs in one byte."""
    data = response.reveal()
    return Secret(bytes([data[0] ^ 1]) + data[1:])


def respond(bench: Bench, challenge: bytes) -> bytes:
    """``lockwright_respond``, in a process of its own, as on the bank's side."""
    identity = bench.token.identity
    question = _Question(
        adapter=bench.subject.adapter.__name__,
        model=identity.model,
        serial=identity.serial,
        challenge=challenge,
        key=bench.subject.admin_key,
        settings=bench.subject.settings,
    )
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        answered = apart.submit(_responded, question).result()
    if isinstance(answered, _Failure):
        if answered.code == NotOffered.__name__:
            raise NotOffered("respond", "see the adapter")
        raise every_error()[answered.code](**answered.facts)  # type: ignore[arg-type]  # its own
    return answered


def _responded(question: _Question) -> bytes | _Failure:
    caller = Caller(pkgutil.resolve_name(question.adapter))
    try:
        return caller.one(
            "respond",
            bytes,
            model=question.model,
            serial=question.serial,
            challenge=question.challenge,
            key=KeyInHand(Secret(question.key)),
            settings=question.settings,
        )
    except NotOffered:
        return _Failure(NotOffered.__name__, {})
    except LockwrightError as error:
        return _Failure(error.code, dict(error.facts))
