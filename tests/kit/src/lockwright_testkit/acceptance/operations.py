"""What the adapter does with a real token, timed: nothing of it stays there, and no other PIN.

Which hooks that shows is told for whoever chooses an adapter. What the contract asks of a hook the
conformance suite tests; here each does its work once, on the real token.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lockwright.errors import LockwrightError, PinError
from lockwright.models import CertificateRequest, Token, UnblockWay
from lockwright.operations.remote import RemoteUnblock
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.acceptance.plan import NOT_OFFERED
from lockwright_testkit.acceptance.probes.counters import variants
from lockwright_testkit.pki import TestCa, pem

SUBJECT = "CN=lockwright acceptance"
DID: Mapping[str, tuple[str, ...]] = {
    "find": ("modules", "open", "match", "state"),
    "PIN rules": ("policy",),
    "list": ("list",),
    "key and request": ("generate", "sign"),
    "certificate": ("keys", "store"),
    "delete": ("delete",),
    "unblock": ("unblock",),
    "change the PIN": ("change_pin",),
    "Request and Response": ("unblock_challenge", "unblock_complete"),
}
"""The hooks that an operation shows, by the operation's name."""
_LENGTHS = (5, 8, 16, 24, 4)
"""Bytes of a Response; none has the first, so a token that calls it wrong tells no length."""


def contents(runner: Runner, selector: str, pin: Secret) -> dict[str, Any]:
    """Find, list, make a key with a certificate, list and delete them.

    Args:
        runner: finds the token.
        selector: which token, as for ``Runner.find``.
        pin: its user PIN.

    Raises:
        LockwrightError: one of them failed.
    """
    took: dict[str, float] = {}
    with _timed(took, "find"):
        token = runner.find(selector)
    with _timed(took, "PIN rules"):
        runner.policy(token)
    with _timed(took, "list"):
        before = runner.list(token, pin)
    try:
        with _timed(took, "key and request"):
            request = runner.request(token, pin, SUBJECT, label="lockwright-acceptance")
        with _timed(took, "certificate"):
            _certified(runner, token, pin, request)
        with _timed(took, "list what was made"):
            runner.list(token, pin)
    finally:
        known = {each.selector for each in before.containers}
        after = runner.list(token, pin)
        made = [each.selector for each in after.containers if each.selector not in known]
        if made:
            with _timed(took, "delete"):
                runner.apply(token, pin, runner.plan_delete(token, pin, made))
    return _told(took)


def pins(runner: Runner, token: Token, pin: Secret, so_pin: Secret) -> dict[str, Any]:
    """The administrator gives the token another user PIN, and its owner changes that.

    The first one is not set back: the token may remember it.

    Args:
        runner: knows the token.
        token: the token.
        pin: its user PIN.
        so_pin: its SO PIN.

    Raises:
        LockwrightError: one of them failed.
    """
    if UnblockWay.SO_PIN not in token.state.capabilities.unblock_sets_pin:
        reason = token.state.capabilities.not_offered.get("unblock", "the SO PIN does not do it")
        return {"reason": f"{NOT_OFFERED}{reason}"}
    took: dict[str, float] = {}
    others = variants(pin)
    with next(others) as given, next(others) as own:
        with _timed(took, "unblock"):
            runner.unblock(token, so_pin, given)
        with _timed(took, "change the PIN"):
            runner.change_pin(token, given, own)
    return _told(took)


def response(runner: Runner, selector: str, pin: Secret) -> dict[str, Any]:
    """A wrong Response, and what it costs.

    Args:
        runner: finds the token.
        selector: which token, as for ``Runner.find``.
        pin: its user PIN.

    Raises:
        LockwrightError: the token gives no Request, or ends it.
    """
    token = runner.find(selector)
    reason = token.state.capabilities.not_offered.get("unblock_challenge", "")
    if reason:
        return {"reason": f"{NOT_OFFERED}{reason}"}
    before = token.state.so_pin
    took: dict[str, float] = {}
    with _timed(took, "Request and Response"):
        code, sizes = _wrong(runner, token, pin)
    after = runner.state(token).so_pin
    prefix = "unlock" if token.adapter == "etoken" else "response"
    seen = sizes if code is None else {**sizes, f"{prefix}.wrong.rv": f"{code:#x}"}
    if prefix == "unlock" and before and after:
        seen["unlock.wrong.try"] = "yes" if before != after else "no"
    return {"seen": seen, **_told(took)}


def _certified(runner: Runner, token: Token, pin: Secret, request: CertificateRequest) -> None:
    """Have a CA that nobody trusts answer the request, and store what it says."""
    ca = TestCa.root("CN=lockwright acceptance CA")
    with TemporaryDirectory() as folder:
        anchor = Path(folder) / "ca.pem"
        anchor.write_bytes(pem(ca.certificate))
        runner.install(token, pin, ca.answer(request.pem.encode()), trust=(anchor,))


def _wrong(runner: Runner, token: Token, pin: Secret) -> tuple[int | None, dict[str, str]]:
    """What a Response of nothing but ones returns, in the length that the token takes.

    Two Requests at most are answered: each answer may cost the administrator a try. What the token
    says to a length that none has may be about the length, so it is told only of a wrong PIN.
    """
    sets = UnblockWay.CHALLENGE in token.state.capabilities.unblock_sets_pin
    before, sizes = token.state.so_pin, dict[str, str]()
    # Another PIN than the present one, which the token may refuse since it remembers it.
    with next(variants(pin)) as other:
        for first in range(2):
            if runner.state(token).so_pin != before:
                break
            with runner.begin_unblock(token, other if sets else None) as pending:
                sizes = {"challenge.length": str(len(pending.request.data))}
                length, error = _ended(pending, _LENGTHS[first:])
            known = {"response.length": str(length)} if length != _LENGTHS[0] else {}
            if isinstance(error, PinError) or length != _LENGTHS[first]:
                return error.ckr if error else None, {**sizes, **known}
    return None, sizes


def _ended(pending: RemoteUnblock, lengths: Sequence[int]) -> tuple[int, LockwrightError | None]:
    """Answer a Request in one length after the other, and tell which of them ended it, and how."""
    for length in lengths:
        try:
            with Secret("11" * length) as made:
                pending.complete(made)
        except LockwrightError as error:
            if isinstance(error, PinError) or not pending.pending:
                return length, error
    return lengths[0], None


def _told(took: Mapping[str, float]) -> dict[str, Any]:
    return {"operations": dict(took), "seconds": round(sum(took.values()), 3)}


@contextmanager
def _timed(took: dict[str, float], name: str) -> Iterator[None]:
    """Time an operation; one that fails is not told of."""
    begun = time.perf_counter()
    yield
    took[name] = round(time.perf_counter() - begun, 3)
