"""Do the steps that are not done yet, and note each before and after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from lockwright.errors import LockwrightError, PinError
from lockwright.models import Token, UnblockWay
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.acceptance import record
from lockwright_testkit.acceptance.plan import Planned
from lockwright_testkit.acceptance.probes.ask import Answer, ask
from lockwright_testkit.acceptance.record import DONE, SKIPPED, Facts, Record, Step

SUBJECT = "CN=lockwright acceptance"
_LENGTHS = (8, 16, 24, 4)
"""Bytes that a Response may have."""
_POLL = 0.3


class Stopped(Exception):
    """The person goes on another time."""


class Hands(Protocol):
    """A person, or nobody."""

    def begins(self, step: Planned) -> None:
        """A step begins."""

    def asks(self, what: str) -> None:
        """Have something done.

        Raises:
            Stopped: not now.
        """

    def waits(self, what: str) -> None:
        """Say what is waited for."""


@dataclass
class Acceptance:
    """One acceptance under way."""

    runner: Runner
    token: Token
    pin: Secret
    so_pin: Secret | None
    record: Record
    hands: Hands | None
    """None: steps that need hands are skipped."""
    patience: float = 120.0
    """Seconds that a person has to pull a token out."""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def _module(self) -> Path:
        return self.token.identity.module.path

    def run(self, steps: tuple[Planned, ...]) -> None:
        """Do what is not done.

        Raises:
            Stopped: the person goes on later.
            LockwrightError: a PIN does not open the token, so nothing more is tried.
        """
        before = {each.name: each for each in record.steps(self.record.lines())}
        for step in steps:
            known = before.get(step.name)
            if known is None or known.outcome != DONE:
                self._do(step, cut_short=known is not None and not known.outcome)

    def _do(self, step: Planned, *, cut_short: bool) -> None:
        if self.hands is not None:
            self.hands.begins(step)
        number = self.record.step(step.name, self.token.serial)
        reason = self._cannot(step)
        if reason:
            self.record.ended(step.name, number, SKIPPED, {"reason": reason})
            return
        if cut_short and self.so_pin is not None and step.name in {"user-rules", "tries"}:
            ask("unlock", self._module, self.token.serial, self.pin, self.so_pin)
        try:
            facts = self._own().get(step.name, lambda: self._probed(step.name))()
        except Stopped:
            self.record.ended(step.name, number, SKIPPED, {"reason": "left for later"})
            raise
        except LockwrightError as error:
            self.record.ended(step.name, number, SKIPPED, {"reason": f"error {error.code}"})
            if isinstance(error, PinError):
                raise
            return
        outcome = SKIPPED if facts.get("reason") else DONE
        self.record.ended(step.name, number, outcome, facts)

    def _cannot(self, step: Planned) -> str:
        """Why a step is not done now; empty: it is."""
        if step.hands and self.hands is None:
            return "nobody is there to do it"
        if step.officer and self.so_pin is None:
            return "it takes the SO PIN"
        if step.name in {"tries", "unlock", "so-tries"}:
            seen = record.steps(self.record.lines())
            opened = next((each for each in seen if each.name == "so-rules"), None)
            if (
                opened is None
                or opened.outcome != DONE
                or "so.restored" not in opened.facts["seen"]
            ):
                return "the SO PIN did not open the token, so what is locked would stay locked"
            if "no" in {opened.facts["seen"].get("so.restored"), self._restored(seen)}:
                return "a PIN could not be set back"
        return ""

    @staticmethod
    def _restored(steps: list[Step]) -> str:
        told: Facts = next((each.facts for each in steps if each.name == "user-rules"), {})
        return str(told.get("seen", {}).get("user.restored", "yes"))

    def _own(self) -> Mapping[str, Callable[[], dict[str, Any]]]:
        return {"operations": self._operations, "pull": self._pulled, "response": self._response}

    def _probed(self, name: str) -> dict[str, Any]:
        return ask(name, self._module, self.token.serial, self.pin, self.so_pin).facts

    def _operations(self) -> dict[str, Any]:
        """What the adapter does, timed: nothing stays on the token."""
        took: dict[str, float] = {}
        with _timed(took, "find"):
            token = self.runner.find(self.token.serial)
        with _timed(took, "list"):
            before = self.runner.list(token, self.pin)
        with _timed(took, "key and request"):
            self.runner.request(token, self.pin, SUBJECT, label="lockwright-acceptance")
        with _timed(took, "list what was made"):
            after = self.runner.list(token, self.pin)
        known = {each.selector for each in before.containers}
        made = [each.selector for each in after.containers if each.selector not in known]
        with _timed(took, "delete"):
            plan = self.runner.plan_delete(token, self.pin, made)
            self.runner.apply(token, self.pin, plan)
        return {"operations": took, "seconds": round(sum(took.values()), 3)}

    def _pulled(self) -> dict[str, Any]:
        """A person pulls the token out and puts it back; slots before and after."""
        assert self.hands is not None
        before = self._look()
        begun = time.monotonic()
        self.hands.asks("Pull the token out now.")
        self._until(there=False)
        self.hands.asks("Put it back.")
        after = self._until(there=True)
        moved = before.slot != after.slot
        return {
            "seen": {"slot.moves": "yes" if moved else "no"},
            "seconds": round(time.monotonic() - begun, 3),
        }

    def _until(self, *, there: bool) -> Answer:
        assert self.hands is not None
        end = time.monotonic() + self.patience
        self.hands.waits("back" if there else "out")
        while ((answer := self._look()).slot >= 0) is not there:
            if time.monotonic() > end:
                self.hands.asks("It is still there." if not there else "It is still not there.")
                end = time.monotonic() + self.patience
            time.sleep(_POLL)
        return answer

    def _look(self) -> Answer:
        return ask("look", self._module, self.token.serial)

    def _response(self) -> dict[str, Any]:
        """A wrong Response, and what it costs."""
        token = self.runner.find(self.token.serial)
        reason = token.state.capabilities.not_offered.get("unblock_challenge", "")
        if reason:
            return {"reason": f"not offered: {reason}"}
        before = token.state.so_pin
        code, sizes = _wrong_response(self.runner, token, self.pin)
        after = self.runner.state(token).so_pin
        prefix = "unlock" if token.adapter == "etoken" else "response"
        seen = sizes if code is None else {**sizes, f"{prefix}.wrong.rv": f"{code:#x}"}
        if prefix == "unlock" and before and after:
            seen["unlock.wrong.try"] = "yes" if before != after else "no"
        return {"seen": seen}


def _wrong_response(runner: Runner, token: Token, pin: Secret) -> tuple[int | None, dict[str, str]]:
    """What a Response of nothing but ones returns, in the length that the token takes."""
    sets = UnblockWay.CHALLENGE in token.state.capabilities.unblock_sets_pin
    with runner.begin_unblock(token, pin if sets else None) as pending:
        sizes = {"challenge.length": str(len(pending.request.data))}
        for length in _LENGTHS:
            try:
                with Secret("11" * length) as response:
                    pending.complete(response)
            except PinError as error:
                return error.ckr, {**sizes, "response.length": str(length)}
            except LockwrightError:
                if not pending.pending:
                    raise
    return None, sizes


@contextmanager
def _timed(took: dict[str, float], name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    took[name] = round(time.perf_counter() - begun, 3)
