"""Do the steps that are not done yet, and note each before and after."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lockwright.errors import Interrupted, LockwrightError, PinError
from lockwright.models import Token
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.acceptance import operations, record
from lockwright_testkit.acceptance.plan import NO_LOGIN, NO_SO_PIN, NOBODY, NOT_OFFERED, Planned
from lockwright_testkit.acceptance.probes.ask import Answer, ask
from lockwright_testkit.acceptance.record import DONE, FAILED, SKIPPED, Facts, Record, Step

_POLL = 0.3
_LOCKS = frozenset({"tries", "unlock", "pins", "so-tries"})
"""Steps after which only the SO PIN gives the user PIN back."""
_REFUSED: tuple[str, ...] = ("login.rv", "user.login.rv", "user.wrong.rv")
_REFUSED += ("unblock.login.rv", "unblock.rv", "login.after.unlock.rv")
"""What a probe answers whose own work was refused."""
_NOT_YET = Step("", "", {})


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
    selector: str
    """Which token, as for ``Runner.find``: another may have its serial number."""
    token: Token
    pin: Secret
    so_pin: Secret | None
    record: Record
    hands: Hands | None
    """None: steps that need hands are skipped."""
    reserved: bytes = b""
    """What the module wants in ``C_Initialize``."""
    patience: float = 120.0
    """Seconds that a person has to pull a token out."""

    def _ask(self, probe: str) -> Answer:
        """Ask this very token: another of the module's may have its serial number."""
        identity = self.token.identity
        return ask(
            probe,
            identity.module.path,
            identity.serial,
            self.pin,
            self.so_pin,
            label=identity.label,
            reserved=self.reserved,
        )

    def run(self, steps: tuple[Planned, ...]) -> None:
        """Do what is not done.

        Raises:
            Stopped: the person goes on later. Ctrl-C is that, too; the step under way is cut short.
            LockwrightError: a PIN does not open the token, so nothing more is tried.
        """
        try:
            self._run(steps)
        except (Interrupted, KeyboardInterrupt):
            raise Stopped from None

    def _run(self, steps: tuple[Planned, ...]) -> None:
        before = {each.name: each for each in record.steps(self.record.lines())}
        broken = {each.name for each in before.values() if each.outcome not in {DONE, SKIPPED}}
        if self.so_pin is not None and broken & {"user-rules", *_LOCKS}:
            self._ask("unlock")
        if before.get("operations", _NOT_YET).outcome == DONE:
            self.runner.list(self.token, self.pin)  # what is typed on another day may be wrong
        for step in steps:
            if before.get(step.name, _NOT_YET).outcome != DONE:
                self._do(step)

    def _do(self, step: Planned) -> None:
        if self.hands is not None:
            self.hands.begins(step)
        number = self.record.step(step.name, self.token.serial)
        if reason := self._cannot(step):
            self.record.ended(step.name, number, SKIPPED, {"reason": reason})
            return
        try:
            facts = self._own().get(step.name, lambda: self._probed(step.name))()
        except Stopped:
            self.record.ended(step.name, number, SKIPPED, {"reason": "left for later"})
            raise
        except Interrupted:
            raise
        except LockwrightError as error:
            self.record.ended(step.name, number, FAILED, {"reason": f"error {error.code}"})
            if isinstance(error, PinError):
                raise
            return
        self.record.ended(step.name, number, *_judged(step.name, facts))

    def _cannot(self, step: Planned) -> str:
        """Why a step is not done now; empty: it is."""
        if step.hands and self.hands is None:
            return NOBODY
        if step.officer and self.so_pin is None:
            return NO_SO_PIN
        if step.name in _LOCKS:
            seen = record.steps(self.record.lines())
            opened: Facts = next((each.facts for each in seen if each.name == "so-rules"), {})
            told = opened.get("seen", {})
            if "so.login.rv" in told:
                return f"{NO_LOGIN} ({told['so.login.rv']})"
            if "so.restored" not in told:
                return "the SO PIN did not open the token, so what is locked would stay locked"
            if "no" in {told["so.restored"], self._restored(seen)}:
                return "a PIN could not be set back"
        return ""

    @staticmethod
    def _restored(steps: list[Step]) -> str:
        told: Facts = next((each.facts for each in steps if each.name == "user-rules"), {})
        return str(told.get("seen", {}).get("user.restored", "yes"))

    def _own(self) -> Mapping[str, Callable[[], dict[str, Any]]]:
        runner, selector = self.runner, self.selector
        return {
            "operations": lambda: operations.contents(runner, selector, self.pin),
            "pull": self._pulled,
            "response": lambda: operations.response(runner, selector, self.pin),
            "pins": self._pins,
        }

    def _probed(self, name: str) -> dict[str, Any]:
        return self._ask(name).facts

    def _pins(self) -> dict[str, Any]:
        """The adapter sets and changes the user PIN; afterwards it is as it was."""
        assert self.so_pin is not None
        token = self.runner.find(self.selector)
        try:
            facts = operations.pins(self.runner, token, self.pin, self.so_pin)
        finally:
            back = self._probed("unlock")["seen"]
        return {**facts, "seen": {name: back[name] for name in _REFUSED if name in back}}

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
        return self._ask("look")


def _judged(name: str, facts: Facts) -> tuple[str, Facts]:
    """What became of a step that ended, and its facts."""
    seen, reason = facts.get("seen", {}), str(facts.get("reason", ""))
    if reason:
        return SKIPPED if reason.startswith(NOT_OFFERED) else FAILED, facts
    if name == "so-rules" and "so.wrong.rv" in seen:
        return FAILED, {**facts, "reason": "the SO PIN is wrong, and one of its tries is spent"}
    refused = [what for what in _REFUSED if what in seen and name != "tries"]
    if refused:
        reason = ", ".join(f"{what} {seen[what]}" for what in refused)
        return FAILED, {**facts, "reason": f"the token refused it: {reason}"}
    if "no" in {seen.get("user.restored"), seen.get("so.restored")}:
        return FAILED, {**facts, "reason": "a PIN could not be set back"}
    return DONE, facts
